import { closeSync, openSync, readSync } from 'node:fs';
import { createBlake2bHasher } from '@hab/crypto-keys/blake2b';
import { type FileHash, formatFilesList } from '@hab/hart';
import { regularFiles } from './regular-files.ts';

/** One read; the hash runs at a gigabyte per second. */
const READ_BYTES = 1024 * 1024;

/**
 * The body of `FILES`: every regular file below a prefix with its hash.
 *
 * @returns the text, and paths that no line can hold.
 * @see spec/plan-build, 10.1
 */
export async function listFiles(
  prefix: string,
  signal: AbortSignal | undefined,
): Promise<{ readonly text: string; readonly unlisted: readonly string[] }> {
  const buffer = new Uint8Array(READ_BYTES);
  const files: FileHash[] = [];
  const unlisted: string[] = [];
  for (const { path, text } of await regularFiles(prefix, signal)) {
    signal?.throwIfAborted();
    if (text === undefined || /[\n\r]/.test(text)) unlisted.push(path.toString());
    else files.push({ path: text, hash: await hashOf(text, buffer) });
  }
  return { text: formatFilesList(files), unlisted: unlisted.sort() };
}

/** Synchronous reads into one buffer: a package has thousands of small files. */
async function hashOf(path: string, buffer: Uint8Array): Promise<string> {
  const hasher = await createBlake2bHasher();
  const file = openSync(path, 'r');
  try {
    for (let count = readSync(file, buffer); count > 0; count = readSync(file, buffer)) {
      hasher.update(buffer.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  return hasher.digestHex();
}
