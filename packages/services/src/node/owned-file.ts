import { isHabError } from '@hab/core';
import { readRegularFile } from '@hab/core/node';

/** Nothing there, a folder, a link, a socket. */
const OTHER_THINGS: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'ENXIO']);

/**
 * What a file holds in a folder that the service may change: it can put a pipe there that nobody writes to, a device
 * without an end, or a link to what only the Supervisor may read. Read at once, for a restart waits for it.
 *
 * @returns undefined for whatever is no regular file of at most that length.
 * @throws The system error that is none of those.
 */
export function readOwnedFile(path: string, maxBytes: number): Uint8Array<ArrayBuffer> | undefined {
  try {
    return readRegularFile(path, { maxBytes, links: 'refuse' });
  } catch (error) {
    if (isHabError(error, 'CORE_FILE_REFUSED')) return undefined;
    if (OTHER_THINGS.has((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

/** The same for text, whatever its bytes. */
export function readOwnedText(path: string, maxBytes: number): string | undefined {
  const bytes = readOwnedFile(path, maxBytes);
  return bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
