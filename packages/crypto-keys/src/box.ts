import type { RandomSource } from '@hab/core';
import { hsalsa } from '@noble/ciphers/salsa.js';

import { sealedBoxNonce } from './blake2b.ts';
import type { CryptoEngine } from './engine.ts';
import { NONCE_BYTES, openWithKey, sealWithKey, TAG_BYTES } from './secretbox.ts';

/** Bytes that a sealed box adds to a message: ephemeral public key and tag. */
export const SEAL_BYTES: number = 32 + TAG_BYTES;

/** `crypto_box_easy`. @returns undefined when the recipient's key is of small order. */
export function sealBox(
  message: Uint8Array,
  nonce: Uint8Array,
  keys: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array },
  engine: CryptoEngine,
): Uint8Array<ArrayBuffer> | undefined {
  const key = sharedKey(keys.secretKey, keys.publicKey, engine);
  return key && sealWithKey(message, key, nonce);
}

/** `crypto_box_open_easy`. @returns undefined when keys, nonce and ciphertext do not fit together. */
export function openBoxBytes(
  ciphertext: Uint8Array,
  nonce: Uint8Array,
  keys: { readonly publicKey: Uint8Array; readonly secretKey: Uint8Array },
  engine: CryptoEngine,
): Uint8Array<ArrayBuffer> | undefined {
  if (nonce.length !== NONCE_BYTES) return undefined;
  const key = sharedKey(keys.secretKey, keys.publicKey, engine);
  return key && openWithKey(ciphertext, key, nonce);
}

/** `crypto_box_seal`: anybody can make one, only the recipient reads it. */
export function sealAnonymousBytes(
  message: Uint8Array,
  recipientPublic: Uint8Array,
  random: RandomSource,
  engine: CryptoEngine,
): Uint8Array<ArrayBuffer> | undefined {
  const secretKey = random.bytes(32);
  const ephemeral = engine.x25519PublicKey(secretKey);
  const nonce = sealedBoxNonce(ephemeral, recipientPublic);
  const box = sealBox(message, nonce, { publicKey: recipientPublic, secretKey }, engine);
  if (box === undefined) return undefined;
  const sealed = new Uint8Array(ephemeral.length + box.length);
  sealed.set(ephemeral);
  sealed.set(box, ephemeral.length);
  return sealed;
}

/** `crypto_box_seal_open`; the recipient's public half is computed. */
export function openAnonymousBytes(
  sealed: Uint8Array,
  recipientSecret: Uint8Array,
  engine: CryptoEngine,
): Uint8Array<ArrayBuffer> | undefined {
  if (sealed.length < SEAL_BYTES) return undefined;
  const ephemeral = sealed.subarray(0, 32);
  const nonce = sealedBoxNonce(ephemeral, engine.x25519PublicKey(recipientSecret));
  return openBoxBytes(sealed.subarray(32), nonce, { publicKey: ephemeral, secretKey: recipientSecret }, engine);
}

/** "expand 32-byte k", the constant of the Salsa20 family. */
const SIGMA = Uint32Array.of(0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);

/** HSalsa20 of the shared point: what NaCl calls `beforenm`. */
function sharedKey(
  secretKey: Uint8Array,
  publicKey: Uint8Array,
  engine: CryptoEngine,
): Uint8Array<ArrayBuffer> | undefined {
  const shared = engine.x25519SharedSecret(secretKey, publicKey);
  if (shared === undefined) return undefined;
  const words = new Uint32Array(8);
  hsalsa(SIGMA, littleEndianWords(shared), new Uint32Array(4), words);
  const key = new Uint8Array(32);
  const view = new DataView(key.buffer);
  for (const [i, word] of words.entries()) view.setUint32(i * 4, word, true);
  return key;
}

function littleEndianWords(bytes: Uint8Array<ArrayBuffer>): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(i * 4, true));
}
