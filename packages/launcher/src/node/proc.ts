import { readFileSync } from 'node:fs';

import { listProcesses, readProcessStat } from '@hab/core/node';

/** Field 22 of `/proc/<pid>/stat`; undefined when there is no such process, or only its unreaped remains. */
export function readStartTicks(pid: number): number | undefined {
  return readProcessStat(pid)?.startTicks;
}

/**
 * Whether a process of the group lives. Unreaped remains do not count: whoever inherits them may never look at them.
 * Reads all of `/proc` when the kernel knows the group: not for a hot path.
 */
export function groupLives(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return listProcesses().some((pid) => readProcessStat(pid)?.group === group);
}

/** Changes at every boot, so that records of an earlier one are recognised. */
export function readBootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

/** What this process may do about users, decided by its capabilities, not by its name. See spec/formats 4.1. */
export interface IdentityPowers {
  /** May run children as others and give files to them. */
  readonly switchUser: boolean;
}

const CAP_CHOWN = 1n << 0n;
const CAP_SETGID = 1n << 6n;
const CAP_SETUID = 1n << 7n;

export function readIdentityPowers(): IdentityPowers {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0';
  const needed = CAP_CHOWN | CAP_SETGID | CAP_SETUID;
  if ((BigInt(`0x${effective}`) & needed) !== needed) return { switchUser: false };
  // A private root of an ordinary user shows every capability, yet maps one user only: there is nobody to switch to.
  const ids = readFileSync('/proc/self/uid_map', 'utf8').trim().split('\n');
  return { switchUser: ids.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[2]), 0) > 1 };
}
