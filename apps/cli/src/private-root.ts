import { spawnSync } from 'node:child_process';
import { mkdirSync, realpathSync, statSync } from 'node:fs';

import { HabError } from '@hab/core';

import { ENTER_ROOT } from './enter-root.ts';

/** The mount point of every root. */
const MOUNT_POINT = '/hab';

export interface PrivateRootRequest {
  /** Folder that becomes `/hab`. */
  readonly directory: string;
  /** Program and arguments to run inside. */
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** True when `/hab` already is that folder: inside the private root, or on a machine where it is the real one. */
export function isInsideRoot(directory: string): boolean {
  const here = identity(MOUNT_POINT);
  return here !== undefined && here === identity(directory);
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

/**
 * Replaces this process by the command, inside a mount namespace in which `directory` is `/hab`; an ordinary user gets a
 * user namespace too. The pid stays, so signals, standard streams and the exit status are the command's own.
 *
 * Who called is settled here, before anything is entered, and handed on in `HAB_ROOT_CALLER`: inside, everybody looks
 * like root. See the specification's decisions 11 and 18.
 *
 * @throws {@link HabError} `CLI_ROOT_UNAVAILABLE` when the machine does not allow it. Never returns otherwise.
 */
export function enterRoot({ directory, command, env }: PrivateRootRequest): never {
  mkdirSync(directory, { recursive: true });
  const root = realpathSync(directory);
  const uid = process.geteuid?.() ?? 0;
  const flags = ['--mount', '--propagation', 'private', ...(uid === 0 ? [] : ['--user', '--map-root-user'])];
  const trial = spawnSync('unshare', [...flags, 'true'], { encoding: 'utf8' });
  if (trial.status !== 0) throw unavailable(root, trial.error?.message ?? trial.stderr.trim());
  const unshare = findProgram('unshare', env['PATH'] ?? '');
  const inside = { ...env, HAB_ROOT: root, HAB_ROOT_CALLER: env['HAB_ROOT_CALLER'] ?? String(uid) };
  const args = ['unshare', ...flags, 'sh', '-c', ENTER_ROOT, 'hab-root', root, process.cwd(), ...command];
  if (process.execve === undefined) throw unavailable(root, 'this Node cannot replace itself (22.15 or newer can)');
  process.execve(unshare, args, withoutUnset(inside));
  throw new Error('execve returned');
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

function unavailable(directory: string, reason: string): HabError<'CLI_ROOT_UNAVAILABLE', { readonly reason: string }> {
  return new HabError(
    'CLI_ROOT_UNAVAILABLE',
    `Cannot give ${directory} a private /hab: this machine does not allow the namespaces it needs (${reason})`,
    {
      details: { reason },
      hint: 'Run as root, allow user namespaces (sysctl kernel.unprivileged_userns_clone=1, user.max_user_namespaces), or leave out --root and use /hab itself.',
    },
  );
}
