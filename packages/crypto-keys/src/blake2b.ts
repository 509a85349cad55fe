import { blake2b } from '@noble/hashes/blake2.js';

import { KeysError, shownLine } from './errors.ts';

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
