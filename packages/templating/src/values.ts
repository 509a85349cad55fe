/**
 * The values of configuration and of template contexts, as exact as TOML: integers and floats stay apart, 64-bit
 * integers keep every digit, dates keep their text, tables keep the order of their keys.
 *
 * - integer: `bigint`; float: `number` (also `1.0`, infinities and NaN)
 * - table: `ReadonlyMap`, so that no key (`__proto__`, `1`) is special
 * - date, time: {@link ConfigDate}
 */
export type ConfigValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | ConfigDate
  | readonly ConfigValue[]
  | ReadonlyMap<string, ConfigValue>;

/** A table: keys in the order they were first written. */
export type ConfigTable = ReadonlyMap<string, ConfigValue>;

/** The four date and time types of TOML. */
export type ConfigDateKind = 'offset-date-time' | 'local-date-time' | 'local-date' | 'local-time';

// A registered symbol: dates made by another copy of this package count, objects that only look alike do not.
const DATE: unique symbol = Symbol.for('@hab/templating/date') as never;

/** A TOML date or time. It is text: offset and every digit of the fraction stay as they were written. */
export interface ConfigDate {
  readonly [DATE]: true;
  readonly kind: ConfigDateKind;
  /** As written in the source. */
  readonly text: string;
}

/** Makes a date of its text, which the caller has checked. */
export function configDate(kind: ConfigDateKind, text: string): ConfigDate {
  return { [DATE]: true, kind, text };
}

/** An empty table that nobody can fill. */
export const EMPTY_TABLE: ConfigTable = new Map<string, ConfigValue>();

export function isConfigTable(value: ConfigValue | undefined): value is ConfigTable {
  return value instanceof Map;
}

export function isConfigArray(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}

export function isConfigDate(value: unknown): value is ConfigDate {
  return typeof value === 'object' && value !== null && DATE in value;
}

/**
 * The spelling of a date in the originals: `T` and `Z` in upper case, nine digits of the fraction at most, no zeros at
 * its end but the first.
 */
export function canonicalDateText(date: ConfigDate): string {
  const text = date.text.toUpperCase().replace(' ', 'T');
  return text.replace(/\.\d+/, (fraction) => fraction.slice(0, 10).replace(/(?<=\d)0+$/, ''));
}

/** Follows keys and array indexes downwards; undefined when a step is missing. */
export function valueAt(value: ConfigValue | undefined, path: readonly string[]): ConfigValue | undefined {
  let current = value;
  for (const step of path) {
    if (isConfigTable(current)) current = current.get(step);
    else if (isConfigArray(current) && /^\d{1,10}$/.test(step)) current = current[Number(step)];
    else return undefined;
  }
  return current;
}

/** Deep equality: integers and floats differ, the order of keys does not matter, NaN equals NaN. */
export function sameValue(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  if (Object.is(a, b)) return true;
  if (isConfigArray(a)) {
    return isConfigArray(b) && a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  }
  if (isConfigTable(a)) {
    if (!isConfigTable(b) || a.size !== b.size) return false;
    for (const [key, value] of a) if (!b.has(key) || !sameValue(value, b.get(key))) return false;
    return true;
  }
  return isConfigDate(a) && isConfigDate(b) && a.kind === b.kind && canonicalDateText(a) === canonicalDateText(b);
}
