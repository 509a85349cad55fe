import { compareByteOrder } from '@hab/ident';

import { parseJsonNumber } from '../numbers.ts';
import { type ConfigValue, isConfigArray, isConfigTable } from '../values.ts';

/** Equality as JSON sees it: 5 is not 5.0, a missing value is null, the order of keys does not matter. */
export function jsonEquals(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  if (a === undefined || a === null) return b === undefined || b === null;
  if (isConfigArray(a)) {
    return isConfigArray(b) && a.length === b.length && a.every((item, index) => jsonEquals(item, b[index]));
  }
  if (!isConfigTable(a)) return a === b;
  if (!isConfigTable(b) || a.size !== b.size) return false;
  for (const [key, value] of a) if (!b.has(key) || !jsonEquals(value, b.get(key))) return false;
  return true;
}

/**
 * Orders two numbers, two texts (by bytes), two booleans, or a number and a text that is a JSON number.
 *
 * @returns undefined when they cannot be ordered: every comparison is false then.
 */
export function jsonCompare(a: ConfigValue | undefined, b: ConfigValue | undefined): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return compareByteOrder(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const left = numberOf(a);
  const right = numberOf(b);
  if (left === undefined || right === undefined || (typeof a === 'string' && typeof b === 'string')) return undefined;
  // An integer and a float compare by their exact values.
  return left < right ? -1 : left > right ? 1 : 0;
}

function numberOf(value: ConfigValue | undefined): bigint | number | undefined {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  return typeof value === 'string' ? parseJsonNumber(value) : undefined;
}
