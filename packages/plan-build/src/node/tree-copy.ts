import { chmod, copyFile, lstat, mkdir, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { matchesName } from '../name-pattern.ts';

/** Makes a directory and its parents as umask 022 would, whatever this process has. */
export async function makeDirectory(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o755 });
  if (first === undefined) return;
  for (let made = path; made.length >= first.length; made = join(made, '..')) await chmod(made, 0o755);
}

/** Deepest directory that is copied: no configuration goes that far down. */
const MAX_DEPTH = 64;

/**
 * Copies a tree: links stay links, modes are kept as umask 022 lets them through, names that match a pattern stay behind
 * with everything below. A tree that is not there is no error.
 *
 * @param exclude - Shell patterns for names.
 */
export async function copyTree(
  from: string,
  to: string,
  exclude: readonly string[],
  signal?: AbortSignal,
  depth = 0,
): Promise<void> {
  signal?.throwIfAborted();
  if (depth > MAX_DEPTH) throw new Error(`${from} is nested too deeply`);
  const facts = await lstat(from).catch(() => undefined);
  if (facts === undefined || (depth > 0 && !facts.isDirectory())) return;
  const names = await readdir(from);
  await makeDirectory(to);
  if (depth > 0) await chmod(to, facts.mode & 0o755);
  for (const name of names.sort()) {
    if (exclude.some((pattern) => matchesName(name, pattern))) continue;
    await copyEntry(join(from, name), join(to, name), exclude, signal, depth);
  }
}

async function copyEntry(
  from: string,
  to: string,
  exclude: readonly string[],
  signal: AbortSignal | undefined,
  depth: number,
): Promise<void> {
  const facts = await lstat(from);
  if (facts.isDirectory()) return await copyTree(from, to, exclude, signal, depth + 1);
  if (facts.isSymbolicLink()) {
    await rm(to, { force: true });
    return await symlink(await readlink(from), to);
  }
  if (!facts.isFile()) return;
  await copyFile(from, to);
  await chmod(to, facts.mode & 0o755);
}
