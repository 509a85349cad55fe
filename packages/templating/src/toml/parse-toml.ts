import compiler from 'toml/lib/compiler.js';
import parser, { type ValueNode } from 'toml/lib/parser.js';

import { TemplatingError } from '../errors.ts';
import { MAX_CONFIG_BYTES, MAX_CONFIG_DEPTH } from '../limits.ts';
import { assertConfigSize } from '../text-size.ts';
import { type ConfigDateKind, type ConfigTable, type ConfigValue, configDate } from '../values.ts';

export interface ParseConfigOptions {
  /** Named in errors: a path or `HAB_REDIS`. @defaultValue 'the text' */
  readonly source?: string | undefined;
  /** @defaultValue 1 MiB */
  readonly maxBytes?: number | undefined;
}

type MutableTable = Map<string, ConfigValue>;

/**
 * Reads a TOML document. Integers are exact, floats stay floats, dates keep their text, keys their order.
 *
 * The `toml` package supplies the grammar and the rules about redefinition; the values are built here from its syntax
 * nodes, because its own result loses the offset and fraction of dates and the order of integer-looking keys.
 *
 * @throws {@link TemplatingError} `TEMPLATE_CONFIG_INVALID` with line and column, `TEMPLATE_LIMIT_EXCEEDED`.
 * @see spec/dependencies 6
 */
export function parseToml(text: string, options: ParseConfigOptions = {}): ConfigTable {
  const { source = 'the text', maxBytes = MAX_CONFIG_BYTES } = options;
  assertConfigSize(text, source, maxBytes);
  return build(parse(text, source), text, source);
}

function parse(text: string, source: string): readonly ValueNode[] {
  try {
    const nodes = parser.parse(text, { maxDepth: MAX_CONFIG_DEPTH });
    compiler.compile(nodes, text, { bigint: true });
    return nodes;
  } catch (cause) {
    throw invalid(cause, source);
  }
}

function invalid(cause: unknown, source: string): TemplatingError {
  const { line, column } = positionOf(cause);
  const where = line === undefined ? source : `${source}, line ${line}, column ${column ?? 1}`;
  const problem = cause instanceof Error ? cause.message : String(cause);
  return new TemplatingError('TEMPLATE_CONFIG_INVALID', `${where} is not TOML: ${problem}`, {
    details: { source, format: 'toml', ...(line === undefined ? {} : { line, column: column ?? 1 }) },
    hint: 'Text values need quotes; the only bare words are true, false, inf and nan.',
    cause,
  });
}

function positionOf(error: unknown): { line?: number; column?: number } {
  if (typeof error !== 'object' || error === null) return {};
  const { line, column, location } = error as { line?: unknown; column?: unknown; location?: { start?: object } };
  if (typeof line === 'number' && typeof column === 'number') return { line, column };
  return location?.start === undefined ? {} : positionOf(location.start);
}

/** The compiler above has proven that no key is redefined, so every step finds a table or nothing. */
function build(nodes: readonly ValueNode[], text: string, source: string): ConfigTable {
  const root: MutableTable = new Map();
  let current = root;
  for (const node of nodes) {
    if (node.type === 'Assign') assign(current, keysOf(node), toValue(node.value as ValueNode, text, source), source);
    else if (node.type === 'ObjectPath') current = descend(root, node.value as string[], source);
    else if (node.type === 'ArrayPath') current = append(root, node.value as string[], source);
  }
  return assertDepth(root, source);
}

const keysOf = (node: ValueNode): readonly string[] => (Array.isArray(node.key) ? node.key : [String(node.key)]);

function assign(table: MutableTable, keys: readonly string[], value: ConfigValue, source: string): void {
  const last = keys.at(-1) ?? '';
  descend(table, keys.slice(0, -1), source).set(last, value);
}

/** Walks down, making the tables that are missing; a path through an array of tables means its newest element. */
function descend(table: MutableTable, path: readonly string[], source: string): MutableTable {
  if (path.length > MAX_CONFIG_DEPTH) throw tooDeep(source);
  let current = table;
  for (const key of path) {
    let next = current.get(key);
    if (Array.isArray(next)) next = next.at(-1);
    if (!(next instanceof Map)) {
      next = new Map<string, ConfigValue>();
      current.set(key, next);
    }
    // Every table met here was made by this module and is not shared yet.
    current = next as MutableTable;
  }
  return current;
}

function append(root: MutableTable, path: readonly string[], source: string): MutableTable {
  const parent = descend(root, path.slice(0, -1), source);
  const name = path.at(-1) ?? '';
  const table: MutableTable = new Map();
  const existing = parent.get(name);
  if (Array.isArray(existing)) existing.push(table);
  else parent.set(name, [table]);
  return table;
}

const DATE_KINDS: Readonly<Record<string, ConfigDateKind>> = {
  Date: 'offset-date-time',
  LocalDateTime: 'local-date-time',
  LocalDate: 'local-date',
  LocalTime: 'local-time',
};
const DATE_TEXT = /(?:\d{4}-\d\d-\d\d(?:[Tt ](?=\d\d:))?)?(?:\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?)?/y;

function toValue(node: ValueNode, text: string, source: string): ConfigValue {
  const kind = DATE_KINDS[node.type];
  if (kind !== undefined) {
    DATE_TEXT.lastIndex = node.offset;
    return configDate(kind, DATE_TEXT.exec(text)?.[0] ?? String(node.value));
  }
  if (node.type === 'Array') return (node.value as ValueNode[]).map((item) => toValue(item, text, source));
  if (node.type !== 'InlineTable') return node.value as bigint | number | boolean | string;
  const table: MutableTable = new Map();
  for (const member of node.value as ValueNode[]) {
    assign(table, keysOf(member), toValue(member.value as ValueNode, text, source), source);
  }
  return table;
}

/** Arrays and inline tables are limited while parsing, headers and dotted keys here: together they can be deeper. */
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
