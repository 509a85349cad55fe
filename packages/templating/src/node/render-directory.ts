import type { AbortOptions } from '@hab/core';

import { registerAll, renderAll } from '../offline/render-all.ts';
import { createRenderer, type RendererOptions } from '../renderer.ts';
import type { ConfigTable } from '../values.ts';
import { readTemplates } from './read-directory.ts';
import { type RenderedSet, type WriteReport, writeRendered } from './write-files.ts';

export interface RenderDirectoryOptions extends Omit<RenderedSet, 'files'>, AbortOptions {
  /** Directory of templates, such as a package's `config`. */
  readonly source: string;
  readonly context: ConfigTable;
  readonly renderer?: RendererOptions | undefined;
}

/**
 * Renders a directory of templates into another: all files or none. Templates include each other by their paths.
 *
 * @throws {@link TemplatingError} as `readTemplates`, `registerAll`, `renderAll` and `writeRendered`.
 */
export async function renderDirectory(options: RenderDirectoryOptions): Promise<WriteReport> {
  const { source, context, signal, renderer: rendererOptions, ...set } = options;
  const renderer = createRenderer(rendererOptions);
  registerAll(renderer, await readTemplates(source, { signal }));
  return writeRendered([{ ...set, files: renderAll(renderer, context) }], { signal });
}
