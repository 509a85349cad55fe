import { type ConfigTable, type ConfigValue, isConfigTable } from '../values.ts';

export interface CollectExportsOptions {
  /**
   * `exact`: a path of which any part is missing exports nothing. `original`: a missing part in the middle is skipped,
   * so that `a.b.c` finds `a.c`; the originals do that by mistake. @defaultValue 'exact'
   */
  readonly walk?: 'exact' | 'original' | undefined;
}

/**
 * The part of a configuration that a package shows to its consumers.
 *
 * @param config - All layers merged.
 * @param exports - The package's EXPORTS: exported key to dotted path.
 * @returns One entry for each path that exists, of any type, in the order of `exports`.
 * @see spec/templating 10
 */
export function collectExports(
  config: ConfigTable,
  exports: Iterable<readonly [string, string]>,
  options: CollectExportsOptions = {},
): ConfigTable {
  const exported = new Map<string, ConfigValue>();
  for (const [key, path] of exports) {
    const value = walk(config, path.split('.'), options.walk === 'original');
    if (value !== undefined) exported.set(key, value);
  }
  return exported;
}

function walk(config: ConfigTable, path: readonly string[], skipMissing: boolean): ConfigValue | undefined {
  let table = config;
  for (const part of path.slice(0, -1)) {
    const next = table.get(part);
    if (isConfigTable(next)) table = next;
    else if (!skipMissing || next !== undefined) return undefined;
  }
  return table.get(path.at(-1) ?? '');
}
