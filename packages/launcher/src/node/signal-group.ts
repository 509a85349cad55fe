import type { Clock } from '@hab/core';

import { groupLives, readStartTicks } from './proc.ts';

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
  const exited = await gone(timeoutMs);
  if (!exited) signalGroup(pid, 'SIGKILL');
  // Members of the group that outlived their leader have no use left either.
  await killGroup(pid, { clock, timeoutMs });
  if (!exited) await gone(timeoutMs);
  return exited ? 'exited' : 'killed';
}

/** Kills what lives of a group, and waits until the kernel has done it: nobody must meet what is as good as dead. */
export async function killGroup(
  group: number,
  { clock, timeoutMs }: { readonly clock: Clock; readonly timeoutMs: number },
): Promise<void> {
  if (group <= 1) throw new Error(`refusing to kill group ${group}`);
  try {
    process.kill(-group, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  const end = clock.monotonic() + timeoutMs;
  while (groupLives(group) && clock.monotonic() < end) await clock.sleep(LOOK_MS);
}
