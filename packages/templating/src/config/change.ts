import {
  type ConfigTable,
  type ConfigValue,
  isConfigArray,
  isConfigDate,
  isConfigTable,
  sameValue,
} from '../values.ts';

/** One value that differs between two configurations; absent where there is none. */
export interface ConfigDifference {
  readonly path: readonly string[];
  readonly before?: ConfigValue | undefined;
  readonly after?: ConfigValue | undefined;
}

/**
 * Compares two configurations value by value; lists and tables that only one side has are compared whole.
 *
 * @returns Differences in the order of `after`, then what only `before` has.
 */
export function compareConfig(before: ConfigTable, after: ConfigTable): readonly ConfigDifference[] {
  return [...differences(before, after, [])];
}

function* differences(before: ConfigTable, after: ConfigTable, path: readonly string[]): Generator<ConfigDifference> {
  for (const [key, value] of after) {
    const old = before.get(key);
    const place = [...path, key];
    if (isConfigTable(old) && isConfigTable(value) && value.size > 0 && old.size > 0) {
      yield* differences(old, value, place);
    } else if (!sameValue(old, value)) yield { path: place, before: old, after: value };
  }
  for (const [key, value] of before) if (!after.has(key)) yield { path: [...path, key], before: value };
}

/** A configuration without a key, and whether it had it. */
export interface KeyRemoval {
  readonly table: ConfigTable;
  readonly found: boolean;
}

/** Takes one key out; a table that is empty without it goes too, for it was only the key's place. */
export function removeConfigKey(table: ConfigTable, [key = '', ...rest]: readonly string[]): KeyRemoval {
  const value = table.get(key);
  if (value === undefined) return { table, found: false };
  const copy = new Map(table);
  if (rest.length === 0) {
    copy.delete(key);
    return { table: copy, found: true };
  }
  if (!isConfigTable(value)) return { table, found: false };
  const inner = removeConfigKey(value, rest);
  if (!inner.found) return { table, found: false };
  if (inner.table.size === 0) copy.delete(key);
  else copy.set(key, inner.table);
  return { table: copy, found: true };
}

/**
 * Paths of a configuration that a package's defaults do not have: often a slip of the keyboard. Nothing is said about
 * what lies below an empty table, which is a place for anything.
 */
export function unknownConfigKeys(table: ConfigTable, defaults: ConfigTable): readonly (readonly string[])[] {
  return [...unknownKeys(table, defaults, [])];
}

function* unknownKeys(
  table: ConfigTable,
  defaults: ConfigTable,
  path: readonly string[],
): Generator<readonly string[]> {
  for (const [key, value] of table) {
    const known = defaults.get(key);
    const place = [...path, key];
    if (known === undefined) yield place;
    else if (isConfigTable(known) && isConfigTable(value) && known.size > 0) yield* unknownKeys(value, known, place);
  }
}

/** A key whose value is of another kind than its default. */
export interface MistypedKey {
  readonly path: readonly string[];
  /** What the default is, such as `a number`. */
  readonly wanted: string;
  readonly found: string;
}

/** Keys whose values are of another kind than those of a package's defaults: templates may not know what to do with them. */
export function mistypedConfigKeys(table: ConfigTable, defaults: ConfigTable): readonly MistypedKey[] {
  return [...mistyped(table, defaults, [])];
}

function* mistyped(table: ConfigTable, defaults: ConfigTable, path: readonly string[]): Generator<MistypedKey> {
  for (const [key, value] of table) {
    const known = defaults.get(key);
    if (known === undefined) continue;
    const place = [...path, key];
    const [wanted, found] = [kindOf(known), kindOf(value)];
    if (wanted !== found) yield { path: place, wanted, found };
    else if (isConfigTable(known) && isConfigTable(value)) yield* mistyped(value, known, place);
  }
}

/** TOML tells integers from floats; whoever writes 1 for 1.5 is not wrong. */
function kindOf(value: ConfigValue): string {
  if (isConfigTable(value)) return 'a table';
  if (isConfigArray(value)) return 'a list';
  if (isConfigDate(value)) return 'a date';
  if (typeof value === 'boolean') return 'true or false';
  return typeof value === 'string' ? 'a text' : 'a number';
}
