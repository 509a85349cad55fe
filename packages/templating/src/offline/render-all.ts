import { isHabError } from '@hab/core';

import { TemplatingError } from '../errors.ts';
import type { Renderer } from '../renderer.ts';
import type { ConfigTable } from '../values.ts';

/** A template's name and its text for one context. */
export interface RenderedTemplate {
  readonly name: string;
  readonly text: string;
}

/**
 * Renders every template of a renderer to memory. All of them or none: what fails is reported together, so that nobody
 * writes half of a configuration.
 *
 * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_FAILED` whose `cause` is an `AggregateError` of one error a template.
 */
export function renderAll(renderer: Renderer, context: ConfigTable): readonly RenderedTemplate[] {
  const rendered: RenderedTemplate[] = [];
  const failed = new Map<string, Error>();
  for (const name of renderer.names) {
    try {
      rendered.push({ name, text: renderer.render(name, context) });
    } catch (error) {
      if (!isHabError(error)) throw error;
      failed.set(name, error);
    }
  }
  if (failed.size === 0) return rendered;
  throw templatesFailed('render', failed);
}

/**
 * Registers templates, and reports all that do not compile.
 *
 * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_FAILED`, as {@link renderAll}.
 */
export function registerAll(renderer: Renderer, templates: Iterable<RenderedTemplate>): void {
  const failed = new Map<string, Error>();
  for (const { name, text } of templates) {
    try {
      renderer.register(name, text);
    } catch (error) {
      if (!isHabError(error)) throw error;
      failed.set(name, error);
    }
  }
  if (failed.size > 0) throw templatesFailed('compile', failed);
}

/** One error for several templates that do not compile or render, so that all are reported at once. */
export function templatesFailed(step: 'compile' | 'render', failed: ReadonlyMap<string, Error>): TemplatingError {
  const messages = [...failed.values()].map(({ message }) => message);
  const text = `${failed.size === 1 ? 'A template does' : `${failed.size} templates do`} not ${step}; nothing was written\n${messages.join('\n')}`;
  return new TemplatingError('TEMPLATE_DIRECTORY_FAILED', text, {
    details: { failed: [...failed.keys()] },
    cause: new AggregateError(failed.values(), text),
  });
}
