import { createReadStream } from 'node:fs';

import { type HashOptions, hashChunks } from '../blake2b-stream.ts';

/** Large reads cost less: the hash itself runs at a gigabyte per second. */
const READ_BYTES = 1024 * 1024;

/**
 * BLAKE2b-256 of a whole file.
 *
 * @returns 64 lower-case hex digits.
 * @throws The system error, or the signal's reason.
 */
export async function hashFile(path: string, options: HashOptions = {}): Promise<string> {
  const stream = createReadStream(path, { highWaterMark: READ_BYTES, signal: options.signal });
  return await hashChunks(stream, options);
}
