import type { AbortOptions } from '@hab/core';
import { hashChunks } from '@hab/crypto-keys';
import { hashFile } from '@hab/crypto-keys/node';

import { requireSameHash } from '../hash-verdict.ts';
import type { HartHeader } from '../header.ts';
import { readChunks } from './file-chunks.ts';
import { type HartFile, openHart, readSignedHash, type SigningKeys } from './hart-file.ts';
import { withPath } from './io-error.ts';
import type { ProgressOptions } from './progress.ts';

/** Options of {@link verifyHart}. */
export interface VerifyOptions extends AbortOptions, ProgressOptions {}

/** What was proven. */
export interface VerifiedHart {
  readonly header: HartHeader;
  /** Named revision of the key that signed it. */
  readonly keyName: string;
  /** BLAKE2b-256 of the body: what was signed. Not the published checksum, which covers the whole file. */
  readonly hash: string;
}

/**
 * Checks that a file is what its signer signed.
 *
 * @throws {@link HartError} `HART_HEADER_INVALID`, `HART_HASH_MISMATCH`, `HART_IO_FAILED`; {@link KeysError} from the
 *   lookup of the key, `KEYS_VERIFICATION_FAILED`. In this order: header, key, signature, hash.
 * @see spec/formats, 9.3
 */
export async function verifyHart(path: string, keys: SigningKeys, options: VerifyOptions = {}): Promise<VerifiedHart> {
  return await withPath(path, async () => {
    await using file = await openHart(path);
    return await verifyOpenHart(file, keys, options);
  });
}

async function verifyOpenHart(file: HartFile, keys: SigningKeys, options: VerifyOptions): Promise<VerifiedHart> {
  const { signal, onProgress } = options;
  const expected = await readSignedHash(file, keys);
  const hash = await hashChunks(readChunks(file.fd, file.header.bodyOffset), {
    signal,
    onProgress: ({ bytes }) => onProgress?.({ type: 'hart:hashed', bytes }),
  });
  requireSameHash(expected, hash);
  return { header: file.header, keyName: file.header.keyName, hash };
}

/**
 * The checksum under which depots publish an artifact: BLAKE2b-256 of the whole file. Says nothing about its signature.
 *
 * @throws {@link HartError} `HART_IO_FAILED`.
 */
export async function checksumHart(path: string, options: VerifyOptions = {}): Promise<string> {
  const { signal, onProgress } = options;
  return await withPath(path, () =>
    hashFile(path, { signal, onProgress: ({ bytes }) => onProgress?.({ type: 'hart:hashed', bytes }) }),
  );
}
