import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { readTemplates, type TemplateSource } from '@hab/templating/node';

import { failed } from './errors.ts';
import { unexecutableHooks } from './hook-modes.ts';
import { NO_PLAN, type PlanMetadata, readPlanMetadata } from './plan-metadata.ts';

/** Folders of templates in a plan and in a package. */
export const TEMPLATE_FOLDERS = ['config', 'config_install', 'hooks'] as const;
export type TemplateFolder = (typeof TEMPLATE_FOLDERS)[number];

/** Everything of a plan that tools look at without running it. */
export interface PlanSources {
  /** Folder of `plan.sh`. */
  readonly directory: string;
  readonly metadata: PlanMetadata;
  /** Text of `default.toml`; undefined when there is none. */
  readonly defaults: string | undefined;
  /** Names are paths below their folders; hooks without the extension of their files. */
  readonly templates: ReadonlyMap<TemplateFolder, readonly TemplateSource[]>;
  /** Hooks that nobody may execute as they lie there, by name; none where that is the custom of the plans around. */
  readonly unexecutable: readonly string[];
}

/** Reads a plan: `plan.sh` in a folder, or in `habitat/` of it. Folders without one are taken when they have templates. */
export async function readPlanSources(path: string): Promise<PlanSources> {
  const directory = await planDirectory(path);
  const plan = join(directory, 'plan.sh');
  const metadata = (await isFile(plan)) ? await readPlanMetadata(plan) : NO_PLAN;
  const templates = await readTemplateFolders(directory);
  const defaults = await readOptional(join(directory, 'default.toml'));
  return { directory, metadata, defaults, templates, unexecutable: (await unexecutableHooks(directory)).map(hookName) };
}

async function planDirectory(path: string): Promise<string> {
  const start = basename(path) === 'plan.sh' ? dirname(path) : path;
  for (const directory of [start, join(start, 'habitat')]) {
    for (const name of ['plan.sh', 'default.toml']) if (await isFile(join(directory, name))) return directory;
  }
  throw failed(`There is no plan in ${path}`, 'Give the folder of plan.sh, or the one above its habitat folder.');
}

/** The templates of a plan, or of an installed package. */
export async function readTemplateFolders(
  directory: string,
): Promise<ReadonlyMap<TemplateFolder, readonly TemplateSource[]>> {
  const folders = new Map<TemplateFolder, readonly TemplateSource[]>();
  for (const folder of TEMPLATE_FOLDERS) {
    const found = await readTemplates(join(directory, folder), { recursive: folder !== 'hooks' });
    folders.set(folder, folder === 'hooks' ? found.map(({ name, text }) => ({ name: hookName(name), text })) : found);
  }
  return folders;
}

/** A build takes the last extension off. */
function hookName(file: string): string {
  const dot = file.lastIndexOf('.');
  return dot > 0 ? file.slice(0, dot) : file;
}

export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

async function readOptional(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
