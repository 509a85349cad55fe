import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { thrownBy } from '@hab/core/testing';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { parseHartHeader, toPackageInfo } from '../src/index.ts';
import {
  checksumHart,
  createHartWorker,
  type HartWorker,
  listHart,
  readHartHeader,
  readHartMetadata,
  signHart,
  unpackHart,
  verifyHart,
} from '../src/node/index.ts';

interface Artifact {
  file: string;
  bytes: number;
  blake2b: string;
  key?: string;
  bodyOffset?: number;
  bodyHash?: string;
  signatureText?: string;
  error?: string;
  info?: Record<string, unknown>;
  members?: {
    path: string;
    type: 'dir' | 'file' | 'link';
    mode: string;
    uid: number;
    gid: number;
    size?: number;
    target?: string;
  }[];
  metafiles?: Record<string, string>;
}
const root = new URL('../../../vectors/hart/', import.meta.url);
const { artifacts } = JSON.parse(readFileSync(new URL('artifacts.json', root), 'utf8')) as { artifacts: Artifact[] };
const headers = JSON.parse(readFileSync(new URL('headers.json', root), 'utf8')) as {
  invalid: { name: string; text: string; line: number; message: string }[];
  valid: { name: string; text: string; keyName: string; bodyOffset: number }[];
};
const pathOf = (file: string): string => fileURLToPath(new URL(file, root));
const keysOf = (file: string) => folderKeyCache(pathOf(file.split('/')[0] ?? ''));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let scratch: string;
let worker: HartWorker;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'hab-hart-'));
  worker = createHartWorker();
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
});

describe('headers', () => {
  test.for(headers.invalid)('rejects: $name', ({ text, line, message }) => {
    const error = thrownBy(() => parseHartHeader(bytes(text)));
    expect(error).toMatchObject({ code: 'HART_HEADER_INVALID', details: { line } });
    expect((error as Error).message.startsWith(message)).toBe(true);
  });

  test.for(headers.valid)('accepts: $name', ({ text, keyName, bodyOffset }) => {
    expect(parseHartHeader(bytes(text))).toMatchObject({ keyName, bodyOffset, hashType: 'BLAKE2b' });
  });
});

const readable = artifacts.filter(({ bodyOffset }) => bodyOffset !== undefined);
const good = readable.filter(({ error }) => error === undefined);

describe('artifacts', () => {
  test.for(artifacts)('$file is undamaged', async ({ file, bytes: size, blake2b }) => {
    expect((await readFile(pathOf(file))).length).toBe(size);
    expect(await checksumHart(pathOf(file))).toBe(blake2b);
  });

  test.for(artifacts)('$file verifies, or not, as the original said', async ({ file, key, bodyHash, error }) => {
    const verifying = verifyHart(pathOf(file), keysOf(file));
    if (error === undefined) expect(await verifying).toMatchObject({ keyName: key, hash: bodyHash });
    else await expect(verifying).rejects.toThrow(error);
  });

  test.for(readable)(
    '$file: header and metadata',
    async ({ file, key, bodyOffset, signatureText, info, metafiles, blake2b }) => {
      const header = await readHartHeader(pathOf(file));
      expect(header).toMatchObject({ keyName: key, bodyOffset });
      if (signatureText !== undefined) expect(header.signatureText).toBe(signatureText);
      const { metadata, texts } = await readHartMetadata(pathOf(file));
      expect(toPackageInfo(header, metadata, blake2b)).toMatchObject(info ?? {});
      for (const [name, text] of texts) if (metafiles?.[name] !== undefined) expect(text).toBe(metafiles[name].trim());
    },
  );

  test.for(good)('$file: members', async ({ file, members = [] }) => {
    const listed = (await listHart(pathOf(file))).map(({ path, type, mode, uid, gid, sizeBytes, linkName }) => ({
      path: path.replace(/\/$/, ''),
      type: { file: 'file', directory: 'dir', symlink: 'link', link: 'hard link', none: 'none' }[type ?? 'none'],
      mode: mode.toString(8),
      uid,
      gid,
      size: sizeBytes,
      target: linkName,
    }));
    listed.sort((a, b) => (a.path < b.path ? -1 : 1));
    const wanted = [...members].sort((a, b) => (a.path < b.path ? -1 : 1));
    expect(listed).toHaveLength(wanted.length);
    for (const [i, member] of wanted.entries()) expect(listed[i]).toMatchObject(member);
  });

  test.for(good)('$file unpacks to what its metafiles say', async ({ file, key, bodyHash, info, metafiles = {} }) => {
    const into = join(scratch, file.replaceAll('/', '-'));
    const unpacked = await unpackHart(pathOf(file), { into, keys: keysOf(file), worker });
    expect(unpacked).toMatchObject({ keyName: key, hash: bodyHash, target: 'x86_64-linux' });
    if (info !== undefined) expect(unpacked.directory).toBe(join(into, 'hab/pkgs', String(info['ident'])));
    for (const [name, text] of Object.entries(metafiles)) {
      expect(await readFile(join(unpacked.directory, name), 'utf8')).toBe(text);
    }
  });

  test.for(good)('$file signed again is the same file', async ({ file, bodyOffset, key = '' }) => {
    const whole = await readFile(pathOf(file));
    const [body, signed] = [join(scratch, 'body'), join(scratch, 'signed')];
    await writeFile(body, whole.subarray(bodyOffset));
    await signHart(body, signed, { key: await keysOf(file).get('origin-signing-secret', key) });
    expect((await readFile(signed)).equals(whole)).toBe(true);
  });
});
