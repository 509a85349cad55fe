import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

export interface EnterRequest {
  /** Shell text that mounts, and becomes the command that it finds among its arguments. */
  readonly script: string;
  /** Name of the script in its messages, and what it works with. */
  readonly args: readonly string[];
  /** Command that succeeds where the machine allows what the script needs. @defaultValue one that needs nothing more */
  readonly trial?: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Replaces this process by a script in a mount namespace of its own; an ordinary user gets a user namespace too. The pid
 * stays, so signals, standard streams and the exit status are those of what the script becomes.
 *
 * Who called is settled here, before anything is entered, and handed on in `HAB_ROOT_CALLER`: inside, everybody looks
 * like root. See the specification's decision 18.
 *
 * @returns why the machine does not allow it; otherwise it does not return.
 */
export function enterMounts({ script, args, trial = ['true'], env }: EnterRequest): string {
  const uid = process.geteuid?.() ?? 0;
  const flags = ['--mount', '--propagation', 'private', ...(uid === 0 ? [] : ['--user', '--map-root-user'])];
  const tried = spawnSync('unshare', [...flags, ...trial], { encoding: 'utf8' });
  if (tried.status !== 0) return tried.error?.message ?? tried.stderr.trim();
  if (process.execve === undefined) return 'this Node cannot replace itself (22.15 or newer can)';
  const inside = { ...env, HAB_ROOT_CALLER: env['HAB_ROOT_CALLER'] ?? String(uid) };
  const unshare = findProgram('unshare', env['PATH'] ?? '');
  process.execve(unshare, ['unshare', ...flags, 'sh', '-c', script, ...args], withoutUnset(inside));
  throw new Error('execve returned');
}

/** True when both paths lead to one directory, through whatever mounts. */
export function isSamePlace(one: string, other: string): boolean {
  const here = identity(one);
  return here !== undefined && here === identity(other);
}

function identity(path: string): string | undefined {
  try {
    const { dev, ino } = statSync(path);
    return `${dev}:${ino}`;
  } catch {
    // Not there, or not ours to see: not the same place.
    return undefined;
  }
}

function findProgram(name: string, path: string): string {
  for (const directory of [...path.split(':'), '/usr/bin', '/bin']) {
    const candidate = `${directory}/${name}`;
    if (directory !== '' && identity(candidate) !== undefined) return candidate;
  }
  return name;
}

function withoutUnset(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}
