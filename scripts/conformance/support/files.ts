import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Files of a folder and the folders below it, sorted, by their path below it. A file stands for itself. */
export async function filesBelow(path: string, suffixes: readonly string[]): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return suffixes.some((suffix) => path.endsWith(suffix)) ? [path] : [];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && suffixes.some((suffix) => entry.name.endsWith(suffix)))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** How a case calls a file. */
export function nameOf(file: string, root: string): string {
  return relative(root, file) || file;
}
