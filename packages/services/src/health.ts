/** Outcome of a health check. */
export type Health = 'Ok' | 'Warning' | 'Critical' | 'Unknown';

/** A check that is not well is repeated at least this often. */
const UNWELL_INTERVAL_MS = 30_000;

const BY_CODE: readonly Health[] = ['Ok', 'Warning', 'Critical', 'Unknown'];

/** Meaning of a health-check hook's exit status; null when a signal ended it or it never started. */
export function healthOfExit(code: number | null): Health {
  return (code === null ? undefined : BY_CODE[code]) ?? 'Unknown';
}

/** Health of a service without such a hook. */
export function healthOfProcess(up: boolean): Health {
  return up ? 'Ok' : 'Critical';
}

/** HTTP status of `/services/<service>/<group>/health`. See spec/supervisor 12. */
export function httpStatusOfHealth(health: Health): number {
  return { Ok: 200, Warning: 200, Critical: 503, Unknown: 500 }[health];
}

/**
 * Milliseconds to the next check.
 *
 * @param firstOk - True for the first good result since checking began: spreads a fleet's checks.
 * @param random - A number from 0 to just below 1.
 * @see spec/supervisor 7.2
 */
export function nextCheckMs(health: Health, intervalSec: number, firstOk: boolean, random: number): number {
  // An interval of 0 would never pause.
  const intervalMs = Math.max(1, intervalSec) * 1000;
  if (health !== 'Ok') return Math.min(intervalMs, UNWELL_INTERVAL_MS);
  return firstOk ? Math.floor(random * Math.max(1, intervalSec)) * 1000 : intervalMs;
}
