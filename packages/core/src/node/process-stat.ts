import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel says of a process that lives. */
export interface ProcessStat {
  readonly parent: number;
  readonly group: number;
  /** Clock ticks from boot to its start: with the pid, they tell it from a later process of the same number. */
  readonly startTicks: number;
}

/** Reads `/proc/<pid>/stat`; undefined when there is no such process, or only its unreaped remains. See proc(5). */
export function readProcessStat(pid: number): ProcessStat | undefined {
  let stat: string;
  try {
    // A command name is bytes, in any encoding.
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // Gone, or never there: the kernel says ENOENT or ESRCH. A machine without /proc tells of nobody.
    return undefined;
  }
  // The command name in parentheses may hold anything, parentheses too; the fields start behind the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { parent: Number(fields[1]), group: Number(fields[2]), startTicks: Number(fields[19]) };
}

/** Every process that `/proc` lists, unreaped remains among them; nobody on a machine without it. */
export function listProcesses(): readonly number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}
