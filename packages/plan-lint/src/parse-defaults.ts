import { type ConfigTable, isTemplatingError, parseToml } from '@hab/templating';

/** Defaults that do not parse are a finding of their own; everything else is then looked at without them. */
export function tryDefaults(text: string): ConfigTable | undefined {
  try {
    return parseToml(text);
  } catch (error) {
    if (isTemplatingError(error, 'TEMPLATE_CONFIG_INVALID') || isTemplatingError(error, 'TEMPLATE_LIMIT_EXCEEDED')) {
      return undefined;
    }
    throw error;
  }
}
