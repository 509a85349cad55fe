import { open } from 'node:fs/promises';
import type { AbortOptions } from '@hab/core';
import { createBlake2bHasher, type HabKey } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';

import { hartHeaderBytes } from '../header.ts';
import { signHash } from '../signed-content.ts';
import { readChunks } from './file-chunks.ts';
import { withPath } from './io-error.ts';
import { writeAt, writeNewFile } from './new-file.ts';
import type { ProgressOptions } from './progress.ts';

/** Options of {@link signHart}. */
export interface SignOptions extends AbortOptions, ProgressOptions {
  readonly key: HabKey<'origin-signing-secret'>;
}

/** What was signed. */
export interface SignedHart {
  readonly keyName: string;
  /** BLAKE2b-256 of the content. */
  readonly hash: string;
}

/**
 * Signs any file: header, then the file's bytes. Reads the source once; the destination appears whole, mode 0644, or not
 * at all. Deterministic.
 *
 * @throws {@link HartError} `HART_IO_FAILED`; {@link KeysError} `KEYS_PAIR_MISMATCH`.
 * @see spec/formats, 9.1
 */
export async function signHart(source: string, destination: string, options: SignOptions): Promise<SignedHart> {
  const { key, signal, onProgress } = options;
  return await withPath(source, async () => {
    await using input = await open(source, 'r');
    return await withPath(destination, () =>
      writeNewFile(destination, async (output) => {
        const hasher = await createBlake2bHasher();
        const bodyOffset = hartHeaderBytes(key.namedRevision);
        let bytes = 0;
        for await (const chunk of readChunks(input.fd, 0)) {
          signal?.throwIfAborted();
          hasher.update(chunk);
          await writeAt(output, chunk, bodyOffset + bytes);
          bytes += chunk.length;
          onProgress?.({ type: 'hart:signed', bytes });
        }
        const hash = hasher.digestHex();
        await writeAt(output, new TextEncoder().encode(signHash(hash, key, { engine: nodeEngine })), 0);
        return { keyName: key.namedRevision, hash };
      }),
    );
  });
}
