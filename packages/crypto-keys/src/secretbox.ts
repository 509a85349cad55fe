import type { RandomSource } from '@hab/core';
import { xsalsa20poly1305 } from '@noble/ciphers/salsa.js';

import { KeysError } from './errors.ts';
import type { HabKey } from './key.ts';

/** Bytes of a nonce. */
export const NONCE_BYTES = 24;
/** Bytes that encryption adds to a message: the Poly1305 tag in front of the ciphertext. */
export const TAG_BYTES = 16;

/** One encrypted message between members of a ring: two byte fields of the gossip wrapper. */
export interface RingMessage {
  /** 24 bytes. */
  readonly nonce: Uint8Array<ArrayBuffer>;
  /** Tag (16), then as many bytes as the message has. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/**
 * Encrypts with a ring key (`crypto_secretbox_easy`) under a fresh random nonce.
 *
 * @see spec/formats, 6 and 8
 */
export function encryptRing(message: Uint8Array, key: HabKey<'ring'>, random: RandomSource): RingMessage {
  const nonce = random.bytes(NONCE_BYTES);
  return { nonce, ciphertext: sealWithKey(message, key.copyMaterial(), nonce) };
}

/**
 * Decrypts.
 *
 * @returns The message, a fresh array.
 * @throws {@link KeysError} `KEYS_NONCE_INVALID`; `KEYS_DECRYPTION_FAILED`, text
 *   `Secret key and nonce could not decrypt ciphertext`.
 */
export function decryptRing(
  message: { readonly nonce: Uint8Array; readonly ciphertext: Uint8Array },
  key: HabKey<'ring'>,
): Uint8Array<ArrayBuffer> {
  const plain = openWithKey(message.ciphertext, key.copyMaterial(), requireNonce(message.nonce));
  if (plain !== undefined) return plain;
  throw new KeysError('KEYS_DECRYPTION_FAILED', 'Secret key and nonce could not decrypt ciphertext', {
    details: { namedRevision: key.namedRevision },
    hint: `The sender uses another ring key than ${key.namedRevision}, or the message was changed.`,
  });
}

/** @throws {@link KeysError} `KEYS_NONCE_INVALID`, text `Invalid size of nonce`. */
export function requireNonce<B extends Uint8Array>(nonce: B): B {
  if (nonce.length === NONCE_BYTES) return nonce;
  throw new KeysError('KEYS_NONCE_INVALID', 'Invalid size of nonce', {
    details: { lengthBytes: nonce.length },
    hint: `A nonce has ${NONCE_BYTES} bytes.`,
  });
}

/** XSalsa20-Poly1305: tag and ciphertext. */
export function sealWithKey(message: Uint8Array, key: Uint8Array, nonce: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(xsalsa20poly1305(key, nonce).encrypt(message));
}

/** @returns undefined when the tag does not fit. */
export function openWithKey(
  ciphertext: Uint8Array,
  key: Uint8Array,
  nonce: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  if (ciphertext.length < TAG_BYTES) return undefined;
  try {
    return new Uint8Array(xsalsa20poly1305(key, nonce).decrypt(ciphertext));
  } catch {
    return undefined; // the library's way to report a wrong tag
  }
}
