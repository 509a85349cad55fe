import type { AbortOptions } from '@hab/core';
import { createBLAKE2b } from 'hash-wasm';

/** How far hashing has come. */
export interface HashProgress {
  readonly type: 'keys:hashed';
  /** Bytes so far. */
  readonly bytes: number;
}

/** Options of {@link hashChunks}. */
export interface HashOptions extends AbortOptions {
  readonly onProgress?: ((event: HashProgress) => void) | undefined;
}

/** A hash in the making. */
export interface Blake2bHasher {
  update(chunk: Uint8Array): void;
  /** 64 lower-case hex digits. Ends the hash: call it once. */
  digestHex(): string;
}

/**
 * Starts a streaming BLAKE2b with 32-byte digest, the only hash that Habitat uses.
 *
 * @see spec/formats, 6
 */
export async function createBlake2bHasher(): Promise<Blake2bHasher> {
  const hasher = await createBLAKE2b(256);
  return {
    update(chunk) {
      hasher.update(chunk);
    },
    digestHex: () => hasher.digest('hex'),
  };
}

/**
 * Hashes a stream.
 *
 * @param source - Chunks of any size; closed on every exit.
 * @returns 64 lower-case hex digits.
 * @throws The signal's reason, checked once per chunk.
 */
export async function hashChunks(source: AsyncIterable<Uint8Array>, options: HashOptions = {}): Promise<string> {
  const { onProgress, signal } = options;
  const hasher = await createBlake2bHasher();
  let bytes = 0;
  for await (const chunk of source) {
    signal?.throwIfAborted();
    hasher.update(chunk);
    bytes += chunk.length;
    onProgress?.({ type: 'keys:hashed', bytes });
  }
  return hasher.digestHex();
}
