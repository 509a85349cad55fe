import { listProcesses, readProcessStat } from '@hab/core/node';

/** Every process below one, itself first, as the machine tells it now. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const pid of listProcesses()) {
    const parent = readProcessStat(pid)?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const tree = [root];
  for (let at = 0; at < tree.length; at++) tree.push(...(children.get(tree[at] ?? -1) ?? []));
  return tree;
}

/**
 * Signals a process and everything below it: bash runs its trap only when its child has ended.
 *
 * @returns whom it found.
 */
export function signalTree(root: number, signal: NodeJS.Signals): readonly number[] {
  const pids = processTree(root);
  signalAll(pids, signal);
  return pids;
}

/** Signals those that are still there. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // Gone since the listing.
    }
  }
}

/** Those that still run. */
export function stillAlive(pids: readonly number[]): readonly number[] {
  return pids.filter((pid) => readProcessStat(pid) !== undefined);
}
