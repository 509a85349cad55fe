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

async function openUp(path: string): Promise<void> {
  if (!(await lstat(path)).isDirectory()) return;
  await chmod(path, OWN_DIRECTORY_MODE);
  for (const entry of await readdir(path, { withFileTypes: true })) {
    if (entry.isDirectory()) await openUp(join(path, entry.name));
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'EACCES' || error.code === 'EPERM');
}
