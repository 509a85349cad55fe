import { type ConfigTable, type ConfigValue, isConfigTable, sameValue } from '../values.ts';

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
