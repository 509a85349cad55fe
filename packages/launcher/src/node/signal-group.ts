import type { Clock } from '@hab/core';

import { readStartTicks } from './proc.ts';

/** Sends a signal to a process group, or to the process when it leads none. @returns false when there is neither. */
export function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  if (pid <= 1) throw new Error(`refusing to signal process ${pid}`);
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  return false;
}

/** Steps between looks at a process that is nobody's child any more, so that nothing tells of its end. */
const LOOK_MS = 5;

/**
 * Ends the group of a process that this process did not start: TERM, then KILL.
 *
 * @returns how it ended.
 */
export async function clearProcess(
  { pid, startTicks }: { readonly pid: number; readonly startTicks: number },
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<'exited' | 'killed'> {
  const gone = async (limitMs: number): Promise<boolean> => {
    const end = clock.monotonic() + limitMs;
    while (readStartTicks(pid) === startTicks) {
      if (clock.monotonic() >= end) return false;
      await clock.sleep(LOOK_MS);
    }
    return true;
  };
  signalGroup(pid, 'SIGTERM');
  if (await gone(timeoutMs)) {
    // Members of the group that outlived their leader have no use left either.
    signalGroup(pid, 'SIGKILL');
    return 'exited';
  }
  signalGroup(pid, 'SIGKILL');
  await gone(timeoutMs);
  return 'killed';
}
