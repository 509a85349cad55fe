import { link, mkdir, open, readdir, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { type RandomSource, toHex } from '@hab/core';
import { syncDirectory, systemRandom, writeFileAtomic } from '@hab/core/node';

import type { KeyCache } from '../cache.ts';
import { KeysError } from '../errors.ts';
import { createKeyCache, type KeyFile } from '../key-files.ts';
import { MAX_KEY_TEXT_BYTES } from '../key-text.ts';

/** Options of {@link folderKeyCache}. */
export interface FolderKeyCacheOptions {
  /** Names temporary files. @defaultValue the machine's */
  readonly random?: RandomSource | undefined;
}

/**
 * Keys as files of one folder, as every Habitat keeps them: secret ones 0400, public ones 0444. The folder is made when
 * the first key is written.
 *
 * @param directory - Absolute: `layout.keyCache`, or what the user gave.
 */
export function folderKeyCache(directory: string, options: FolderKeyCacheOptions = {}): KeyCache {
  const { random = systemRandom } = options;
  return createKeyCache({
    names: () => asKeysError(directory, () => regularFiles(directory)),
    read: (fileName) => asKeysError(join(directory, fileName), () => readIfThere(join(directory, fileName))),
    addAll: (files) => asKeysError(directory, () => addAll(directory, files, random)),
    locate: (fileName) => join(directory, fileName),
  });
}

async function regularFiles(directory: string): Promise<string[]> {
  const names = await absentAs([], () => readdir(directory));
  const found: string[] = [];
  for (const name of names) {
    const facts = await absentAs(undefined, () => stat(join(directory, name)));
    if (facts?.isFile()) found.push(name);
  }
  return found;
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  const handle = await absentAs(undefined, () => open(path, 'r'));
  if (handle === undefined) return undefined;
  try {
    const buffer = new Uint8Array(MAX_KEY_TEXT_BYTES + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) return buffer.slice(0, length);
      length += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Everything that can fail for lack of room happens to temporary files; then each is linked to its name. */
async function addAll(directory: string, files: readonly KeyFile[], random: RandomSource): Promise<boolean> {
  await mkdir(directory, { recursive: true });
  const temporaries: string[] = [];
  const added: string[] = [];
  try {
    for (const { content, mode } of files) {
      const temporary = join(directory, `.tmp-${toHex(random.bytes(8))}`);
      await writeFileAtomic(temporary, content, { mode, random });
      temporaries.push(temporary);
    }
    for (const [i, temporary] of temporaries.entries()) {
      const path = join(directory, files[i]?.fileName ?? '');
      await link(temporary, path);
      added.push(path);
    }
    return true;
  } catch (error) {
    for (const path of added) await absentAs(undefined, () => unlink(path));
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    for (const temporary of temporaries) await absentAs(undefined, () => unlink(temporary));
    await syncDirectory(directory);
  }
}

async function absentAs<T>(absent: T, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return absent;
    throw error;
  }
}

async function asKeysError<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new KeysError('KEYS_CACHE_FAILED', `Key cache failed at ${path}: ${code}`, {
      details: { path },
      cause: error,
      hint: 'Check that the folder exists, belongs to you and has room.',
    });
  }
}

/** The code of a system error. @returns undefined for anything else. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
