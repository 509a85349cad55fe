import { chmod, lstat, readdir, rename, rmdir, unlink } from 'node:fs/promises';

import { toHex } from '../bytes.ts';
import { HeldDirectory } from './held-directory.ts';
import { systemRandom } from './system.ts';

/** A directory that its owner may list and change. */
const OWN_DIRECTORY_MODE = 0o700;
/** Directories that are held open inside each other; what lies deeper is moved up first. */
const MAX_HELD = 48;
/** Entries of a directory that are removed at the same time. */
const AT_ONCE = 32;
/** A directory that somebody keeps filling is given up after so many looks at it. */
const MAX_ROUNDS = 8;

/**
 * Removes a file or a whole tree, directories without write permission included (packages may have them). Links are
 * removed, never followed, also when one takes the place of a directory meanwhile: somebody who may write to the tree
 * cannot lead the removal out of it. Nothing there is a success.
 *
 * @throws The system error; `ENOTEMPTY` when somebody keeps filling a directory.
 */
export async function removeTree(path: string): Promise<void> {
  try {
    await remove(path, undefined, 0);
  } catch (error) {
    throw error instanceof GivenUp ? error.error : error;
  }
}

/** The outermost directory. */
interface Top {
  readonly directory: HeldDirectory;
  /** Names in it that are still to go. */
  readonly names: Buffer[];
}

/** Somebody keeps filling a directory: looking at those around it again would not help. */
class GivenUp {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

/** Path of an entry, whose name need not be text. */
const entryOf = (directory: HeldDirectory, name: Buffer): Buffer =>
  Buffer.concat([Buffer.from(directory.child('')), name]);

/** @param known - What a listing told of it. */
async function remove(place: string | Buffer, top: Top | undefined, depth: number, known?: 'directory'): Promise<void> {
  for (let round = 1; ; round++) {
    if ((round > 1 || known === undefined) && (await isUnlinked(place))) return;
    try {
      await removeDirectory(place, top, depth);
      return;
    } catch (error) {
      // Gone meanwhile is no failure; filled meanwhile, or another thing by now, is looked at again.
      if (hasCode(error, 'ENOENT')) return;
      if (!hasCode(error, 'ENOTEMPTY', 'EEXIST', 'ENOTDIR', 'ELOOP')) throw error;
      if (round === MAX_ROUNDS) throw new GivenUp(error);
    }
  }
}

/** @returns false for a directory. */
async function isUnlinked(place: string | Buffer): Promise<boolean> {
  try {
    await unlink(place);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return true;
    if (hasCode(error, 'EISDIR')) return false;
    if (hasCode(error, 'EPERM', 'EACCES') && (await lstat(place)).isDirectory()) return false;
    throw error;
  }
}

async function removeDirectory(place: string | Buffer, top: Top | undefined, depth: number): Promise<void> {
  await using directory = await open(place);
  await directory.openUp();
  if (top !== undefined && depth === MAX_HELD) {
    const aside = Buffer.from(`.deep-${toHex(systemRandom.bytes(8))}`);
    await rename(place, entryOf(top.directory, aside));
    top.names.push(aside);
    return;
  }
  const entries = await readdir(directory.path, { withFileTypes: true, encoding: 'buffer' });
  const files = entries.flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  const directories = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  const above = top ?? { directory, names: directories };
  for (let at = 0; at < files.length; at += AT_ONCE) {
    const some = files.slice(at, at + AT_ONCE);
    // All of them end before the directory is closed: its number may then be another's.
    const ends = await Promise.allSettled(some.map((name) => remove(entryOf(directory, name), above, depth + 1)));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }
  for (const name of directories) await remove(entryOf(directory, name), above, depth + 1, 'directory');
  await rmdir(place);
}

/** A directory that not even its owner may list is opened up first. */
async function open(place: string | Buffer): Promise<HeldDirectory> {
  try {
    return await HeldDirectory.open(place);
  } catch (error) {
    if (!hasCode(error, 'EACCES')) throw error;
    await chmod(place, OWN_DIRECTORY_MODE);
    return await HeldDirectory.open(place);
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
