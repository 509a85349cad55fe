import { isTemplatingError, TemplatingError } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import { parseToml } from '../toml/parse-toml.ts';
import { type ConfigTable, type ConfigValue, isConfigArray, isConfigTable } from '../values.ts';

/** `HAB_REDIS_SENTINEL` for `redis-sentinel`: the variable that holds a package's environment layer. */
export function environmentVariable(packageName: string): string {
  const upper = packageName.replace(/[a-z]/g, (letter) => letter.toUpperCase());
  return `HAB_${upper.replaceAll('-', '_')}`;
}

/**
 * Reads the environment layer: TOML, else a JSON object without nulls. Empty text is an empty layer.
 *
 * @throws {@link TemplatingError} `TEMPLATE_ENVIRONMENT_INVALID`, naming the variable and nothing of its value, which
 *   may hold secrets.
 * @see spec/templating 10
 */
export function parseEnvironmentLayer(packageName: string, value: string): ConfigTable {
  const variable = environmentVariable(packageName);
  const table = tryParse(() => parseToml(value, { source: variable })) ?? tryParse(() => tableOfJson(value, variable));
  if (table !== undefined) return table;
  throw new TemplatingError('TEMPLATE_ENVIRONMENT_INVALID', `${variable} holds neither TOML nor a JSON object`, {
    details: { variable },
    hint: `Try ${variable}='port = 8080'. JSON null has no meaning in configuration.`,
  });
}

function tryParse(parse: () => ConfigTable | undefined): ConfigTable | undefined {
  try {
    return parse();
  } catch (error) {
    if (isTemplatingError(error, 'TEMPLATE_CONFIG_INVALID')) return undefined;
    throw error;
  }
}

function tableOfJson(text: string, variable: string): ConfigTable | undefined {
  const value = parseJson(text, { source: variable });
  return isConfigTable(value) && fitsToml(value) ? value : undefined;
}

function fitsToml(value: ConfigValue): boolean {
  if (typeof value === 'bigint') return value < 2n ** 63n;
  if (isConfigArray(value)) return value.every(fitsToml);
  return isConfigTable(value) ? [...value.values()].every(fitsToml) : value !== null;
}
