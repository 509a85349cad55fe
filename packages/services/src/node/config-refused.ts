import { ServiceError } from '../errors.ts';
import type { HookResult } from './hook-runner.ts';

/** Lines of the hook's output that an error repeats; its log files have all of them. */
const SHOWN_LINES = 5;

/** Why a configuration is not taken: what the service's own check said last. */
export function configRefused(
  group: string,
  { code, signal, timedOut, stdout, stderr }: HookResult,
): ServiceError<'SERVICE_CONFIG_REFUSED'> {
  const how = timedOut ? 'did not end in time' : code === null ? `was ended by ${signal}` : `ended with status ${code}`;
  const said = (stderr.trim() === '' ? stdout : stderr).trim().split('\n').slice(-SHOWN_LINES).join('\n');
  const text = `the config-check hook of ${group} ${how}${said === '' ? '' : `:\n${said}`}`;
  return new ServiceError('SERVICE_CONFIG_REFUSED', text, {
    details: { code, signal },
    hint: 'Change the configuration; the check is asked again as soon as a file renders differently.',
  });
}
