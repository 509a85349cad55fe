import type { RandomSource } from '@hab/core';

import { openAnonymousBytes, openBoxBytes, sealAnonymousBytes, sealBox } from './box.ts';
import type { EngineOptions } from './engine.ts';
import type { AnonymousBox, SignedBox } from './envelope.ts';
import { KeysError } from './errors.ts';
import type { HabKey } from './key.ts';
import type { BoxPublicKind, BoxSecretKind } from './kinds.ts';
import { portableEngine } from './portable-engine.ts';
import { NONCE_BYTES } from './secretbox.ts';

/** Who writes to whom. */
export interface BoxWriting extends EngineOptions {
  readonly sender: HabKey<BoxSecretKind>;
  readonly recipient: HabKey<BoxPublicKind>;
  /** Where the nonce comes from. */
  readonly random: RandomSource;
}

/**
 * Encrypts for a recipient so that it knows the sender (`crypto_box_easy`).
 *
 * @throws {@link KeysError} `KEYS_DECRYPTION_FAILED` for a recipient's key that cannot work.
 * @see spec/formats, 8
 */
export function encryptBox(message: Uint8Array, writing: BoxWriting): SignedBox {
  const { sender, recipient, random, engine = portableEngine } = writing;
  const nonce = random.bytes(NONCE_BYTES);
  const keys = { publicKey: recipient.copyMaterial(), secretKey: sender.copyMaterial() };
  const ciphertext = sealBox(message, nonce, keys, engine) ?? refuseWeakKey(recipient.namedRevision);
  const encryptor = sender.namedRevision;
  return { type: 'signed-box', encryptor, decryptor: recipient.namedRevision, nonce, ciphertext };
}

/** Encrypts for a depot itself: sender and recipient are its one key. */
export function encryptBldrBox(
  message: Uint8Array,
  key: HabKey<'bldr-secret'>,
  { random, engine = portableEngine }: EngineOptions & { readonly random: RandomSource },
): SignedBox {
  const secretKey = key.copyMaterial();
  const nonce = random.bytes(NONCE_BYTES);
  const keys = { publicKey: engine.x25519PublicKey(secretKey), secretKey };
  const ciphertext = sealBox(message, nonce, keys, engine) ?? refuseWeakKey(key.namedRevision);
  return { type: 'signed-box', encryptor: key.namedRevision, decryptor: key.namedRevision, nonce, ciphertext };
}

/** The two keys that open a signed box, looked up by the names in it. */
export interface BoxReading extends EngineOptions {
  readonly sender: HabKey<BoxPublicKind>;
  readonly recipient: HabKey<BoxSecretKind>;
}

/**
 * Decrypts and proves the sender.
 *
 * @returns The message, a fresh array.
 * @throws {@link KeysError} `KEYS_DECRYPTION_FAILED`, text
 *   `Secret key, public key, and nonce could not decrypt ciphertext`; also for keys of other names than the box gives.
 */
export function decryptBox(box: SignedBox, reading: BoxReading): Uint8Array<ArrayBuffer> {
  const { sender, recipient, engine = portableEngine } = reading;
  const named = sender.namedRevision === box.encryptor && recipient.namedRevision === box.decryptor;
  const keys = { publicKey: sender.copyMaterial(), secretKey: recipient.copyMaterial() };
  const plain = named ? openBoxBytes(box.ciphertext, box.nonce, keys, engine) : undefined;
  return plain ?? refuseBox(recipient.namedRevision);
}

/**
 * Decrypts what a depot encrypted for itself.
 *
 * @throws {@link KeysError} `KEYS_DECRYPTION_FAILED`, also for a box of another revision of the key.
 */
export function decryptBldrBox(
  box: SignedBox,
  key: HabKey<'bldr-secret'>,
  { engine = portableEngine }: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  const named = box.encryptor === key.namedRevision && box.decryptor === key.namedRevision;
  const secretKey = key.copyMaterial();
  const keys = { publicKey: engine.x25519PublicKey(secretKey), secretKey };
  const plain = named ? openBoxBytes(box.ciphertext, box.nonce, keys, engine) : undefined;
  return plain ?? refuseBox(key.namedRevision);
}

/** Encrypts for the owner of a key without saying who wrote it (`crypto_box_seal`). */
export function encryptAnonymousBox(
  message: Uint8Array,
  recipient: HabKey<BoxPublicKind>,
  { random, engine = portableEngine }: EngineOptions & { readonly random: RandomSource },
): AnonymousBox {
  const sealed = sealAnonymousBytes(message, recipient.copyMaterial(), random, engine);
  const ciphertext = sealed ?? refuseWeakKey(recipient.namedRevision);
  return { type: 'anonymous-box', recipient: recipient.namedRevision, ciphertext };
}

/**
 * Decrypts an anonymous box.
 *
 * @throws {@link KeysError} `KEYS_DECRYPTION_FAILED`, text `Could not decrypt origin encrypted secret`; also for a key
 *   of another name than the box gives.
 */
export function decryptAnonymousBox(
  box: AnonymousBox,
  recipient: HabKey<BoxSecretKind>,
  { engine = portableEngine }: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  const named = box.recipient === recipient.namedRevision;
  const plain = named ? openAnonymousBytes(box.ciphertext, recipient.copyMaterial(), engine) : undefined;
  return plain ?? refuse('Could not decrypt origin encrypted secret', recipient.namedRevision);
}

function refuseBox(namedRevision: string): never {
  return refuse('Secret key, public key, and nonce could not decrypt ciphertext', namedRevision);
}

function refuseWeakKey(namedRevision: string): never {
  return refuse(`Key ${namedRevision} cannot be encrypted for`, namedRevision);
}

function refuse(message: string, namedRevision: string): never {
  throw new KeysError('KEYS_DECRYPTION_FAILED', message, {
    details: { namedRevision },
    hint: 'Check that sender and recipient hold the same revisions of their keys, and encrypt again.',
  });
}
