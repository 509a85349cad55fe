import { equalBytes } from '@hab/core';

import type { EngineOptions } from './engine.ts';
import { KeysError } from './errors.ts';
import type { HabKey } from './key.ts';
import { portableEngine } from './portable-engine.ts';

/** Bytes of the signature in front of a signed message. */
export const SIGNATURE_BYTES = 64;

/**
 * Signs: 64-byte Ed25519 signature, then the message. Deterministic.
 *
 * @throws {@link KeysError} `KEYS_PAIR_MISMATCH` when the public half inside the key is not that of its seed.
 * @see spec/formats, 6
 */
export function sign(
  message: Uint8Array,
  key: HabKey<'origin-signing-secret'>,
  options: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  return createSigner(key, options)(message);
}

/** Prepares {@link sign} for many messages. */
export function createSigner(
  key: HabKey<'origin-signing-secret'>,
  { engine = portableEngine }: EngineOptions = {},
): (message: Uint8Array) => Uint8Array<ArrayBuffer> {
  const material = key.copyMaterial();
  const seed = material.subarray(0, 32);
  if (!equalBytes(engine.ed25519PublicKey(seed), material.subarray(32))) {
    throw new KeysError('KEYS_PAIR_MISMATCH', `Secret key ${key.namedRevision} is damaged: its halves differ`, {
      details: { namedRevision: key.namedRevision },
      hint: 'Import the key again from a backup, or generate a new one.',
    });
  }
  const signer = engine.ed25519Signer(seed);
  return (message) => {
    const signed = new Uint8Array(SIGNATURE_BYTES + message.length);
    signed.set(signer(message));
    signed.set(message, SIGNATURE_BYTES);
    return signed;
  };
}

/**
 * Checks a signed message.
 *
 * @returns The message, a copy.
 * @throws {@link KeysError} `KEYS_VERIFICATION_FAILED`, text `Verification failed`.
 */
export function verify(
  signed: Uint8Array,
  key: HabKey<'origin-signing-public'>,
  options: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  return createVerifier(key, options)(signed);
}

/** Prepares {@link verify} for many messages. */
export function createVerifier(
  key: HabKey<'origin-signing-public'>,
  { engine = portableEngine }: EngineOptions = {},
): (signed: Uint8Array) => Uint8Array<ArrayBuffer> {
  const verifier = engine.ed25519Verifier(key.copyMaterial());
  return (signed) => {
    const message = new Uint8Array(signed.subarray(SIGNATURE_BYTES));
    if (signed.length >= SIGNATURE_BYTES && verifier(signed.subarray(0, SIGNATURE_BYTES), message)) return message;
    throw new KeysError('KEYS_VERIFICATION_FAILED', 'Verification failed', {
      details: { namedRevision: key.namedRevision },
      hint: `The content was changed, or not signed with ${key.namedRevision}. Fetch it again from a source you trust.`,
    });
  };
}

/** The public half that a secret signing key carries. */
export function signingPublicKey(
  key: HabKey<'origin-signing-secret'>,
  { engine = portableEngine }: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  return engine.ed25519PublicKey(key.copyMaterial().subarray(0, 32));
}
