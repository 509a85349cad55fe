import { readdirSync, readFileSync } from 'node:fs';

/** Every process below one, itself first, as the machine tells it now. */
export function processTree(root: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of safeList('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const tree = [root];
  for (let at = 0; at < tree.length; at++) tree.push(...(children.get(tree[at] ?? -1) ?? []));
  return tree;
}

const safeList = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory);
  } catch {
    // A machine without /proc: only the root can be signalled.
    return [];
  }
};

function parentOf(pid: number): number | undefined {
  try {
    // The name, in parentheses, may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ');
    // A zombie is only waiting for its parent to look.
    return fields[0] === 'Z' ? undefined : Number(fields[1]);
  } catch {
    // Gone since the listing.
    return undefined;
  }
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
  return pids.filter((pid) => parentOf(pid) !== undefined);
}
