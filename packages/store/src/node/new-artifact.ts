import { chmod, open, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type RandomSource, toHex } from '@hab/core';
import { syncDirectory, systemRandom } from '@hab/core/node';

/** Artifacts are public. */
const ARTIFACT_MODE = 0o644;

/**
 * Makes an artifact file whole or not at all: under a temporary name beside it, synced, renamed.
 *
 * @param fill - Makes the temporary file.
 */
export async function writeArtifact(
  path: string,
  fill: (temporary: string) => Promise<void>,
  random: RandomSource = systemRandom,
): Promise<void> {
  const temporary = join(dirname(path), `.tmp-${toHex(random.bytes(8))}`);
  try {
    await fill(temporary);
    await chmod(temporary, ARTIFACT_MODE);
    await syncFile(temporary);
    await rename(temporary, path);
  } catch (error) {
    await unlink(temporary).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function syncFile(path: string): Promise<void> {
  await using handle = await open(path, 'r');
  await handle.sync();
}
