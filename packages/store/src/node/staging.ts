import { chmod, mkdir, readdir, rename, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Layout, type RandomSource, toHex } from '@hab/core';
import { type FileLock, removeTree, tryLockFile } from '@hab/core/node';
import { type FullIdent, identPieces } from '@hab/ident';

import { STAGING_PREFIX } from './listing.ts';
import { absentAs, systemCodeOf } from './system-errors.ts';

/** A private directory beside the place where its content will be renamed to. */
export interface Staging extends AsyncDisposable {
  readonly directory: string;
  /** Does not exist yet: for whoever fills it. */
  readonly into: string;
}

const LOCK = 'LOCK';
/** Names of staging that is not locked yet. Listings pass over it, cleaning takes it only when it is old. */
const UNLOCKED_PREFIX = `${STAGING_PREFIX}-new-`;
const UNLOCKED_LIFETIME_MS = 60_000;
/** Without a way to tell live staging from dead, it is left alone for that long. */
const UNKNOWN_LIFETIME_MS: number = 24 * 3600 * 1000;
const PACKAGE_PARENT_MODE = 0o755;
const MAX_ATTEMPTS = 5;

/**
 * Makes staging for one release: `.hab-pkg-install-<release>XXXXXX` in the version's directory. It holds a lock that
 * the kernel drops when this process dies, so that the next install knows what to clean.
 */
export async function createStaging(layout: Layout, ident: FullIdent, random: RandomSource): Promise<Staging> {
  const version = dirname(layout.package(ident.origin, ident.name, ident.version, ident.release));
  const fresh = join(version, `${UNLOCKED_PREFIX}${toHex(random.bytes(6))}`);
  await makeFresh(layout, ident, fresh);
  const lock = lockIfPossible(join(fresh, LOCK));
  const directory = join(version, stagingName(ident, random));
  await rename(fresh, directory);
  return {
    directory,
    into: join(directory, 'tree'),
    async [Symbol.asyncDispose]() {
      await removeTree(directory);
      lock?.[Symbol.dispose]();
      await removeEmptyParents(layout, version);
    },
  };
}

/** `.hab-pkg-install-<release>` and six random characters. */
export function stagingName(ident: FullIdent, random: RandomSource): string {
  return `${STAGING_PREFIX}-${ident.release}${toHex(random.bytes(3))}`;
}

/** Directories above a package are made for everybody, whatever the umask; somebody else's stay as they are. */
async function makeFresh(layout: Layout, ident: FullIdent, fresh: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(layout.packages, { recursive: true, mode: PACKAGE_PARENT_MODE });
      let directory = layout.packages;
      for (const piece of identPieces(ident).slice(0, 3)) {
        directory = join(directory, piece);
        const made = await mkdir(directory, { recursive: true, mode: PACKAGE_PARENT_MODE });
        if (made !== undefined) await chmod(directory, PACKAGE_PARENT_MODE);
      }
      await mkdir(fresh, { mode: 0o700 });
      return;
    } catch (error) {
      // Another process may remove a directory that is empty for this moment.
      if (systemCodeOf(error) !== 'ENOENT' || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

/** Removes what dead installs and uninstalls left anywhere below `packages`. Live ones hold their lock. */
export async function removeDeadStaging(layout: Layout, nowMs: number): Promise<void> {
  for (const origin of await directories(layout.packages)) {
    for (const name of await directories(origin)) {
      for (const version of await directories(name)) {
        const names = await absentAs([], () => readdir(version));
        for (const entry of names.filter((entry) => entry.startsWith(STAGING_PREFIX))) {
          if (await isDead(join(version, entry), nowMs)) await removeTree(join(version, entry));
        }
        if (names.length === 0 || names.some((entry) => entry.startsWith(STAGING_PREFIX))) {
          await removeEmptyParents(layout, version);
        }
      }
    }
  }
}

/** Removes a version's directory and those above it, up to `packages`, as far as they are empty. */
export async function removeEmptyParents(layout: Layout, version: string): Promise<void> {
  for (let directory = version; directory !== layout.packages; directory = dirname(directory)) {
    try {
      await rmdir(directory);
    } catch (error) {
      const code = systemCodeOf(error);
      if (code === 'ENOENT') continue;
      if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EACCES' || code === 'EPERM' || code === 'ENOTDIR')
        return;
      throw error;
    }
  }
}

async function isDead(staging: string, nowMs: number): Promise<boolean> {
  const facts = await absentAs(undefined, () => stat(staging));
  if (facts === undefined) return false;
  const ageMs = nowMs - facts.mtimeMs;
  if (staging.includes(`/${UNLOCKED_PREFIX}`)) return ageMs > UNLOCKED_LIFETIME_MS;
  const hasLock = (await absentAs(undefined, () => stat(join(staging, LOCK)))) !== undefined;
  if (!hasLock) return true; // an uninstall that was killed while it removed files
  try {
    const lock = tryLockFile(join(staging, LOCK));
    lock?.[Symbol.dispose]();
    return lock !== undefined;
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return ageMs > UNKNOWN_LIFETIME_MS;
    throw error;
  }
}

/** A machine without the `flock` program installs all the same; its leftovers are cleaned by age. */
function lockIfPossible(path: string): FileLock | undefined {
  try {
    return tryLockFile(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function directories(directory: string): Promise<string[]> {
  const entries = await absentAs([], () => readdir(directory, { withFileTypes: true }));
  return entries.filter((entry) => entry.isDirectory()).map((entry) => join(directory, entry.name));
}
