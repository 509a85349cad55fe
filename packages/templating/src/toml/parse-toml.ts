import parser, { type ValueNode } from 'toml/lib/parser.js';

import { locate, type SourcePosition, TemplatingError } from '../errors.ts';
import { MAX_CONFIG_BYTES, MAX_CONFIG_DEPTH } from '../limits.ts';
import { assertConfigSize } from '../text-size.ts';
import type { ConfigTable, ConfigValue } from '../values.ts';
import { TableBuilder, TomlFault } from './build-tables.ts';

export interface ParseConfigOptions {
  /** Named in errors: a path or `HAB_REDIS`. @defaultValue 'the text' */
  readonly source?: string | undefined;
  /** @defaultValue 1 MiB */
  readonly maxBytes?: number | undefined;
}

/**
 * Reads a TOML document. Integers are exact, floats stay floats, dates keep their text, keys their order.
 *
 * The `toml` package supplies the grammar; the values are built here from its syntax nodes, because its own result
 * loses the offset and fraction of dates and the order of integer-looking keys.
 *
 * @throws {@link TemplatingError} `TEMPLATE_CONFIG_INVALID` with line and column, `TEMPLATE_LIMIT_EXCEEDED`.
 * @see spec/dependencies 6
 */
export function parseToml(text: string, options: ParseConfigOptions = {}): ConfigTable {
  const { source = 'the text', maxBytes = MAX_CONFIG_BYTES } = options;
  assertConfigSize(text, source, maxBytes);
  let table: ConfigTable;
  try {
    table = new TableBuilder(text, MAX_CONFIG_DEPTH).build(syntaxNodes(text));
  } catch (cause) {
    throw invalid(cause, text, source);
  }
  return assertDepth(table, source);
}

function syntaxNodes(text: string): readonly ValueNode[] {
  return parser.parse(text, { maxDepth: MAX_CONFIG_DEPTH });
}

function invalid(cause: unknown, text: string, source: string): TemplatingError {
  const place = positionOf(cause, text);
  const where = place === undefined ? source : `${source}, line ${place.line}, column ${place.column}`;
  const problem = problemOf(cause, text);
  return new TemplatingError('TEMPLATE_CONFIG_INVALID', `${where} is not TOML: ${problem}`, {
    details: { source, format: 'toml', ...place },
    hint: 'Text values need quotes; the only bare words are true, false, inf and nan.',
    cause,
  });
}

/** Words of other formats that people write for true, false and nothing. */
const FOREIGN_WORD = /(?:yes|no|on|off|true|false|none|null|nil)\b/iy;

/** The parser lists all that might have stood there: nobody reads that. */
function problemOf(cause: unknown, text: string): string {
  if (!(cause instanceof Error)) return String(cause);
  if (!('expected' in cause) || !('found' in cause)) return cause.message;
  const { found, location } = cause as { found?: unknown; location?: { start?: { offset?: number } } };
  if (typeof found !== 'string') return 'it ends too early';
  FOREIGN_WORD.lastIndex = location?.start?.offset ?? 0;
  const word = FOREIGN_WORD.exec(text)?.[0];
  if (word === undefined) return `${JSON.stringify(found)} cannot stand here`;
  return `${word} is no value, write true, false or "${word}"`;
}

/** The parser says it in one of two ways: members of the error, or a location. */
function positionOf(error: unknown, text: string): SourcePosition | undefined {
  if (error instanceof TomlFault) {
    const { line, column } = locate(text, error.offset);
    return { line, column };
  }
  if (typeof error !== 'object' || error === null) return undefined;
  const { line, column, location } = error as { line?: unknown; column?: unknown; location?: { start?: object } };
  if (typeof line === 'number' && typeof column === 'number') return { line, column };
  return location?.start === undefined ? undefined : positionOf(location.start, text);
}

/** Arrays and inline tables are limited while parsing, headers and dotted keys too: together they can be deeper. */
function assertDepth(root: ConfigTable, source: string): ConfigTable {
  let level: ConfigValue[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_CONFIG_DEPTH) throw tooDeep(source);
    const next: ConfigValue[] = [];
    for (const value of level) {
      if (!(value instanceof Map) && !Array.isArray(value)) continue;
      for (const member of value.values()) if (member instanceof Map || Array.isArray(member)) next.push(member);
    }
    level = next;
  }
  return root;
}

function tooDeep(source: string): TemplatingError {
  return new TemplatingError('TEMPLATE_LIMIT_EXCEEDED', `${source} nests tables deeper than ${MAX_CONFIG_DEPTH}`, {
    details: { limit: 'configDepth', max: MAX_CONFIG_DEPTH },
  });
}
