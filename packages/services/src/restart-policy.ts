/** How long to wait before a failed service is started again. Milliseconds. See spec/supervisor 7.4. */
export interface RestartPolicy {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  /** A service that ran this long starts over with the shortest wait. */
  readonly cooldownMs: number;
}

export const DEFAULT_RESTART_POLICY: RestartPolicy = { minBackoffMs: 0, maxBackoffMs: 0, cooldownMs: 300_000 };

/**
 * The next wait: decorrelated jitter between the bounds.
 *
 * @param previousMs - The wait before; undefined for the first failure, or after the cool-down.
 * @param random - A number from 0 to just below 1.
 */
export function nextBackoffMs(policy: RestartPolicy, previousMs: number | undefined, random: number): number {
  const baseMs = Math.min(policy.minBackoffMs, policy.maxBackoffMs);
  if (previousMs === undefined) return baseMs;
  const span = Math.max(0, 3 * previousMs - baseMs);
  return Math.min(policy.maxBackoffMs, baseMs + span * random);
}
