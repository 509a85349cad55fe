import { type ConfigTable, type ConfigValue, isConfigTable } from '../values.ts';

/**
 * Lays mock data over a context: tables merge by key at any depth, anything else replaces, null too. What
 * `hab plan render --mock-data` does. See spec/templating 15.
 */
export function overlayContext(context: ConfigTable, mock: ConfigTable): ConfigTable {
  const result = new Map<string, ConfigValue>(context);
  for (const [key, value] of mock) {
    const below = result.get(key);
    result.set(key, isConfigTable(below) && isConfigTable(value) ? overlayContext(below, value) : value);
  }
  return result;
}
