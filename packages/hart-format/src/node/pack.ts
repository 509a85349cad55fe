import type { AbortOptions } from '@hab/core';
import type { HabKey } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';

import { type CompressionLevel, DEFAULT_COMPRESSION_LEVEL } from '../compression.ts';
import { HartError } from '../errors.ts';
import { hartHeaderBytes } from '../header.ts';
import { signHash } from '../signed-content.ts';
import { createHartWorker, type HartWorker } from './hart-worker.ts';
import { withPath } from './io-error.ts';
import { writeAt, writeNewFile } from './new-file.ts';
import type { ProgressOptions } from './progress.ts';

/** Options of {@link packHart}. */
export interface PackOptions extends AbortOptions, ProgressOptions {
  /** The built tree on disk. */
  readonly directory: string;
  /** Where the package believes to be: `layout.prefix(...)`, `/hab/pkgs/<origin>/<name>/<version>/<release>`. */
  readonly prefix: string;
  readonly key: HabKey<'origin-signing-secret'>;
  /** Modification time of every member, in seconds: of the release, or `SOURCE_DATE_EPOCH`. */
  readonly mtimeSec: number;
  /** @defaultValue 6 */
  readonly level?: CompressionLevel | undefined;
  /** @defaultValue one of its own */
  readonly worker?: HartWorker | undefined;
}

/** What was packed. */
export interface PackedHart {
  readonly keyName: string;
  /** BLAKE2b-256 of the body: what was signed. */
  readonly hash: string;
  readonly sizeBytes: number;
  /** Size of the tar inside. */
  readonly unpackedBytes: number;
  readonly members: number;
}

/** What a tar header of eleven octal digits holds. */
const MAX_MTIME_SEC = 0o77777777777;

/**
 * Packs and signs a built package. The bytes depend on the tree's names, content, modes and links, on `prefix`, `mtimeSec`,
 * `level` and `key`, and on nothing else: no user, umask, clock, time zone, directory order or core count. The
 * destination appears whole, mode 0644, or not at all.
 *
 * @throws {@link HartError} `HART_TREE_INVALID`, `HART_IO_FAILED`, `HART_OPTION_INVALID`, `HART_WORKER_FAILED`.
 * @see spec/formats, 9.1 and 17 (16)
 */
export async function packHart(destination: string, options: PackOptions): Promise<PackedHart> {
  const { directory, prefix, key, mtimeSec, level = DEFAULT_COMPRESSION_LEVEL, signal, onProgress } = options;
  if (!Number.isSafeInteger(mtimeSec) || mtimeSec < 0 || mtimeSec > MAX_MTIME_SEC) throw badOption('mtimeSec');
  if (!/^(?:\/[^/\0]+)+$/.test(prefix) || /\/\.\.?(?:\/|$)/.test(prefix)) throw badOption('prefix');
  await using own = options.worker === undefined ? createHartWorker() : undefined;
  const worker = options.worker ?? own;
  if (worker === undefined) throw new Error('one of the two is always there');
  return await withPath(destination, () =>
    writeNewFile(destination, async (handle) => {
      const bodyOffset = hartHeaderBytes(key.namedRevision);
      const job = { type: 'pack', directory, prefix, fd: handle.fd, bodyOffset, mtimeSec, level } as const;
      const report = (bytes: number): void => onProgress?.({ type: 'hart:packed', bytes });
      const { hash, bodyBytes, unpackedBytes, members } = await worker.run(job, { signal, report });
      signal?.throwIfAborted();
      await writeAt(handle, new TextEncoder().encode(signHash(hash, key, { engine: nodeEngine })), 0);
      return { keyName: key.namedRevision, hash, sizeBytes: bodyOffset + bodyBytes, unpackedBytes, members };
    }),
  );
}

function badOption(option: string): HartError<'HART_OPTION_INVALID'> {
  return new HartError('HART_OPTION_INVALID', `Invalid option of packHart: ${option}`, {
    details: { option },
    hint: 'mtimeSec is whole seconds since the epoch; prefix is an absolute path without dots.',
  });
}
