import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type FileLock, readProcessStat, removeTree, tryLockFile } from '@hab/core/node';
import { BuildError } from '../errors.ts';
import { BASH_GUARD } from '../generated/bash-runtime.ts';
import type { BuildState } from './build-state.ts';
import { findProgram } from './programs.ts';

/** An installed package whose release is built again. It is put aside, and comes back unless the new one is whole. */
export interface ReplacedPackage {
  /** The new one is whole: the old one goes. */
  commit(): Promise<void>;
  /** The old one comes back, in place of whatever is there now. Nothing happens after `commit`. */
  restore(): Promise<void>;
}

/**
 * Where a package waits: beside its own place, so that a rename moves it, and one level deeper than packages are, so that
 * nobody takes it for one.
 */
const asideOf = (prefix: string): string => join(dirname(prefix), `.hab-build-${basename(prefix)}`);
/** The package that waits, and what it becomes when the new one is whole. */
const WAITING = 'replaced';
const DONE = 'done';

/**
 * Puts back what a build that died left aside.
 *
 * @throws {@link BuildError} `BUILD_METADATA_INVALID` while that build lives.
 */
export async function recoverReplaced(prefix: string): Promise<void> {
  const aside = asideOf(prefix);
  if (!existsSync(aside)) return;
  using _lock = lockAside(prefix);
  if (existsSync(join(aside, WAITING))) {
    await removeTree(prefix);
    await rename(join(aside, WAITING), prefix);
  }
  await removeTree(aside);
}

/** Puts an installed package aside, and has somebody wait who brings it back if this process is killed. */
export async function setAside({ session, environment }: BuildState, prefix: string): Promise<ReplacedPackage> {
  const aside = asideOf(prefix);
  await mkdir(aside, { mode: 0o700 });
  const lock = lockAside(prefix);
  const { pid } = session;
  // Nobody is stopped whose start is not known.
  const started = pid === undefined ? undefined : readProcessStat(pid)?.startTicks;
  const dismiss = startGuard([prefix, aside, String(pid ?? ''), String(started ?? '')], environment);
  await rename(prefix, join(aside, WAITING));
  let over = false;
  const finish = async (): Promise<void> => {
    over = true;
    await dismiss();
    await removeTree(aside);
    lock?.[Symbol.dispose]();
  };
  return {
    async commit() {
      if (over) return;
      await rename(join(aside, WAITING), join(aside, DONE));
      await finish();
    },
    async restore() {
      if (over) return;
      await removeTree(prefix);
      await rename(join(aside, WAITING), prefix);
      await finish();
    },
  };
}

function lockAside(prefix: string): FileLock | undefined {
  let lock: FileLock | undefined;
  try {
    lock = tryLockFile(join(asideOf(prefix), 'LOCK'));
  } catch (error) {
    // A machine without the program that locks: two builds of one second are then the caller's affair.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  if (lock !== undefined) return lock;
  throw new BuildError('BUILD_METADATA_INVALID', `${prefix} is being built by another program at this moment`, {
    details: { status: 1, variable: 'pkg_prefix' },
    hint: 'Wait for that build, or build another release.',
  });
}

/** @returns what sends it home. */
function startGuard(args: readonly string[], environment: BuildState['environment']): () => Promise<void> {
  const path = environment['PATH'] ?? '';
  const bash = findProgram('bash', path);
  if (bash === undefined) throw new Error('the build itself runs in bash');
  const guard = spawn(bash, ['-c', BASH_GUARD, 'hab-build-guard', ...args], {
    cwd: '/',
    env: { PATH: path, LC_ALL: 'C' },
    stdio: ['pipe', 'ignore', 'ignore'],
    // Out of reach of what ends the caller's whole group.
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    guard.once('exit', () => resolve());
    guard.once('error', () => resolve());
  });
  guard.stdin.on('error', () => undefined);
  return async () => {
    guard.stdin.end('done\n');
    await ended;
  };
}
