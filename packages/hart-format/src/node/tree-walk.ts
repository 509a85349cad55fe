import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from 'node:fs';

import { HartError, shown, type TreeProblem } from '../errors.ts';
import { type ByteString, decodeByteString, MAX_MEMBER_PATH_BYTES } from '../member-path.ts';

/** One thing of a tree to be packed. */
export interface TreeEntry {
  readonly type: 'file' | 'directory' | 'symlink' | 'link';
  /** Below the root; empty for the root itself. */
  readonly path: ByteString;
  readonly mode: number;
  readonly sizeBytes: number;
  /** Target of a symbolic link; for a hard link the path of the entry that holds the content. */
  readonly linkName: ByteString;
}

/**
 * Lists a tree: directories before what is in them, names in byte order, nothing of the machine's directory order left.
 * Of files with several names the first one holds the content, the others are hard links to it.
 *
 * @throws {@link HartError} `HART_TREE_INVALID` for sockets, pipes and devices; the system's errors.
 */
export function* walkTree(root: string): Generator<TreeEntry> {
  const firstNames = new Map<string, ByteString>();
  const pending: ByteString[] = [''];
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    const stats = lstatSync(absolute(root, path), { bigint: true });
    if (path === '' && !stats.isDirectory()) throw invalidTree(root, path, 'not-a-directory');
    if (path.length > MAX_MEMBER_PATH_BYTES) throw invalidTree(root, path, 'path-too-long');
    yield toEntry(root, path, stats, firstNames);
    if (stats.isDirectory()) pending.push(...namesLastFirst(root, path));
  }
}

/** Where an entry is on disk. Bytes, because names need not be UTF-8. */
export function absolute(root: string, path: ByteString): Buffer {
  const base = Buffer.from(root);
  return path === '' ? base : Buffer.concat([base, Buffer.from(`/${path}`, 'latin1')]);
}

/** An error about one entry. */
export function invalidTree(root: string, path: ByteString, problem: TreeProblem): HartError<'HART_TREE_INVALID'> {
  const where = shown(`${root}/${decodeByteString(path)}`);
  return new HartError('HART_TREE_INVALID', `Cannot pack ${where}: ${problem.replaceAll('-', ' ')}`, {
    details: { path: where, problem },
    hint: HINTS[problem],
  });
}

const HINTS: Readonly<Record<TreeProblem, string>> = {
  'unsupported-type': 'Only files, directories and links can be packed. Remove it in do_install.',
  changed: 'Something still writes into the tree. Stop it and pack again.',
  'not-a-directory': 'Give the directory of the built package.',
  'path-too-long': 'Shorten the names.',
};

function namesLastFirst(root: string, directory: ByteString): ByteString[] {
  const prefix = directory === '' ? '' : `${directory}/`;
  const names = readdirSync(absolute(root, directory), { encoding: 'buffer' }).map((name) => name.toString('latin1'));
  // UTF-16 order is byte order here: every character is one byte.
  return names
    .sort()
    .reverse()
    .map((name) => `${prefix}${name}`);
}

function toEntry(root: string, path: ByteString, stats: BigIntStats, firstNames: Map<string, ByteString>): TreeEntry {
  const mode = Number(stats.mode & 0o7777n);
  const base = { path, mode, sizeBytes: 0, linkName: '' };
  if (stats.isDirectory()) return { ...base, type: 'directory' };
  if (stats.isSymbolicLink()) {
    const target = readlinkSync(absolute(root, path), { encoding: 'buffer' }).toString('latin1');
    return { ...base, type: 'symlink', mode: 0o777, linkName: target };
  }
  if (!stats.isFile()) throw invalidTree(root, path, 'unsupported-type');
  if (stats.nlink > 1n) {
    const identity = `${stats.dev}:${stats.ino}`;
    const first = firstNames.get(identity);
    if (first !== undefined) return { ...base, type: 'link', linkName: first };
    firstNames.set(identity, path);
  }
  return { ...base, type: 'file', sizeBytes: Number(stats.size) };
}
