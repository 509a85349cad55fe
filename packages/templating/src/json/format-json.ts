import { type ExponentStyle, formatFloat } from '../numbers.ts';
import { type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';

export interface FormatJsonOptions {
  /** Spaces per level; 0 writes everything on one line without spaces. @defaultValue 2 */
  readonly indent?: number | undefined;
  /** @defaultValue 'e+21' */
  readonly exponent?: ExponentStyle | undefined;
}

/**
 * JSON text without a final line feed: integers with every digit, floats with a point, dates as text, infinities and
 * NaN as `null`, anything past ASCII as it is. See spec/templating 7.
 */
export function formatJson(value: ConfigValue, options: FormatJsonOptions = {}): string {
  const { indent = 2, exponent = 'e+21' } = options;
  return write(value, indent, exponent, '');
}

function write(value: ConfigValue, indent: number, exponent: ExponentStyle, margin: string): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return Number.isFinite(value) ? formatFloat(value, exponent) : 'null';
  if (isConfigDate(value)) return JSON.stringify(value.text);
  const inner = margin + ' '.repeat(indent);
  if (isConfigArray(value)) {
    return wrap(
      '[',
      ']',
      value.map((item) => write(item, indent, exponent, inner)),
      margin,
      inner,
    );
  }
  if (isConfigTable(value)) {
    const colon = indent === 0 ? ':' : ': ';
    const members = [...value].map(([key, member]) => {
      return JSON.stringify(key) + colon + write(member, indent, exponent, inner);
    });
    return wrap('{', '}', members, margin, inner);
  }
  return String(value);
}

function wrap(open: string, close: string, items: readonly string[], margin: string, inner: string): string {
  if (items.length === 0) return open + close;
  if (margin === inner) return open + items.join(',') + close;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${margin}${close}`;
}
