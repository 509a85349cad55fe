import { type FileHandle, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RandomSource, toHex } from '@hab/core';
import { syncDirectory, systemRandom } from '@hab/core/node';

/** Artifacts are public. */
const ARTIFACT_MODE = 0o644;

/**
 * Makes a file whose content is written piece by piece: under a temporary name beside it, synced, then renamed. When
 * `fill` fails nothing is left.
 */
export async function writeNewFile<T>(
  path: string,
  fill: (handle: FileHandle) => Promise<T>,
  random: RandomSource = systemRandom,
): Promise<T> {
  const temporary = join(dirname(path), `.tmp-${toHex(random.bytes(8))}`);
  const handle = await open(temporary, 'wx', 0o600);
  try {
    const result = await fillAndSync(handle, fill);
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return result;
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
}

async function fillAndSync<T>(handle: FileHandle, fill: (handle: FileHandle) => Promise<T>): Promise<T> {
  try {
    const result = await fill(handle);
    await handle.chmod(ARTIFACT_MODE);
    await handle.sync();
    return result;
  } finally {
    await handle.close();
  }
}

/** Writes all of `bytes` at `position`. */
export async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}
