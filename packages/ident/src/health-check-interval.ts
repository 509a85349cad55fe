import { rejected } from './errors.ts';

/** Seconds between two health checks of a service that names none. */
export const DEFAULT_HEALTH_CHECK_INTERVAL_SEC = 30;

/**
 * Reads whole seconds.
 *
 * @throws {@link IdentError} `IDENT_HEALTH_CHECK_INTERVAL_INVALID` for anything but an unsigned number up to 2^53 - 1.
 * @see spec/formats, 3.2
 */
export function parseHealthCheckInterval(text: string): number {
  const seconds = /^\+?[0-9]{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(seconds)) return seconds;
  throw rejected(
    'IDENT_HEALTH_CHECK_INTERVAL_INVALID',
    'Invalid health-check interval',
    text,
    'Give whole seconds, 0 or more.',
  );
}

/** `(30s)` */
export function formatHealthCheckInterval(seconds: number): string {
  return `(${seconds}s)`;
}
