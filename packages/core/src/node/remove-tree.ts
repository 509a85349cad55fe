import { chmod, lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A directory that its owner may list and change. */
const OWN_DIRECTORY_MODE = 0o700;

/**
 * Removes a file or a whole tree, directories without write permission included (packages may have them). Links are
 * removed, never followed. Nothing there is a success.
 *
 * @throws The system error.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await rm(path, { recursive: true, force: true });
  } catch (error) {
    if (!isDenied(error)) throw error;
    await openUp(path);
    await rm(path, { recursive: true, force: true });
  }
}

/** The removal that was denied may still be going on elsewhere in the tree: what is gone meanwhile is no failure. */
async function openUp(path: string): Promise<void> {
  try {
    if (!(await lstat(path)).isDirectory()) return;
    await chmod(path, OWN_DIRECTORY_MODE);
    for (const entry of await readdir(path, { withFileTypes: true })) {
      if (entry.isDirectory()) await openUp(join(path, entry.name));
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
  }
}

const isDenied = (error: unknown): boolean => hasCode(error, 'EACCES', 'EPERM');

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
