/** Exit code of a Supervisor that must not be started again: all is well. */
export const EXIT_DONE = 84;
/** Exit code of a Supervisor that must not be started again: an error. */
export const EXIT_FAILED = 86;

/** How a process ended: one of the two is null. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export type SupervisorExitReaction =
  | { readonly type: 'stop'; readonly exitCode: number }
  | { readonly type: 'start-again'; readonly afterMs: number };

/** A Supervisor that dies this often this fast is given a pause between tries. */
const QUICK_DEATH_MS = 1000;

/**
 * What the Launcher does when its Supervisor is gone. Services are untouched unless it stops. See spec/supervisor 10.1
 * and decision 21: a killed Supervisor is replaced too.
 */
export function reactToSupervisorExit(
  exit: ProcessExit,
  livedMs: number,
  everRegistered: boolean,
): SupervisorExitReaction {
  if (exit.code === EXIT_DONE) return { type: 'stop', exitCode: 0 };
  if (exit.code === EXIT_FAILED) return { type: 'stop', exitCode: EXIT_FAILED };
  if (!everRegistered) return { type: 'stop', exitCode: 1 };
  return { type: 'start-again', afterMs: livedMs < QUICK_DEATH_MS ? QUICK_DEATH_MS - livedMs : 0 };
}
