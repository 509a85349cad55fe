import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { CensusFile } from '@hab/census';
import { equalBytes, type ServiceLayout } from '@hab/core';
import { writeFileAtomic } from '@hab/core/node';

import type { ServiceIdentity } from './identity.ts';

/** A file may hold a secret: its service's group reads it, nobody else. See spec/templating 11. */
const FILE_MODE = 0o640;

/**
 * Writes the files that operators sent to a service group.
 *
 * @returns names of the files that were created or changed.
 */
export async function writeGossipedFiles(
  files: Iterable<CensusFile>,
  layout: ServiceLayout,
  identity: ServiceIdentity,
): Promise<string[]> {
  const written: string[] = [];
  const owner = identity.switches ? { uid: identity.uid, gid: identity.gid } : {};
  for (const { filename, body } of files) {
    // A peer chose the name: it stays in the folder, or it is not written.
    if (filename.includes('/') || filename.includes('\0') || ['', '.', '..'].includes(filename)) continue;
    const path = join(layout.files, filename);
    const held = await readFile(path).catch(() => undefined);
    if (held !== undefined && equalBytes(held, body)) continue;
    await writeFileAtomic(path, body, { mode: FILE_MODE, ...owner });
    written.push(filename);
  }
  return written;
}
