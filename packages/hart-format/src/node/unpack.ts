import { chmod, mkdir } from 'node:fs/promises';
import type { AbortOptions } from '@hab/core';
import { removeTree } from '@hab/core/node';
import type { FullIdent, PackageTarget } from '@hab/ident';

import { type ArchiveLimits, DEFAULT_ARCHIVE_LIMITS } from '../limits.ts';
import { type HartFile, openHart, readSignedHash, type SigningKeys } from './hart-file.ts';
import { createHartWorker, type HartWorker } from './hart-worker.ts';
import { withPath } from './io-error.ts';
import type { ProgressOptions } from './progress.ts';

/** Options of {@link unpackHart}. */
export interface UnpackOptions extends AbortOptions, ProgressOptions {
  /** Private staging directory: made with mode 0700, must not exist; gone again after a failure. */
  readonly into: string;
  readonly keys: SigningKeys;
  /** Refuses any other package. */
  readonly expectedIdent?: FullIdent | undefined;
  /** @defaultValue {@link DEFAULT_ARCHIVE_LIMITS} */
  readonly limits?: Partial<ArchiveLimits> | undefined;
  /** @defaultValue one of its own */
  readonly worker?: HartWorker | undefined;
}

/** A verified package in staging. */
export interface UnpackedHart {
  /** By `IDENT` and by the paths of the members, which agree. */
  readonly ident: FullIdent;
  readonly target: PackageTarget;
  /** The package's own directory, `<into>/hab/pkgs/<origin>/<name>/<version>/<release>`: rename it to its place. */
  readonly directory: string;
  /** Named revision of the key that signed it. Whether it may sign this origin is the caller's to check. */
  readonly keyName: string;
  /** BLAKE2b-256 of the body. */
  readonly hash: string;
  readonly members: number;
}

/**
 * Verifies and unpacks in one pass over the file. Whatever is wrong, header, key, signature, hash, xz, tar, a path, a
 * limit, the disk: the staging directory is gone when this rejects. Modes and times of members are kept, owners are not.
 *
 * @throws {@link HartError} every code but `HART_TREE_INVALID` and `HART_OPTION_INVALID`; {@link KeysError} about the
 *   key and the signature; the signal's reason.
 * @see spec/formats, 9.3, 12.5 and 17 (3)
 */
export async function unpackHart(path: string, options: UnpackOptions): Promise<UnpackedHart> {
  return await withPath(path, async () => {
    await using file = await openHart(path);
    return await unpackOpenHart(file, options);
  });
}

async function unpackOpenHart(file: HartFile, options: UnpackOptions): Promise<UnpackedHart> {
  const { into, keys, expectedIdent, signal, onProgress } = options;
  const signedHash = await readSignedHash(file, keys);
  const limits = { ...DEFAULT_ARCHIVE_LIMITS, ...options.limits };
  await using own = options.worker === undefined ? createHartWorker() : undefined;
  const worker = options.worker ?? own;
  if (worker === undefined) throw new Error('one of the two is always there');
  return await withPath(into, async () => {
    await mkdir(into, { mode: 0o700 });
    try {
      await chmod(into, 0o700); // the umask must not widen nor narrow it
      const extent = { fd: file.fd, bodyOffset: file.header.bodyOffset, bodyBytes: file.bodyBytes };
      const job = { type: 'unpack', into, signedHash, expectedIdent, limits, ...extent } as const;
      const report = (bytes: number): void => onProgress?.({ type: 'hart:unpacked', bytes });
      const result = await worker.run(job, { signal, report });
      signal?.throwIfAborted();
      return { ...result, keyName: file.header.keyName, hash: signedHash };
    } catch (error) {
      await removeTree(into);
      throw error;
    }
  });
}
