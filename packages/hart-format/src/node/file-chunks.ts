import { read } from 'node:fs';
import { promisify } from 'node:util';

const readAt = promisify(read);

const CHUNK_BYTES: number = 1024 * 1024;

/**
 * A file from `offset` to its end, without moving the descriptor's position. All chunks share one buffer: each is valid
 * until the next one is asked for.
 */
export async function* readChunks(fd: number, offset: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let position = offset; ; ) {
    const { bytesRead } = await readAt(fd, buffer, 0, buffer.length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
