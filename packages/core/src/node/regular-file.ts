import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

import { HabError } from '../errors.ts';

export interface RegularFileOptions {
  /** Longest file that is read. */
  readonly maxBytes: number;
  /** What happens to a link as the last part of the path: `refuse` throws the system's `ELOOP`. @defaultValue `follow` */
  readonly links?: 'follow' | 'refuse' | undefined;
}

/**
 * Reads a small file that somebody else may have put there. Opening a pipe does not wait for whoever writes to it, and no
 * device is read until memory is full.
 *
 * @throws {@link HabError} `CORE_FILE_REFUSED` for what is no regular file or longer than it may be, with the reason in
 *   its details (`kind`, `size`); the system error.
 */
export function readRegularFile(path: string, options: RegularFileOptions): Uint8Array<ArrayBuffer> {
  const { maxBytes, links = 'follow' } = options;
  const flags = constants.O_RDONLY | constants.O_NONBLOCK | (links === 'refuse' ? constants.O_NOFOLLOW : 0);
  const fd = openSync(path, flags);
  try {
    const facts = fstatSync(fd);
    if (!facts.isFile()) throw refused(path, 'kind', 'is no regular file');
    if (facts.size > maxBytes) throw tooLong(path, maxBytes);
    return readAll(fd, path, facts.size, maxBytes);
  } finally {
    closeSync(fd);
  }
}

/** What is written meanwhile counts too; a byte more than was expected tells whether there is more. */
function readAll(fd: number, path: string, size: number, maxBytes: number): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(size + 1);
  let filled = 0;
  for (;;) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, filled);
    if (count === 0) return bytes.slice(0, filled);
    filled += count;
    if (filled > maxBytes) throw tooLong(path, maxBytes);
    if (filled === bytes.length) {
      const longer = new Uint8Array(Math.min(2 * bytes.length, maxBytes + 1));
      longer.set(bytes);
      bytes = longer;
    }
  }
}

const tooLong = (path: string, maxBytes: number) =>
  refused(path, 'size', `is longer than ${maxBytes} bytes, the most that is read here`);

const refused = (path: string, reason: 'kind' | 'size', what: string) =>
  new HabError('CORE_FILE_REFUSED', `${path} ${what}`, { details: { path, reason } });
