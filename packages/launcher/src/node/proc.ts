import { readdirSync, readFileSync } from 'node:fs';

/** Field 22 of `/proc/<pid>/stat`; undefined when there is no such process, or only its unreaped remains. */
export function readStartTicks(pid: number): number | undefined {
  return readStat(pid)?.startTicks;
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
  return readdirSync('/proc').some((name) => /^\d+$/.test(name) && readStat(Number(name))?.group === group);
}

function readStat(pid: number): { readonly group: number; readonly startTicks: number } | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    // Gone, or never there: the kernel says ENOENT or ESRCH.
    return undefined;
  }
  // The command name in parentheses may hold anything, parentheses too; the fields start behind the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { group: Number(fields[2]), startTicks: Number(fields[19]) };
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
