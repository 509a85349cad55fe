import type { AbortOptions } from './abort.ts';

/** The only source of time. Injected, so that tests and reproducible output own it. */
export interface Clock {
  /** Milliseconds since the epoch, for stamps that leave the process. */
  now(): number;
  /** Milliseconds of a clock that never jumps, for durations. */
  monotonic(): number;
  /** Waits; rejects with the signal's reason when aborted. */
  sleep(ms: number, options?: AbortOptions): Promise<void>;
}

/** `YYYYMMDDhhmmss` in UTC: a release, a key revision. */
export function formatRelease(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace(/[-:T]/g, '');
}
