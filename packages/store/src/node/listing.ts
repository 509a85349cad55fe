import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AbortOptions, isHabError } from '@hab/core';
import { compareByParts, type FullIdent, type PackageIdent, type PackageTarget } from '@hab/ident';

import { readMetafile } from './metafile-reader.ts';
import { absentAs } from './system-errors.ts';

/** How directories of unfinished installs and uninstalls begin. The originals pass over them, too. */
export const STAGING_PREFIX = '.hab-pkg-install';

/** Which packages to list: all of an origin, those that an identifier fits, or with nothing given all. */
export type ListFilter = Partial<PackageIdent>;

/**
 * Installed packages below `packages`: directories at exactly four levels whose `TARGET` is the wanted one. Links to
 * directories are followed.
 *
 * @returns By parts; empty when nothing is there.
 * @see spec/formats, 11.1
 */
export async function listPackages(
  packages: string,
  target: PackageTarget,
  filter: ListFilter,
  { signal }: AbortOptions = {},
): Promise<FullIdent[]> {
  const found: FullIdent[] = [];
  for (const origin of await names(packages, filter.origin)) {
    for (const name of await names(join(packages, origin), filter.name)) {
      for (const version of await names(join(packages, origin, name), filter.version)) {
        signal?.throwIfAborted();
        const directory = join(packages, origin, name, version);
        for (const release of await names(directory, filter.release)) {
          if (await isPackage(join(directory, release), target)) found.push({ origin, name, version, release });
        }
      }
    }
  }
  return found.sort(compareByParts);
}

/** True when the directory holds a package for the target: the only thing that makes one exist. @see spec/formats, 10.1 */
export async function isPackage(directory: string, target: PackageTarget): Promise<boolean> {
  try {
    return (await readMetafile(directory, 'TARGET')) === target;
  } catch (error) {
    // One damaged package must not hide all others.
    if (isHabError(error, 'HART_METAFILE_MALFORMED') || isHabError(error, 'HART_LIMIT_EXCEEDED')) return false;
    throw error;
  }
}

/** Names of the directories in one, or the wanted one if it is there. */
async function names(directory: string, wanted: string | undefined): Promise<string[]> {
  if (wanted?.startsWith(STAGING_PREFIX)) return [];
  if (wanted !== undefined) {
    const facts = await absentAs(undefined, () => stat(join(directory, wanted)));
    return facts?.isDirectory() ? [wanted] : [];
  }
  const found: string[] = [];
  for (const entry of await absentAs([], () => readdir(directory, { withFileTypes: true }))) {
    if (entry.name.startsWith(STAGING_PREFIX)) continue;
    if (entry.isDirectory()) found.push(entry.name);
    else if (entry.isSymbolicLink()) {
      const facts = await absentAs(undefined, () => stat(join(directory, entry.name)));
      if (facts?.isDirectory()) found.push(entry.name);
    }
  }
  return found;
}
