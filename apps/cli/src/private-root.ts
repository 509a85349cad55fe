import { mkdirSync, realpathSync } from 'node:fs';

import { HabError } from '@hab/core';
import { enterMounts, isSamePlace } from './enter-mounts.ts';
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
  return isSamePlace(MOUNT_POINT, directory);
}

/**
 * Replaces this process by the command, inside a mount namespace in which `directory` is `/hab`; an ordinary user gets a
 * user namespace too. The pid stays, so signals, standard streams and the exit status are the command's own.
 *
 * See the specification's decision 11.
 *
 * @throws {@link HabError} `CLI_ROOT_UNAVAILABLE` when the machine does not allow it. Never returns otherwise.
 */
export function enterRoot({ directory, command, env }: PrivateRootRequest): never {
  mkdirSync(directory, { recursive: true });
  const root = realpathSync(directory);
  const reason = enterMounts({
    script: ENTER_ROOT,
    args: ['hab-root', root, process.cwd(), ...command],
    env: { ...env, HAB_ROOT: root },
  });
  throw unavailable(root, reason);
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
