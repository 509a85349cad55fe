import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { HabKey } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';

import { HartError } from '../errors.ts';
import { type HartHeader, MAX_HEADER_BYTES, parseHartHeader } from '../header.ts';
import { openSignedHash } from '../signed-content.ts';
import { withPath } from './io-error.ts';

/** Where public signing keys come from: a key cache, or anything else that looks them up. */
export interface SigningKeys {
  get(kind: 'origin-signing-public', namedRevision: string): Promise<HabKey<'origin-signing-public'>>;
}

/** An open artifact whose header has been read; nothing in it is authentic yet. */
export interface HartFile extends AsyncDisposable {
  readonly path: string;
  readonly header: HartHeader;
  /** Size of the file. */
  readonly sizeBytes: number;
  readonly bodyBytes: number;
  /** Descriptor of the open file, for this package's own functions. */
  readonly fd: number;
}

/**
 * Opens an artifact and reads its header. Close it, best with `await using`.
 *
 * @throws {@link HartError} `HART_IO_FAILED`, `HART_HEADER_INVALID`.
 */
export async function openHart(path: string): Promise<HartFile> {
  return await withPath(path, async () => {
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readHeader(path, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

/** Reads the header alone. @throws What {@link openHart} throws. */
export async function readHartHeader(path: string): Promise<HartHeader> {
  await using file = await openHart(path);
  return file.header;
}

/**
 * The hash that an artifact's signer vouches for. The body has not been looked at.
 *
 * @throws {@link KeysError} from looking up the key, `KEYS_VERIFICATION_FAILED`, `KEYS_HASH_INVALID`.
 */
export async function readSignedHash(file: HartFile, keys: SigningKeys): Promise<string> {
  const key = await keys.get('origin-signing-public', file.header.keyName);
  return openSignedHash(file.header, key, { engine: nodeEngine });
}

async function readHeader(path: string, handle: FileHandle): Promise<HartFile> {
  const stats = await handle.stat();
  if (!stats.isFile()) {
    throw new HartError('HART_IO_FAILED', `${path}: not a file`, {
      details: { path, systemCode: stats.isDirectory() ? 'EISDIR' : 'EINVAL' },
      hint: 'Give the path of a .hart file.',
    });
  }
  const { buffer, bytesRead } = await handle.read(new Uint8Array(MAX_HEADER_BYTES), 0, MAX_HEADER_BYTES, 0);
  const header = parseHartHeader(buffer.subarray(0, bytesRead));
  return {
    path,
    header,
    sizeBytes: stats.size,
    bodyBytes: stats.size - header.bodyOffset,
    fd: handle.fd,
    [Symbol.asyncDispose]: () => handle.close(),
  };
}
