import { HabError, isHabError } from '@hab/core';

/** What was wrong with the text of a key. */
export type KeyTextProblem =
  | 'too-long'
  | 'not-utf8'
  | 'version-missing'
  | 'version-unsupported'
  | 'name-missing'
  | 'material-missing'
  | 'material-not-base64'
  | 'material-length';

/** What was wrong with the text of an encrypted payload. */
export type EnvelopeProblem =
  | 'too-long'
  | 'not-utf8'
  | 'version-missing'
  | 'version-unsupported'
  | 'encryptor-missing'
  | 'decryptor-missing'
  | 'recipient-missing'
  | 'nonce-missing'
  | 'nonce-not-base64'
  | 'nonce-length'
  | 'ciphertext-missing'
  | 'ciphertext-not-base64';

/** One entry per code: what `details` carries. Never key material. */
export interface KeysErrorDetails {
  /** Not `<name>-<14 digits>`. */
  KEYS_NAMED_REVISION_INVALID: { readonly text: string };
  /** A name that cannot be part of a key file. */
  KEYS_NAME_INVALID: { readonly name: string };
  /** The text of a key does not parse as the wanted kind. */
  KEYS_KEY_INVALID: { readonly problem: KeyTextProblem; readonly namedRevision?: string | undefined };
  /** A secret signing key whose two halves do not belong together, or two keys that are no pair. */
  KEYS_PAIR_MISMATCH: { readonly namedRevision: string };
  KEYS_VERIFICATION_FAILED: { readonly namedRevision: string };
  KEYS_DECRYPTION_FAILED: { readonly namedRevision: string };
  KEYS_NONCE_INVALID: { readonly lengthBytes: number };
  KEYS_ENVELOPE_INVALID: { readonly problem: EnvelopeProblem };
  KEYS_HASH_INVALID: { readonly text: string };
  /** No key of that kind under that named revision. */
  KEYS_NOT_FOUND: { readonly kind: string; readonly namedRevision: string; readonly path: string };
  /** No usable key of that kind under that name. */
  KEYS_NO_REVISIONS: { readonly kind: string; readonly name: string };
  /** The file's text names another key than the file name does. */
  KEYS_FILE_MISNAMED: { readonly path: string; readonly namedRevision: string };
  /** Another key is stored under the same name. */
  KEYS_EXISTS: { readonly path: string };
  /** The cache could not be read or written. */
  KEYS_CACHE_FAILED: { readonly path: string };
}
export type KeysErrorCode = keyof KeysErrorDetails;

/** The one error class of this package. */
export class KeysError<C extends KeysErrorCode = KeysErrorCode> extends HabError<C, KeysErrorDetails[C]> {
  override readonly name = 'KeysError';
}

/** Tells an error of this package by its code, across copies of the package. */
export function isKeysError<C extends KeysErrorCode>(value: unknown, code: C): value is KeysError<C> {
  return isHabError(value, code);
}

/**
 * What the originals print in front of every text of this package that the specification pins. Messages here come
 * without it; a program that prints for humans adds it.
 */
export const CRYPTO_ERROR_PREFIX = 'Crypto error: ';

const SHOWN_CHARS = 120;
/** 24 bytes or more in base64 or hex: the shortest key has 32. */
const LOOKS_LIKE_MATERIAL = /[A-Za-z0-9+/=]{32,}/g;

/**
 * A line of a key file as an error may show it. A file with a line missing or out of place could have its key material
 * there: what looks like it is not shown.
 */
export function shownLine(line: string): string {
  const harmless = line.replace(LOOKS_LIKE_MATERIAL, ({ length }) => `(${length} characters)`);
  return harmless.length > SHOWN_CHARS ? `${harmless.slice(0, SHOWN_CHARS)}…` : harmless;
}
