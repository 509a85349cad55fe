import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { toHex } from '../bytes.ts';
import type { RandomSource } from '../random.ts';
import { systemRandom } from './system.ts';

export interface AtomicWriteOptions {
  /** Permission bits, not subject to the umask. @defaultValue 0o600 */
  readonly mode?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  /** Fail with `EEXIST` instead of replacing a file that is there already, also when two writers race. @defaultValue false */
  readonly exclusive?: boolean | undefined;
  /** @defaultValue the machine's */
  readonly random?: RandomSource | undefined;
}

/**
 * Writes a file so that a reader sees the old content or the new, also after a crash: temporary file beside it, mode,
 * fsync, rename, fsync of the directory. The directory must exist. See spec/formats 4.2.
 *
 * @throws The system error; the temporary file is gone and `path` untouched.
 */
export async function writeFileAtomic(
  path: string,
  content: Uint8Array | string,
  options: AtomicWriteOptions = {},
): Promise<void> {
  const { mode = 0o600, uid, gid, exclusive = false, random = systemRandom } = options;
  const directory = dirname(path);
  const temporary = join(directory, `.tmp-${toHex(random.bytes(8))}`);
  const file = await open(temporary, 'wx', 0o600);
  try {
    await fill(file, content, mode, uid, gid);
    if (exclusive) await link(temporary, path);
    else await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  if (exclusive) await unlink(temporary);
  await syncDirectory(directory);
}

async function fill(file: FileHandle, content: Uint8Array | string, mode: number, uid?: number, gid?: number) {
  try {
    await file.writeFile(content);
    if (uid !== undefined && gid !== undefined) await file.chown(uid, gid);
    await file.chmod(mode);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Makes renames in a directory durable. File systems that cannot do it are not an error (spec/formats 4.2). */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}
