import { randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { crc32 } from 'node:zlib';
import { toHex } from '@hab/core';
import { FakeClock, seededRandom } from '@hab/core/testing';
import { generateOriginKeyPair, hashBytes, memoryKeyCache, type OriginKeyPair } from '@hab/crypto-keys';
import { xz } from '@napi-rs/lzma';
import { pack } from 'tar-stream';

import { signHash } from '../src/index.ts';

/* Artifacts as an enemy with a trusted key would make them: built here byte by byte, not by the packer under test. */

export const IDENT = 'acme/evil/1.0/20260101000000';
export const PREFIX: string = `hab/pkgs/${IDENT}`;

/** A pair named `<origin>-19700101000000`: same name, other seed is another key. */
export function keyPair(seed: number, name = 'acme'): OriginKeyPair {
  return generateOriginKeyPair({ name, clock: new FakeClock(), random: seededRandom(seed) });
}

export const trusted: OriginKeyPair = keyPair(1);

/** Keys of a reader that trusts exactly these. */
export async function trusting(...pairs: OriginKeyPair[]): Promise<ReturnType<typeof memoryKeyCache>> {
  const keys = memoryKeyCache();
  for (const pair of pairs) await keys.write(pair.public);
  return keys;
}

export type MemberType = NonNullable<NonNullable<Parameters<ReturnType<typeof pack>['entry']>[0]>['type']>;

/** One member; a file of its own name as content unless told otherwise. */
export interface Member {
  readonly name: string;
  readonly type?: MemberType;
  readonly linkname?: string;
  readonly mode?: number;
  readonly content?: string;
}

/** What makes a package of any archive. */
export const IDENTITY: readonly Member[] = [
  { name: `${PREFIX}/`, type: 'directory', mode: 0o755 },
  { name: `${PREFIX}/IDENT`, content: `${IDENT}\n` },
  { name: `${PREFIX}/TARGET`, content: 'x86_64-linux\n' },
];

export async function tarOf(members: readonly Member[]): Promise<Uint8Array> {
  const archive = pack();
  for (const { name, type = 'file', linkname, mode = 0o644, content = name } of members) {
    const header = { name, type, mode, mtime: new Date(0), uid: 1000, gid: 1000 };
    const full = linkname === undefined ? header : { ...header, linkname };
    if (type === 'file') archive.entry(full, content);
    else archive.entry(full);
  }
  archive.finalize();
  return buffer(archive);
}

/** One GNU or ustar block with any type flag, and content; checksum right. */
export function rawMember(flag: string, name: string, content: Uint8Array, sizeField?: string): Uint8Array {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100, 'latin1');
  block.write('0000644\x000000000\x000000000\0', 100, 'latin1');
  block.write(sizeField ?? `${content.length.toString(8).padStart(11, '0')}\0`, 124, 12, 'latin1');
  block.write(`${'0'.repeat(11)}\0        ${flag}`, 136, 'latin1');
  block.write('ustar  \0', 257, 'latin1');
  return Buffer.concat([fixChecksum(block), content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

/** Puts the right sum into a tar header block, in place. */
export function fixChecksum(block: Uint8Array): Uint8Array {
  block.fill(0x20, 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `, 'latin1'), 148);
  return block;
}

/** A whole artifact with the right signature over any body. */
export function signed(body: Uint8Array, { secret }: OriginKeyPair = trusted): Uint8Array {
  return Buffer.concat([Buffer.from(signHash(toHex(hashBytes(body)), secret)), body]);
}

export async function artifactOf(members: readonly Member[]): Promise<Uint8Array> {
  return signed(xz.compressSync(await tarOf(members)));
}

/** An xz stream of the first block of `stream`, again and again; the index says so, or claims `claimedBytes` a block. */
export function repeatBlock(
  stream: Uint8Array,
  times: number,
  unpackedBytes: number,
  claimed: number = unpackedBytes,
): Buffer {
  const bytes = Buffer.from(stream);
  const indexAt = bytes.length - 12 - (bytes.readUInt32LE(bytes.length - 8) + 1) * 4;
  const block = bytes.subarray(12, indexAt);
  const { value: unpaddedBytes } = variableLength(bytes, indexAt + 2);
  const record = Buffer.from([...encodeVariable(unpaddedBytes), ...encodeVariable(claimed)]);
  const records = Buffer.concat([Buffer.from([0, ...encodeVariable(times)]), ...Array<Buffer>(times).fill(record)]);
  const padded = Buffer.concat([records, Buffer.alloc((4 - (records.length % 4)) % 4)]);
  const index = Buffer.concat([padded, littleEndian(crc32(padded))]);
  const backward = Buffer.concat([littleEndian(index.length / 4 - 1), bytes.subarray(6, 8)]);
  const footer = Buffer.concat([littleEndian(crc32(backward)), backward, Buffer.from('YZ')]);
  return Buffer.concat([bytes.subarray(0, 12), ...Array<Buffer>(times).fill(block), index, footer]);
}

function variableLength(bytes: Buffer, offset: number): { readonly value: number } {
  let value = 0;
  for (let i = 0; ; i++) {
    const byte = bytes.readUInt8(offset + i);
    value += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return { value };
  }
}

function encodeVariable(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...encodeVariable(Math.floor(value / 128))];
}

function littleEndian(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** A folder with secrets beside it that no artifact may touch. */
export interface Arena {
  /** Writes an artifact to a file of its own. */
  file(bytes: Uint8Array): Promise<string>;
  /** A staging path that does not exist yet. */
  staging(): string;
  /** Absolute path of a file that must survive. */
  readonly canary: string;
  /** Everything there is with type, mode and content, artifacts aside. */
  snapshot(): Promise<string[]>;
}

export async function createArena(root: string): Promise<Arena> {
  const outside = join(root, 'outside');
  await mkdir(outside, { recursive: true });
  await mkdir(join(root, 'artifacts'));
  await mkdir(join(root, 'staging'));
  const canary = join(outside, 'canary');
  await writeFile(canary, 'alive', { mode: 0o600 });
  const fresh = (): string => randomBytes(6).toString('hex');
  return {
    canary,
    staging: () => join(root, 'staging', fresh()),
    async file(bytes) {
      const path = join(root, 'artifacts', `${fresh()}.hart`);
      await writeFile(path, bytes);
      return path;
    },
    async snapshot() {
      return [...(await readdir(root)), ...(await tree(outside)), ...(await tree(join(root, 'staging')))];
    },
  };
}

/** One line for each entry below a folder, sorted; links are not followed. */
export async function tree(root: string): Promise<string[]> {
  const lines: string[] = [];
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const { mode, nlink } = await lstat(path);
    const content = entry.isFile()
      ? `${nlink} ${await readFile(path, 'latin1')}`
      : entry.isSymbolicLink()
        ? await readlink(path)
        : '';
    lines.push(`${path.slice(root.length + 1)} ${mode.toString(8)} ${content}`);
  }
  return lines.sort();
}
