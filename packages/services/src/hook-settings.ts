import { type ConfigPrecedence, isTemplateDialect, TEMPLATE_DIALECTS, type TemplateDialect } from '@hab/templating';

import { ServiceError } from './errors.ts';
import { HOOK_TIMEOUT_MS, type HookTimeouts, type TimedHook } from './hooks.ts';

/** How hooks and configuration are rendered, and how long hooks may take: the same whoever runs them. */
export interface HookSettings {
  readonly precedence: ConfigPrecedence;
  readonly dialect: TemplateDialect;
  readonly hookTimeoutsMs: HookTimeouts;
}

const PRECEDENCES: readonly ConfigPrecedence[] = ['default', 'original'];

/** Timers hold no more milliseconds. */
const MAX_TIMEOUT_SECONDS = 2_147_483;

const isTimedHook = (name: string): name is TimedHook => Object.hasOwn(HOOK_TIMEOUT_MS, name);

/**
 * Adds one `HOOK=SECONDS` to the limits so far.
 *
 * @throws {@link ServiceError} `SERVICE_SETTING_INVALID`.
 */
export function parseHookTimeout(text: string, limits: HookTimeouts): HookTimeouts {
  const [, hook = '', digits = ''] = /^([a-z-]{1,20})=([0-9]{1,7})$/.exec(text) ?? [];
  const limitSeconds = Number(digits);
  if (!isTimedHook(hook) || limitSeconds < 1 || limitSeconds > MAX_TIMEOUT_SECONDS) {
    const hooks = Object.keys(HOOK_TIMEOUT_MS).join(', ');
    throw invalid('hook time limit', `It is no HOOK=SECONDS with one of ${hooks}; run has no limit.`);
  }
  return { ...limits, [hook]: limitSeconds * 1000 };
}

/** Reads `HOOK=SECONDS,…`. @throws {@link ServiceError} `SERVICE_SETTING_INVALID`. */
export function parseHookTimeouts(text: string): HookTimeouts {
  return text.split(',').reduce<HookTimeouts>((limits, part) => parseHookTimeout(part, limits), HOOK_TIMEOUT_MS);
}

/** @throws {@link ServiceError} `SERVICE_SETTING_INVALID`. */
export function parseTemplateDialect(text: string): TemplateDialect {
  if (isTemplateDialect(text)) return text;
  throw invalid('template dialect', `It is none of ${TEMPLATE_DIALECTS.join(', ')}.`);
}

/** @throws {@link ServiceError} `SERVICE_SETTING_INVALID`. */
export function parseConfigPrecedence(text: string): ConfigPrecedence {
  const found = PRECEDENCES.find((word) => word === text);
  if (found === undefined) throw invalid('configuration precedence', `It is none of ${PRECEDENCES.join(', ')}.`);
  return found;
}

/**
 * What the environment says of hooks: `HAB_HOOK_TIMEOUTS`, `HAB_TEMPLATE_DIALECT`, `HAB_CONFIG_PRECEDENCE`.
 *
 * @param env - Empty values count as unset.
 * @param onInvalid - Told of each value that makes no sense; the default counts then.
 */
export function readHookSettings(
  env: Readonly<Record<string, string | undefined>>,
  onInvalid: (message: string) => void,
): HookSettings {
  const read = <T>(variable: string, parse: (text: string) => T, preset: T): T => {
    const text = env[variable];
    if (text === undefined || text === '') return preset;
    try {
      return parse(text);
    } catch (error) {
      onInvalid(`${variable} is not used: ${error instanceof Error ? error.message : String(error)}`);
      return preset;
    }
  };
  return {
    precedence: read('HAB_CONFIG_PRECEDENCE', parseConfigPrecedence, 'default'),
    dialect: read('HAB_TEMPLATE_DIALECT', parseTemplateDialect, 'documented'),
    hookTimeoutsMs: read('HAB_HOOK_TIMEOUTS', parseHookTimeouts, HOOK_TIMEOUT_MS),
  };
}

function invalid(setting: string, message: string): ServiceError<'SERVICE_SETTING_INVALID'> {
  return new ServiceError('SERVICE_SETTING_INVALID', message, { details: { setting } });
}
