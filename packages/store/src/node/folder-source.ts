import { constants, copyFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isHabError } from '@hab/core';
import { peekHartIdent } from '@hab/hart/node';
import {
  artifactName,
  type FullIdent,
  formatIdent,
  isFullyQualified,
  isPathSafeIdent,
  type PackageIdent,
  type PackageTarget,
  satisfies,
} from '@hab/ident';

import type { ArtifactSource } from '../artifact-source.ts';
import { newestRelease } from '../choose-release.ts';
import { StoreError } from '../errors.ts';
import { writeArtifact } from './new-artifact.ts';
import { absentAs, withPath } from './system-errors.ts';

/**
 * Artifacts in a folder, under their canonical names: what builds leave behind, an artifact cache, a mounted medium.
 *
 * @param directory - Need not exist.
 */
export function folderArtifactSource(directory: string): ArtifactSource {
  return {
    name: directory,
    find: (ident, target, options) =>
      withPath(directory, async () => {
        const candidates: FullIdent[] = [];
        for (const name of await candidateNames(directory, ident, target)) {
          options?.signal?.throwIfAborted();
          const found = await identOf(join(directory, name), target, name);
          if (found !== undefined && satisfies(found, ident)) candidates.push(found);
        }
        return newestRelease(candidates, ident);
      }),
    fetch: (ident, target, { into, signal, onProgress }) =>
      withPath(into, async () => {
        const path = join(directory, artifactName(ident, target));
        const facts = isPathSafeIdent(ident) ? await absentAs(undefined, () => stat(path)) : undefined;
        if (!facts?.isFile()) throw artifactNotFound(ident, target, directory);
        signal?.throwIfAborted();
        await writeArtifact(into, (temporary) => copyFile(path, temporary, constants.COPYFILE_FICLONE));
        onProgress?.(facts.size);
      }),
  };
}

/** An error about a release that a source does not have. */
export function artifactNotFound(
  ident: PackageIdent,
  target: PackageTarget,
  where: string,
): StoreError<'STORE_ARTIFACT_NOT_FOUND'> {
  const text = formatIdent(ident);
  return new StoreError('STORE_ARTIFACT_NOT_FOUND', `No artifact of ${text} for ${target} in ${where}`, {
    details: { ident: text, target },
    hint: 'Check the name and the channel, or build the package.',
  });
}

/** Names that could be it: a hyphen in an origin or name makes more of them than are. */
async function candidateNames(directory: string, ident: PackageIdent, target: PackageTarget): Promise<string[]> {
  if (!isPathSafeIdent(ident)) return [];
  const names = await absentAs([], () => readdir(directory));
  if (isFullyQualified(ident)) return names.filter((name) => name === artifactName(ident, target));
  const start = [ident.origin, ident.name, ...(ident.version === undefined ? [] : [ident.version]), ''].join('-');
  return names.filter((name) => name.startsWith(start) && name.endsWith(`-${target}.hart`)).sort();
}

/** A file that is no artifact, or not the one that its name says, is not there. */
async function identOf(path: string, target: PackageTarget, name: string): Promise<FullIdent | undefined> {
  try {
    const ident = await peekHartIdent(path);
    return artifactName(ident, target) === name ? ident : undefined;
  } catch (error) {
    if (isHabError(error)) return undefined;
    throw error;
  }
}
