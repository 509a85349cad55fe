import { readSync } from 'node:fs';
import type { Blake2bHasher } from '@hab/crypto-keys/blake2b';
import { xz } from '@napi-rs/lzma';

import { type ArchiveLimits, checkUnpackedBytes } from '../limits.ts';
import { checkXzExtent, invalidBody } from '../xz-container.ts';
import { releaseMemory } from './release-memory.ts';

/** Bytes of one read. The decoder keeps many of them: memory grows with it, speed does not. */
const READ_BYTES: number = 32 * 1024;

/** Where a body is. The descriptor stays the caller's. */
export interface BodyExtent {
  readonly fd: number;
  readonly bodyOffset: number;
  readonly bodyBytes: number;
}

/** What a pass over a body is told and told to check. */
export interface BodyPass {
  readonly limits: ArchiveLimits;
  /** Throws when the pass is to end. Called for every read. */
  readonly checkpoint: (packedBytes: number) => void;
  /** Sees every byte of the body once, in order, whatever becomes of unpacking. */
  readonly hasher?: Blake2bHasher | undefined;
}

/** Reads a body from front to back exactly once. */
export class BodySource {
  readonly #extent: BodyExtent;
  readonly #pass: BodyPass;
  #position = 0;
  /** What ended reading; the decoder would hand back a copy of it at best. */
  #failure: unknown;

  constructor(extent: BodyExtent, pass: BodyPass) {
    this.#extent = extent;
    this.#pass = pass;
  }

  /**
   * Unpacks. The decoder runs on a thread of its own and waits for its reader, so that a few bytes that unpack to
   * gigabytes never are in memory.
   *
   * @returns The tar, in chunks that are valid until the next one is asked for.
   * @throws {@link HartError} `HART_BODY_INVALID`, `HART_LIMIT_EXCEEDED`.
   */
  async *unpacked(): AsyncGenerator<Uint8Array> {
    const { bodyBytes } = this.#extent;
    const { limits } = this.#pass;
    checkUnpackedBytes(
      checkXzExtent((offset, length) => this.#readAt(offset, length), bodyBytes),
      bodyBytes,
      limits,
    );
    const packed = new ReadableStream<Uint8Array>(
      { pull: (controller) => this.#pull(controller) },
      { highWaterMark: 0 },
    );
    const reader = xz.decompressStream(packed).getReader();
    let unpackedBytes = 0;
    try {
      for (;;) {
        const { done, value } = await this.#nextChunk(reader);
        if (done) return;
        unpackedBytes += value.length;
        checkUnpackedBytes(unpackedBytes, bodyBytes, limits);
        const chunk = new Uint8Array(value); // on the heap that the garbage collector watches
        releaseMemory(value);
        yield chunk;
      }
    } finally {
      await reader.cancel().catch(() => undefined); // the decoder may have failed already; its error is on its way
    }
  }

  /** Hashes what unpacking did not get to: the verdict about the whole file comes first. */
  hashRest(): void {
    while (this.#next().length > 0);
  }

  #pull(controller: ReadableStreamDefaultController<Uint8Array>): void {
    try {
      const chunk = this.#next();
      if (chunk.length === 0) controller.close();
      else controller.enqueue(chunk);
    } catch (error) {
      this.#failure = error;
      controller.error(error);
    }
  }

  async #nextChunk(reader: ReadableStreamDefaultReader<Uint8Array>) {
    try {
      return await reader.read();
    } catch (cause) {
      throw this.#failure ?? invalidBody('xz', 'cannot be unpacked', cause);
    }
  }

  #next(): Uint8Array {
    const chunk = this.#readAt(this.#position, READ_BYTES);
    this.#position += chunk.length;
    this.#pass.checkpoint(this.#position);
    this.#pass.hasher?.update(chunk);
    return chunk;
  }

  #readAt(offset: number, length: number): Uint8Array {
    const { fd, bodyOffset, bodyBytes } = this.#extent;
    const chunk = new Uint8Array(Math.max(0, Math.min(length, bodyBytes - offset)));
    let filled = 0;
    while (filled < chunk.length) {
      const count = readSync(fd, chunk, filled, chunk.length - filled, bodyOffset + offset + filled);
      if (count === 0) return chunk.subarray(0, filled);
      filled += count;
    }
    return chunk;
  }
}
