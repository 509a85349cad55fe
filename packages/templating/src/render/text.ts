import type { DialectRules } from '../dialect.ts';
import { formatFloat } from '../numbers.ts';
import {
  type ConfigDate,
  type ConfigTable,
  type ConfigValue,
  canonicalDateText,
  isConfigArray,
  isConfigDate,
  isConfigTable,
} from '../values.ts';

/** What `{{x}}` prints. See spec/templating 4. */
export function printedText(value: ConfigValue | undefined, rules: DialectRules): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? formatFloat(value, rules.exponent) : '';
  if (typeof value !== 'object') return String(value);
  if (isConfigArray(value)) {
    const items = value.map((item) => printedText(item, rules));
    return rules.trailingComma ? `[${items.map((item) => `${item}, `).join('')}]` : `[${items.join(', ')}]`;
  }
  return isConfigDate(value) && rules.datesAsText ? value.text : '[object]';
}

/** What `if` takes for true. See spec/templating 4. */
export function isTruthy(value: ConfigValue | undefined, includeZero = false): boolean {
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'string':
      return value !== '';
    case 'bigint':
      return includeZero || value !== 0n;
    case 'number':
      return includeZero ? Number.isFinite(value) : isNormal(value);
    case 'undefined':
      return false;
    default:
      if (value === null) return false;
      if (isConfigArray(value)) return value.length > 0;
      return isConfigTable(value) ? value.size > 0 : true;
  }
}

/** Zero, NaN, infinities (which are null) and subnormal numbers are false. */
const isNormal = (value: number): boolean => Number.isFinite(value) && Math.abs(value) >= 2.2250738585072014e-308;

/** The key under which the originals' JSON shows a date. */
const DATE_KEY = '$__toml_private_datetime';

/** A date as the table that the originals see. */
export function dateTable(date: ConfigDate): ConfigTable {
  return new Map([[DATE_KEY, canonicalDateText(date)]]);
}

/**
 * A value as helpers see it: infinities and NaN are null, and dates are tables where the dialect says so. The same
 * object when there is nothing to change.
 */
export function helperView(value: ConfigValue, rules: DialectRules): ConfigValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  if (isConfigArray(value)) {
    const items = value.map((item) => helperView(item, rules));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (isConfigDate(value)) return rules.datesAsText ? value : dateTable(value);
  let changed = false;
  const members = new Map<string, ConfigValue>();
  for (const [key, member] of value) {
    const view = helperView(member, rules);
    changed ||= view !== member;
    members.set(key, view);
  }
  return changed ? members : value;
}

/** What a value is called in an error. */
export function nameOfType(value: ConfigValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (isConfigArray(value)) return 'a list';
  if (isConfigTable(value)) return 'a table';
  if (isConfigDate(value)) return 'a date';
  if (typeof value === 'bigint') return `the integer ${value}`;
  if (typeof value === 'number') return 'a float';
  return typeof value === 'boolean' ? String(value) : 'a text';
}
