import type { AbortOptions } from '@hab/core';
import { blake2b } from '@noble/hashes/blake2.js';
import { createBLAKE2b } from 'hash-wasm';

import { KeysError, shownLine } from './errors.ts';

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

/** The same hash at once, for small content: pure JavaScript at some 60 MB/s. */
export function hashBytes(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(blake2b(content, { dkLen: 32 }));
}

/** BLAKE2b-192 of two public keys: the nonce of a sealed box. */
export function sealedBoxNonce(ephemeralPublic: Uint8Array, recipientPublic: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(64);
  both.set(ephemeralPublic);
  both.set(recipientPublic, 32);
  return new Uint8Array(blake2b(both, { dkLen: 24 }));
}

/**
 * Reads a hash: exactly 64 hex digits of either case.
 *
 * @returns Lower case.
 * @throws {@link KeysError} `KEYS_HASH_INVALID`, text beginning `Could not parse Blake2bHash from string: `.
 */
export function parseBlake2bHash(text: string): string {
  if (text.length === 64 && /^[0-9A-Fa-f]{64}$/.test(text)) return text.toLowerCase();
  const shown = shownLine(text);
  throw new KeysError('KEYS_HASH_INVALID', `Could not parse Blake2bHash from string: ${shown}`, {
    details: { text: shown },
    hint: 'A BLAKE2b hash is 64 hex digits.',
  });
}
