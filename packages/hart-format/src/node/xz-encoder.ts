import { crc32 } from 'node:zlib';
import { Lzma2Compressor } from '@napi-rs/lzma';

import { type CompressionLevel, DICTIONARY_BYTES } from '../compression.ts';
import { formatXzEnd, formatXzStart } from '../xz-container.ts';
import { releaseMemory } from './release-memory.ts';

/**
 * The one encoder that makes our artifacts: one block, one thread, so the bytes depend on content and level alone.
 * Compresses on the calling thread.
 */
export class XzEncoder {
  readonly #encoder: Lzma2Compressor;
  readonly #write: (bytes: Uint8Array) => void;
  #packedBytes = 0;
  #unpackedBytes = 0;
  #checksum = 0;

  /** @param write - Takes the stream, piece by piece; must be done with a piece when it returns. */
  constructor(level: CompressionLevel, write: (bytes: Uint8Array) => void) {
    const dictSize = DICTIONARY_BYTES[level];
    this.#encoder = new Lzma2Compressor({ preset: level, dictSize });
    this.#write = write;
    write(formatXzStart(dictSize, crc32));
  }

  update(chunk: Uint8Array): void {
    this.#unpackedBytes += chunk.length;
    this.#checksum = crc32(chunk, this.#checksum);
    this.#pack(this.#encoder.update(chunk));
  }

  async finish(): Promise<void> {
    this.#pack(await this.#encoder.finish());
    const block = { packedBytes: this.#packedBytes, unpackedBytes: this.#unpackedBytes, checksum: this.#checksum };
    this.#write(formatXzEnd(block, crc32));
  }

  #pack(packed: Uint8Array): void {
    this.#packedBytes += packed.length;
    if (packed.length > 0) this.#write(packed);
    releaseMemory(packed);
  }
}
