import { lstat, readFile, utimes, writeFile } from 'node:fs/promises';
import { regularFiles } from './regular-files.ts';

/** Largest script that is changed, in bytes. */
const MAX_BYTES = 8 * 1024 * 1024;
const SEARCH_PATH = /eval sys_lib_.*search_path=.*$/gm;

/**
 * Takes the machine's library directories out of every `ltmain.sh`, so that libtool looks nowhere but where it is told.
 * Only below the source cache: a tree of the user is never changed.
 *
 * @see spec/plan-build, 5 step 11 and 18.10
 */
export async function fixLibtool(
  cachePath: string,
  sourcePath: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (sourcePath !== cachePath && !sourcePath.startsWith(`${cachePath}/`)) return;
  for (const { path, name } of await regularFiles(sourcePath, signal)) {
    signal?.throwIfAborted();
    if (name.toLowerCase() === 'ltmain.sh') await fixOne(path);
  }
}

async function fixOne(path: Buffer): Promise<void> {
  const facts = await lstat(path);
  if (facts.size > MAX_BYTES) return;
  const before = await readFile(path, 'latin1'); // bytes in, the same bytes out
  const after = before.replace(SEARCH_PATH, '');
  if (after === before) return;
  await writeFile(path, after, 'latin1');
  // A newer ltmain.sh would make make run automake again.
  await utimes(path, facts.atime, facts.mtime);
}
