import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

import type { CensusFile } from '@hab/census';
import { equalBytes, type ServiceLayout } from '@hab/core';
import { removeTree, writeFileAtomic } from '@hab/core/node';

import type { ServiceIdentity } from './identity.ts';
import { readOwnedFile } from './owned-file.ts';

/** A file may hold a secret: its service's group reads it, nobody else. See spec/templating 11. */
const FILE_MODE = 0o640;

export interface GossipedFiles {
  /** Names of the files that were created or changed. */
  readonly written: readonly string[];
  /** What each of those that could not be written says. */
  readonly failed: ReadonlyMap<string, string>;
}

/**
 * Writes the files that operators sent to a service group. One that cannot be written, as for want of space or because of
 * its name, stops no other.
 */
export async function writeGossipedFiles(
  files: Iterable<CensusFile>,
  layout: ServiceLayout,
  identity: ServiceIdentity,
): Promise<GossipedFiles> {
  const written: string[] = [];
  const failed = new Map<string, string>();
  for (const file of files) {
    // A peer chose the name: it stays in the folder, or it is not written.
    if (file.filename.includes('/') || file.filename.includes('\0') || ['', '.', '..'].includes(file.filename))
      continue;
    try {
      if (await writeFile(file, layout, identity)) written.push(file.filename);
    } catch (error) {
      failed.set(file.filename, error instanceof Error ? error.message : String(error));
    }
  }
  return { written, failed };
}

/** @returns false when it is there already. */
async function writeFile(
  { filename, body }: CensusFile,
  layout: ServiceLayout,
  { switches, uid, gid }: ServiceIdentity,
): Promise<boolean> {
  const path = join(layout.files, filename);
  const held = readOwnedFile(path, body.length);
  if (held !== undefined && equalBytes(held, body)) return false;
  // A folder is the one thing that a file does not replace.
  if (held === undefined && (await isFolder(path))) await removeTree(path);
  await writeFileAtomic(path, body, { mode: FILE_MODE, ...(switches ? { uid, gid } : {}) });
  return true;
}

const isFolder = (path: string): Promise<boolean> =>
  lstat(path).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
