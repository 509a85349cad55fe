import { formatFloat } from '../numbers.ts';
import { utf8Length } from '../text-size.ts';
import { type ConfigTable, type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';
import { formatYamlString, isMultiline } from './yaml-string.ts';

/** A key longer than this, or of several lines, stands behind a question mark. */
const MAX_SIMPLE_KEY_BYTES = 128;

/**
 * A YAML document ending in a line feed, without `---`: two spaces a level, lists at the indentation of their key.
 * See spec/templating 7.
 */
export function formatYaml(value: ConfigValue): string {
  return `${node(value, 0, -2)}\n`;
}

/**
 * @param column - Where a block collection's further lines begin.
 * @param parent - Indentation of the surrounding collection: blocks of text stand two further in.
 */
function node(value: ConfigValue, column: number, parent: number): string {
  if (isConfigTable(value)) return value.size === 0 ? '{}' : mapping(value, column);
  if (isConfigArray(value)) return value.length === 0 ? '[]' : sequence(value, column);
  return scalar(value, parent);
}

function mapping(table: ConfigTable, column: number): string {
  const margin = `\n${' '.repeat(column)}`;
  return [...table].map(([key, value]) => entry(key, value, column)).join(margin);
}

function entry(key: string, value: ConfigValue, column: number): string {
  if (isMultiline(key) || utf8Length(key) > MAX_SIMPLE_KEY_BYTES) {
    const margin = `\n${' '.repeat(column)}`;
    return `? ${scalar(key, column)}${margin}: ${node(value, column + 2, column)}`;
  }
  const name = scalar(key, column);
  if (isConfigTable(value) && value.size > 0) {
    return `${name}:\n${' '.repeat(column + 2)}${mapping(value, column + 2)}`;
  }
  if (isConfigArray(value) && value.length > 0) {
    return `${name}:\n${' '.repeat(column)}${sequence(value, column)}`;
  }
  return `${name}: ${node(value, column, column)}`;
}

function sequence(items: readonly ConfigValue[], column: number): string {
  const margin = `\n${' '.repeat(column)}`;
  return items.map((item) => `- ${node(item, column + 2, column)}`).join(margin);
}

function scalar(value: ConfigValue, parent: number): string {
  if (typeof value === 'number') return formatYamlFloat(value);
  const text = isConfigDate(value) ? value.text : value;
  if (typeof text !== 'string') return String(text);
  const { type, header, lines } = formatYamlString(text);
  if (type === 'line') return lines.join('');
  // At the root a text stands two in, everywhere else two further than the collection around it.
  const margin = ' '.repeat(Math.max(2, parent + 2));
  const body = lines.map((line, index) =>
    isMultiline(line.charAt(0)) || (type === 'quoted' && index === 0) ? line : margin + line,
  );
  if (type === 'quoted') return `'${body.join('')}${isMultiline(lines.at(-1) ?? '') ? margin : ''}'`;
  return `${header}\n${body.join('').replace(/\n$/, '')}`;
}

function formatYamlFloat(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  return formatFloat(value, 'e21');
}
