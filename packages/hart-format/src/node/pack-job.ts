import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { createBlake2bHasher } from '@hab/crypto-keys/blake2b';

import type { CompressionLevel } from '../compression.ts';
import { type ByteString, encodeByteString } from '../member-path.ts';
import { formatTarMember, tarEndBytes, tarPadding } from '../tar-format.ts';
import { absolute, invalidTree, type TreeEntry, walkTree } from './tree-walk.ts';
import { XzEncoder } from './xz-encoder.ts';

/** What the worker is to pack; goes through structured clone. */
export interface PackJob {
  readonly type: 'pack';
  readonly directory: string;
  /** The package as it sees itself: `/hab/pkgs/…`. */
  readonly prefix: string;
  /** Open for writing; stays the caller's. */
  readonly fd: number;
  /** Where the body begins: the header is written later, when the hash is known. */
  readonly bodyOffset: number;
  readonly mtimeSec: number;
  readonly level: CompressionLevel;
}

/** What was packed. */
export interface PackResult {
  /** BLAKE2b-256 of the body, 64 lower-case hex digits. */
  readonly hash: string;
  readonly bodyBytes: number;
  /** Size of the tar. */
  readonly unpackedBytes: number;
  readonly members: number;
}

/** One pass over the tree: tar, compress, hash, write. */
export async function runPackJob(job: PackJob, checkpoint: (unpackedBytes: number) => void): Promise<PackResult> {
  const hasher = await createBlake2bHasher();
  let bodyBytes = 0;
  const encoder = new XzEncoder(job.level, (bytes) => {
    hasher.update(bytes);
    for (let at = 0; at < bytes.length; ) at += writeSync(job.fd, bytes, at, null, job.bodyOffset + bodyBytes + at);
    bodyBytes += bytes.length;
  });
  const tar = new TarWriter((chunk) => encoder.update(chunk), checkpoint);
  let members = 0;
  for (const entry of walkTree(job.directory)) {
    members += 1;
    tar.header(entry, encodeByteString(job.prefix.replace(/^\/+/, '')), job.mtimeSec);
    if (entry.type === 'file') await tar.content(job.directory, entry);
  }
  const unpackedBytes = tar.end();
  await encoder.finish();
  return { hash: hasher.digestHex(), bodyBytes, unpackedBytes, members };
}

/** Small members share one chunk: a call into the encoder for each would cost more than the work. */
const CHUNK_BYTES: number = 256 * 1024;

class TarWriter {
  readonly #chunk = new Uint8Array(CHUNK_BYTES);
  readonly #flush: (chunk: Uint8Array) => void;
  readonly #checkpoint: (unpackedBytes: number) => void;
  #filled = 0;
  #total = 0;

  constructor(flush: (chunk: Uint8Array) => void, checkpoint: (unpackedBytes: number) => void) {
    this.#flush = flush;
    this.#checkpoint = checkpoint;
  }

  header(entry: TreeEntry, prefix: ByteString, mtimeSec: number): void {
    const path = entry.path === '' ? prefix : `${prefix}/${entry.path}`;
    const { type, mode, sizeBytes } = entry;
    const name = type === 'directory' ? `${path}/` : path;
    const linkName = type === 'link' ? `${prefix}/${entry.linkName}` : entry.linkName;
    this.#add(formatTarMember({ type, name, mode, mtimeSec, sizeBytes, linkName }));
  }

  /** Reads straight into the chunk. A file that grows or shrinks meanwhile would corrupt the archive: an error. */
  async content(root: string, entry: TreeEntry): Promise<void> {
    const fd = openSync(absolute(root, entry.path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      if (!fstatSync(fd).isFile()) throw invalidTree(root, entry.path, 'changed');
      for (let left = entry.sizeBytes; left > 0; ) {
        const wanted = Math.min(left, CHUNK_BYTES - this.#filled);
        const count = readSync(fd, this.#chunk, this.#filled, wanted, null);
        if (count === 0) throw invalidTree(root, entry.path, 'changed');
        left -= count;
        this.#advance(count);
        if (this.#filled === 0) await setImmediate(); // the encoder's memory is given back between turns of the event loop
      }
      if (readSync(fd, new Uint8Array(1)) !== 0) throw invalidTree(root, entry.path, 'changed');
    } finally {
      closeSync(fd);
    }
    this.#zeros(tarPadding(entry.sizeBytes));
  }

  /** @returns Size of the archive in bytes. */
  end(): number {
    this.#zeros(tarEndBytes(this.#total));
    if (this.#filled > 0) this.#flush(this.#chunk.subarray(0, this.#filled));
    this.#filled = 0;
    return this.#total;
  }

  #zeros(count: number): void {
    this.#add(new Uint8Array(count));
  }

  #add(bytes: Uint8Array): void {
    for (let offset = 0; offset < bytes.length; ) {
      const part = bytes.subarray(offset, offset + CHUNK_BYTES - this.#filled);
      this.#chunk.set(part, this.#filled);
      offset += part.length;
      this.#advance(part.length);
    }
  }

  #advance(count: number): void {
    this.#filled += count;
    this.#total += count;
    if (this.#filled < CHUNK_BYTES) return;
    this.#flush(this.#chunk);
    this.#filled = 0;
    this.#checkpoint(this.#total);
  }
}
