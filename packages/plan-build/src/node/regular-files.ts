import { readdir } from 'node:fs/promises';

/** A regular file below a tree. Names are bytes: what other systems wrote need not be UTF-8. */
export interface RegularFile {
  /** What the file system takes. */
  readonly path: Buffer;
  /** The path as text; undefined when its bytes are none. */
  readonly text: string | undefined;
  /** Text of the last piece, for comparing with known names and for showing. */
  readonly name: string;
}

/**
 * Every regular file below a directory, in no order. Links are not followed; a directory that cannot be read has none,
 * which is for those to tell who need what is in it.
 */
export async function regularFiles(root: string, signal: AbortSignal | undefined): Promise<readonly RegularFile[]> {
  const found: RegularFile[] = [];
  const directories = [Buffer.from(root)];
  for (let directory = directories.pop(); directory !== undefined; directory = directories.pop()) {
    signal?.throwIfAborted();
    const parent = Buffer.concat([directory, SLASH]);
    for (const entry of await readdir(directory, { encoding: 'buffer', withFileTypes: true }).catch(() => [])) {
      const path = Buffer.concat([parent, entry.name]);
      if (entry.isDirectory()) directories.push(path);
      else if (entry.isFile()) found.push({ path, text: textOf(path), name: entry.name.toString() });
    }
  }
  return found;
}

const SLASH = Buffer.from('/');

function textOf(path: Buffer): string | undefined {
  const text = path.toString();
  return text.includes('\ufffd') && !Buffer.from(text).equals(path) ? undefined : text;
}
