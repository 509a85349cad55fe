import { TemplatingError } from './errors.ts';
import { type ConfigTable, type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from './values.ts';

/** JavaScript values that {@link toConfigValue} accepts. */
export type PlainValue =
  | null
  | undefined
  | boolean
  | bigint
  | number
  | string
  | readonly PlainValue[]
  | ConfigValue
  | { readonly [key: string]: PlainValue };

const MAX_DEPTH = 256;

/**
 * Takes over a plain JavaScript value: a whole number in the safe range becomes an integer, any other number a float;
 * members that are `undefined` are left out; values that already are of our kind stay as they are.
 *
 * @throws {@link TemplatingError} `TEMPLATE_VALUE_INVALID` for functions, symbols, integers past 64 bits and nesting
 *   deeper than 256.
 */
export function toConfigValue(value: PlainValue): ConfigValue {
  return convert(value, []);
}

/** {@link toConfigValue} for an object: the usual way to make a render context by hand. */
export function toConfigTable(members: { readonly [key: string]: PlainValue }): ConfigTable {
  return convertMembers(members, []);
}

function convert(value: PlainValue, path: readonly string[]): ConfigValue {
  if (path.length > MAX_DEPTH) throw invalid(path, `nesting deeper than ${MAX_DEPTH}`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? BigInt(value) : value;
    case 'bigint':
      if (BigInt.asIntN(64, value) !== value) throw invalid(path, 'an integer past 64 bits');
      return value;
    case 'object':
      return convertObject(value, path);
    default:
      throw invalid(path, typeof value);
  }
}

function convertObject(value: (Exclude<PlainValue, undefined> & object) | null, path: readonly string[]): ConfigValue {
  if (value === null) return null;
  if (isConfigDate(value)) return value;
  if (value instanceof Map) return convertEntries(value, path);
  if (Array.isArray(value)) {
    return value.map((item: PlainValue, index) => convert(item ?? null, [...path, String(index)]));
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw invalid(path, 'an object that is not plain');
  return convertMembers(value as { readonly [key: string]: PlainValue }, path);
}

function convertMembers(members: { readonly [key: string]: PlainValue }, path: readonly string[]): ConfigTable {
  return convertEntries(Object.entries(members), path);
}

function convertEntries(entries: Iterable<readonly [string, PlainValue]>, path: readonly string[]): ConfigTable {
  const table = new Map<string, ConfigValue>();
  for (const [key, value] of entries) if (value !== undefined) table.set(key, convert(value, [...path, key]));
  return table;
}

function invalid(path: readonly string[], found: string): TemplatingError {
  const where = path.length === 0 ? 'the value' : path.slice(0, 20).join('.');
  return new TemplatingError('TEMPLATE_VALUE_INVALID', `${where} is ${found}, which configuration cannot hold`, {
    details: { path: path.slice(0, 20).join('.'), found },
    hint: 'Use strings, booleans, numbers, arrays and plain objects.',
  });
}

/**
 * The reverse for callers that want plain objects: integers within the safe range become numbers, others stay
 * `bigint`; dates become their text. Tables get a null prototype, so no key is special.
 */
export function toPlainValue(value: ConfigValue): unknown {
  if (typeof value === 'bigint')
    return BigInt(Number(value)) === value && Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (isConfigArray(value)) return value.map(toPlainValue);
  if (isConfigDate(value)) return value.text;
  if (!isConfigTable(value)) return value;
  const members = Object.create(null) as Record<string, unknown>;
  for (const [key, member] of value) members[key] = toPlainValue(member);
  return members;
}
