import type { Clock } from '@hab/core';
import type { BuildState } from './build-state.ts';
import { signalAll, signalTree, stillAlive } from './process-tree.ts';

/** Waits between telling a plan to stop, and before killing it, in milliseconds. */
const STOP_WAITS_MS = [100, 400, 1500, 3000, 5000];

/** Longest wait for what such a plan left in the background, and between looks at it, in milliseconds. */
const END_GRACE_MS = 1000;
const END_POLL_MS = 20;

/** Passes the caller's wish to stop on to bash and to whatever it runs. */
export function obeySignal(state: BuildState): () => Promise<void> {
  const { signal } = state;
  if (signal === undefined) return () => Promise.resolve();
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping = stopBuild(state, stopSignal(signal));
  };
  signal.addEventListener('abort', stop, { once: true });
  return async () => {
    signal.removeEventListener('abort', stop);
    await stopping;
  };
}

async function stopBuild(state: BuildState, name: NodeJS.Signals): Promise<void> {
  const { session, world } = state;
  const { pid } = session;
  if (pid === undefined) return;
  const over = new AbortController();
  void session.ended.then(() => over.abort());
  const children = new Set<number>();
  try {
    for (const waitMs of STOP_WAITS_MS) {
      // Again for a command that began just then; not once bash is cleaning up, which must not be disturbed.
      if (state.stop === undefined) for (const each of signalTree(pid, name)) children.add(each);
      await world.clock.sleep(waitMs, { signal: over.signal });
    }
    signalTree(pid, 'SIGKILL');
  } catch (error) {
    if (!over.signal.aborted) throw error;
  }
  children.delete(pid);
  await endAll([...children], world.clock);
}

/** Programs that outlive the build that was stopped: those in the background of a shell do not hear an interrupt. */
async function endAll(pids: readonly number[], clock: Clock): Promise<void> {
  for (const name of ['SIGTERM', 'SIGKILL'] as const) {
    signalAll(stillAlive(pids), name);
    for (let waitedMs = 0; waitedMs < END_GRACE_MS && stillAlive(pids).length > 0; waitedMs += END_POLL_MS) {
      await clock.sleep(END_POLL_MS);
    }
  }
}

/** The signal that stopped the caller, as its reason names it; SIGTERM otherwise. */
export function stopSignal(signal: AbortSignal): 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGTERM' {
  const name = signal.reason instanceof Error ? signal.reason.message : '';
  return name === 'SIGINT' || name === 'SIGHUP' || name === 'SIGQUIT' ? name : 'SIGTERM';
}
