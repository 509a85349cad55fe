import { HabError, isHabError } from '@hab/core';

/** A place in a template or configuration text. Lines and columns count from 1, columns in UTF-16 units. */
export interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

/** What a template error carries: where, and the line with a caret under the column. */
export interface TemplateFault extends SourcePosition {
  /** Name under which the template was registered. */
  readonly template: string;
  /** The source line, a line feed and a caret under the column; long lines are cut around it. */
  readonly excerpt: string;
}

/** What was exceeded: see {@link TemplateLimits} and {@link ConfigLimits}. */
export type LimitName =
  | 'sourceBytes'
  | 'nesting'
  | 'tagArguments'
  | 'partialDepth'
  | 'outputCharacters'
  | 'steps'
  | 'work'
  | 'configBytes'
  | 'configDepth'
  | 'directoryEntries'
  | 'directoryBytes';

/** One entry per code: what `details` carries. A new code is a minor release; a removed or changed one is major. */
export interface TemplatingErrorDetails {
  /** The template's text does not follow the grammar of its dialect. */
  TEMPLATE_COMPILE_FAILED: TemplateFault;
  /** A template that compiled could not be rendered with this context. */
  TEMPLATE_RENDER_FAILED: TemplateFault & { readonly helper?: string | undefined };
  /** A limit of this library was reached: a template or a configuration is too large, too deep or never ends. */
  TEMPLATE_LIMIT_EXCEEDED: Partial<TemplateFault> & { readonly limit: LimitName; readonly max: number };
  /** No template of that name was registered. */
  TEMPLATE_UNKNOWN: { readonly template: string };
  /** A value is outside what configuration can hold. */
  TEMPLATE_VALUE_INVALID: { readonly path: string; readonly found: string };
  /** TOML or JSON text that cannot be read. */
  TEMPLATE_CONFIG_INVALID: Partial<SourcePosition> & { readonly source: string; readonly format: 'toml' | 'json' };
  /** `HAB_<NAME>` holds neither TOML nor a JSON object. */
  TEMPLATE_ENVIRONMENT_INVALID: { readonly variable: string };
  /** Two layers share more nested tables than may be merged. */
  TEMPLATE_MERGE_TOO_DEEP: { readonly layer: string; readonly max: number };
  /** A value cannot be written in the format asked for, such as null in TOML. */
  TEMPLATE_FORMAT_UNSUPPORTED: { readonly format: 'toml' | 'yaml' | 'json'; readonly path: string };
  /** A directory of templates holds something that cannot be one. */
  TEMPLATE_DIRECTORY_INVALID: { readonly path: string; readonly reason: 'encoding' | 'escape' | 'unreadable' | 'name' };
  /** Several templates belong together and one at least failed; `cause` has each one's error. */
  TEMPLATE_DIRECTORY_FAILED: { readonly failed: readonly string[] };
  /** Rendered files could not be written; what was changed has been put back. */
  TEMPLATE_WRITE_FAILED: { readonly path: string };
}
export type TemplatingErrorCode = keyof TemplatingErrorDetails;

/** The only error class of this package. Tell errors apart with {@link isTemplatingError}. */
export class TemplatingError<C extends TemplatingErrorCode = TemplatingErrorCode> extends HabError<
  C,
  TemplatingErrorDetails[C]
> {
  override readonly name = 'TemplatingError';
}

/** True for an error of this package with that code, of any copy of the package. */
export function isTemplatingError<C extends TemplatingErrorCode>(value: unknown, code: C): value is TemplatingError<C> {
  return isHabError(value, code);
}

const EXCERPT_WIDTH = 120;

/** Turns an offset into a line, a column and the excerpt that an error shows. */
export function locate(source: string, offset: number): SourcePosition & { readonly excerpt: string } {
  const at = Math.min(Math.max(offset, 0), source.length);
  let line = 1;
  let lineStart = 0;
  for (let next = source.indexOf('\n'); next !== -1 && next < at; next = source.indexOf('\n', next + 1)) {
    line++;
    lineStart = next + 1;
  }
  let lineEnd = source.indexOf('\n', lineStart);
  if (lineEnd === -1) lineEnd = source.length;
  if (source.charCodeAt(lineEnd - 1) === 13) lineEnd--;
  const column = at - lineStart + 1;
  const from = Math.max(lineStart, at - EXCERPT_WIDTH / 2);
  const text = source.slice(from, Math.min(Math.max(lineEnd, from), from + EXCERPT_WIDTH)).replaceAll('\t', ' ');
  return { line, column, excerpt: `${text}\n${' '.repeat(Math.max(0, at - from))}^` };
}
