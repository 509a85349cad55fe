import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Names in a directory, sorted; none for a directory that is not there. Dot files are not looked at. */
export async function namesIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  return names.filter((name) => !name.startsWith('.')).sort();
}

/** Largest file that is looked into for line ends, in bytes. */
const MAX_TEXT_BYTES = 1024 * 1024;
/** Most files that are looked into. */
const MAX_FILES = 2000;

/** Text files below a directory that have a carriage return, as relative paths. */
export async function crlfFiles(directory: string): Promise<readonly string[]> {
  const found: string[] = [];
  const queue = (await namesIn(directory)).slice();
  for (let seen = 0; queue.length > 0 && seen < MAX_FILES; seen++) {
    const name = queue.shift() ?? '';
    const path = join(directory, name);
    const facts = await lstat(path).catch(() => undefined);
    if (facts?.isDirectory()) queue.push(...(await namesIn(path)).map((child) => join(name, child)));
    if (!facts?.isFile() || facts.size > MAX_TEXT_BYTES) continue;
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(0x0d) && !bytes.includes(0)) found.push(name);
  }
  return found;
}
