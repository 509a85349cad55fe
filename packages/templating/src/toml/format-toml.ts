import { TemplatingError } from '../errors.ts';
import { formatTomlFloat } from '../numbers.ts';
import { type ConfigTable, type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';
import { formatTomlKey, formatTomlString } from './toml-string.ts';

export interface FormatTomlOptions {
  /**
   * `inline`: as `hab pkg config` and `toToml` print. `lines`: an array of several items one item a line, as the
   * control gateway sends a configuration. @defaultValue 'inline'
   */
  readonly arrays?: 'inline' | 'lines' | undefined;
}

type Arrays = NonNullable<FormatTomlOptions['arrays']>;

/**
 * A whole document ending in a line feed (an empty table gives empty text): in each table first the values in their
 * order, then its sub-tables, a blank line before every header; a table of nothing but tables has no header of its own.
 *
 * @throws {@link TemplatingError} `TEMPLATE_FORMAT_UNSUPPORTED` for null, which TOML does not have.
 * @see spec/templating 7
 */
export function formatToml(table: ConfigTable, options: FormatTomlOptions = {}): string {
  const sections: string[] = [];
  writeTable(table, [], sections, options.arrays ?? 'inline');
  return sections.join('\n');
}

/** One value as it stands after `=`, without a line feed: tables inline. */
export function formatTomlValue(value: ConfigValue): string {
  return inline(value, [], 'inline');
}

function writeTable(
  table: ConfigTable,
  path: readonly string[],
  sections: string[],
  arrays: Arrays,
  header?: string,
): void {
  const values: string[] = [];
  const inner: [string, ConfigTable | readonly ConfigTable[]][] = [];
  for (const [key, value] of table) {
    if (isConfigTable(value) || isTableArray(value)) inner.push([key, value]);
    else values.push(`${formatTomlKey(key)} = ${inline(value, [...path, key], arrays)}\n`);
  }
  const headed = header !== undefined && (header.startsWith('[[') || values.length > 0 || inner.length === 0);
  if (headed) sections.push(`${header}\n${values.join('')}`);
  else if (values.length > 0) sections.push(values.join(''));
  for (const [key, member] of inner) {
    const innerPath = [...path, key];
    const name = innerPath.map(formatTomlKey).join('.');
    if (isConfigTable(member)) writeTable(member, innerPath, sections, arrays, `[${name}]`);
    else for (const item of member) writeTable(item, innerPath, sections, arrays, `[[${name}]]`);
  }
}

function isTableArray(value: ConfigValue): value is readonly ConfigTable[] {
  return isConfigArray(value) && value.length > 0 && value.every((item) => isConfigTable(item));
}

function inline(value: ConfigValue, path: readonly string[], arrays: Arrays): string {
  if (typeof value === 'string') return formatTomlString(value);
  if (typeof value === 'number') return formatTomlFloat(value);
  if (value === null) throw unsupported(path);
  if (isConfigDate(value)) return value.text;
  if (isConfigArray(value)) {
    const items = value.map((item, index) => inline(item, [...path, String(index)], arrays));
    // Four blanks at every depth: the originals do not indent further.
    if (arrays === 'lines' && items.length > 1) return `[\n${items.map((item) => `    ${item},\n`).join('')}]`;
    return `[${items.join(', ')}]`;
  }
  if (!isConfigTable(value)) return String(value);
  if (value.size === 0) return '{}';
  const members = [...value].map(
    ([key, member]) => `${formatTomlKey(key)} = ${inline(member, [...path, key], arrays)}`,
  );
  return `{ ${members.join(', ')} }`;
}

function unsupported(path: readonly string[]): TemplatingError {
  const name = path.join('.');
  const subject = name === '' ? 'The value' : `'${name}'`;
  return new TemplatingError('TEMPLATE_FORMAT_UNSUPPORTED', `${subject} is null or missing, and TOML has no null`, {
    details: { format: 'toml', path: name },
    hint: 'Give it a default in default.toml, or use JSON or YAML.',
  });
}
