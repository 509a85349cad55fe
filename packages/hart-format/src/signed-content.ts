import { toHex } from '@hab/core';
import {
  createSigner,
  createVerifier,
  type EngineOptions,
  type HabKey,
  hashBytes,
  parseBlake2bHash,
} from '@hab/crypto-keys';

import { HartError } from './errors.ts';
import { requireSameHash } from './hash-verdict.ts';
import { formatHartHeader, type HartHeader, parseHartHeader } from './header.ts';

/**
 * The header of a body.
 *
 * @param hash - BLAKE2b-256 of the body, 64 lower-case hex digits.
 */
export function signHash(hash: string, key: HabKey<'origin-signing-secret'>, options: EngineOptions = {}): string {
  return formatHartHeader(key.namedRevision, createSigner(key, options)(new TextEncoder().encode(hash)));
}

/**
 * The hash that a header vouches for.
 *
 * @param key - The key that line 2 names.
 * @returns 64 lower-case hex digits.
 * @throws {@link KeysError} `KEYS_VERIFICATION_FAILED`, `KEYS_HASH_INVALID`; {@link HartError} `HART_SIGNED_HASH_INVALID`.
 * @see spec/formats, 9.3
 */
export function openSignedHash(
  header: HartHeader,
  key: HabKey<'origin-signing-public'>,
  options: EngineOptions = {},
): string {
  const signed = createVerifier(key, options)(header.signedHash);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(signed);
  } catch (cause) {
    throw new HartError('HART_SIGNED_HASH_INVALID', 'Error parsing artifact hash', {
      details: { keyName: header.keyName },
      cause,
    });
  }
  return parseBlake2bHash(text);
}

/** Signs small content in memory, as the `FILES` metafile is: header, then the content itself. */
export function signContent(
  content: Uint8Array,
  key: HabKey<'origin-signing-secret'>,
  options: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  const header = new TextEncoder().encode(signHash(toHex(hashBytes(content)), key, options));
  const signed = new Uint8Array(header.length + content.length);
  signed.set(header);
  signed.set(content, header.length);
  return signed;
}

/**
 * Checks small signed content.
 *
 * @returns The content, a copy.
 * @throws What {@link parseHartHeader} and {@link openSignedHash} throw, and `HART_HASH_MISMATCH`.
 */
export function verifyContent(
  signed: Uint8Array,
  key: HabKey<'origin-signing-public'>,
  options: EngineOptions = {},
): Uint8Array<ArrayBuffer> {
  const header = parseHartHeader(signed);
  const expected = openSignedHash(header, key, options);
  const content = new Uint8Array(signed.subarray(header.bodyOffset));
  requireSameHash(expected, toHex(hashBytes(content)));
  return content;
}
