import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { AbortOptions } from '@hab/core';
import type { FullIdent } from '@hab/ident';

/** One entry of an installed package. */
export interface ProvidedFile {
  readonly ident: FullIdent;
  /** Where it is on disk. */
  readonly path: string;
}

/** An installed package's place. */
export interface PackagePlace {
  readonly ident: FullIdent;
  readonly directory: string;
}

/**
 * Entries of that name, files, links and directories, at any depth. Links are not followed.
 *
 * @returns By package, then by path.
 * @see spec/formats, 15
 */
export async function findProvided(
  fileName: string,
  places: readonly PackagePlace[],
  { signal }: AbortOptions = {},
): Promise<ProvidedFile[]> {
  const found: ProvidedFile[] = [];
  for (const { ident, directory } of places) {
    const pending = [directory];
    for (let current = pending.shift(); current !== undefined; current = pending.shift()) {
      signal?.throwIfAborted();
      const entries = await readdir(current, { withFileTypes: true });
      for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
        const path = join(current, entry.name);
        if (entry.name === fileName) found.push({ ident, path });
        if (entry.isDirectory()) pending.push(path);
      }
    }
  }
  return found;
}
