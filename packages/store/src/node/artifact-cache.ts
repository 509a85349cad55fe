import { chmod, constants, copyFile, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type Layout, type RandomSource, toHex } from '@hab/core';
import { syncDirectory } from '@hab/core/node';
import { artifactName, type FullIdent, type PackageTarget } from '@hab/ident';

import { absentAs } from './system-errors.ts';

/** The place of a release's artifact in the cache. */
export function cachedArtifact(layout: Layout, ident: FullIdent, target: PackageTarget): string {
  return join(layout.artifactCache, artifactName(ident, target));
}

/** A name inside the cache for a file that is still to be checked: nobody finds it there. */
export interface Quarantine extends AsyncDisposable {
  readonly path: string;
  /** Copies a foreign file, so that what is checked is what is kept, whoever writes to the original meanwhile. */
  copyFrom(source: string): Promise<void>;
  /** Gives it its name: it was found good. */
  release(path: string): Promise<void>;
}

const QUARANTINE_PREFIX = '.checking-';
/** What died while checking is removed after that time. */
const QUARANTINE_LIFETIME_MS: number = 24 * 3600 * 1000;
const ARTIFACT_MODE = 0o644;

/** Reserves a name; closing it removes the file unless it was released. */
export function quarantine(layout: Layout, random: RandomSource): Quarantine {
  const path = join(layout.artifactCache, `${QUARANTINE_PREFIX}${toHex(random.bytes(8))}`);
  const remove = (): Promise<void> => absentAs(undefined, () => unlink(path));
  return {
    path,
    async copyFrom(source) {
      await mkdir(layout.artifactCache, { recursive: true });
      try {
        await copyFile(source, path, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
      } catch (error) {
        await remove();
        throw error;
      }
    },
    async release(into) {
      await chmod(path, ARTIFACT_MODE);
      await using handle = await open(path, 'r');
      await handle.sync();
      await rename(path, into);
      await syncDirectory(layout.artifactCache);
    },
    [Symbol.asyncDispose]: remove,
  };
}

/** True when both names are one file. */
export async function isSameFile(a: string, b: string): Promise<boolean> {
  const [x, y] = [await absentAs(undefined, () => stat(a)), await absentAs(undefined, () => stat(b))];
  return x !== undefined && y !== undefined && x.dev === y.dev && x.ino === y.ino;
}

/** Moves a damaged file of the cache out of the way, where its owner can look at it. Later ones replace it. */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged`;
  await rename(path, aside);
  return aside;
}

/** Removes what installs that died left in the cache. */
export async function removeDeadQuarantine(layout: Layout, nowMs: number): Promise<void> {
  for (const name of await absentAs([], () => readdir(layout.artifactCache))) {
    if (!name.startsWith(QUARANTINE_PREFIX) && !name.startsWith('.tmp-')) continue;
    const path = join(layout.artifactCache, name);
    const facts = await absentAs(undefined, () => stat(path));
    if (facts !== undefined && nowMs - facts.mtimeMs > QUARANTINE_LIFETIME_MS)
      await absentAs(undefined, () => unlink(path));
  }
}
