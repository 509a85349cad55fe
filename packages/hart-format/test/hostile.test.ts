import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHabError } from '@hab/core';
import { rejectionOf, seededRandom } from '@hab/core/testing';
import { isKeysError } from '@hab/crypto-keys';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { isHartError, MAX_HEADER_LINE_BYTES } from '../src/index.ts';
import {
  createHartWorker,
  type HartWorker,
  listHart,
  peekHartIdent,
  readHartHeader,
  readHartMetadata,
  type SigningKeys,
  unpackHart,
  verifyHart,
} from '../src/node/index.ts';
import {
  type Arena,
  artifactOf,
  createArena,
  IDENTITY,
  keyPair,
  PREFIX,
  signed,
  trusted,
  trusting,
} from './signed-artifacts.ts';

const KEY_NAME = 'acme-19700101000000';
const SIGNATURE = 'A'.repeat(171).concat('=');
const HEADER_CODES = ['HART_HEADER_INVALID', 'KEYS_NOT_FOUND', 'KEYS_VERIFICATION_FAILED', 'HART_HASH_MISMATCH'];

let root: string;
let arena: Arena;
let worker: HartWorker;
let keys: SigningKeys;
let good: Buffer;
let goodHash: string;
let bodyOffset: number;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hab-hostile-'));
  arena = await createArena(root);
  worker = createHartWorker();
  keys = await trusting(trusted);
  good = Buffer.from(await artifactOf([...IDENTITY, { name: `${PREFIX}/MANIFEST`, content: '# evil\n' }]));
  const verified = await verifyHart(await arena.file(good), keys);
  goodHash = verified.hash;
  bodyOffset = verified.header.bodyOffset;
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

/** Verifies and unpacks; both must refuse with a code and leave everything as it was. */
async function refusal(path: string, by: SigningKeys = keys): Promise<{ code: string; details: unknown }> {
  const before = await arena.snapshot();
  const verifying = await rejectionOf(verifyHart(path, by));
  const unpacking = await rejectionOf(unpackHart(path, { into: arena.staging(), keys: by, worker }));
  if (!isHabError(verifying) || !isHabError(unpacking)) throw new Error('not coded', { cause: [verifying, unpacking] });
  expect(unpacking.code).toBe(verifying.code);
  expect(await arena.snapshot()).toEqual(before);
  return { code: unpacking.code, details: unpacking.details };
}

const refusalOf = async (bytes: Uint8Array | string, by?: SigningKeys) =>
  await refusal(await arena.file(Buffer.from(bytes)), by);

/** The good artifact with one header line replaced; `end` replaces the newlines. */
function withLine(line: number, text: string, end = '\n'): Buffer {
  const lines = good.subarray(0, bodyOffset).toString('latin1').split('\n').slice(0, 5);
  lines[line - 1] = text;
  return Buffer.concat([Buffer.from(lines.map((each) => each + end).join(''), 'latin1'), good.subarray(bodyOffset)]);
}

describe('headers', () => {
  const bomb = 'x'.repeat(10 * 1024 * 1024);
  test.for<[name: string, bytes: string, line: number]>([
    ['an empty file', '', 1],
    ['only a newline', '\n', 1],
    ['10 MB without a newline', bomb, 1],
    ['10 MB of line 1', `${bomb}\n`, 1],
    ['10 MB of line 2', `HART-1\n${bomb}\n`, 2],
    ['10 MB of line 3', `HART-1\n${KEY_NAME}\n${bomb}\n`, 3],
    ['10 MB of line 4', `HART-1\n${KEY_NAME}\nBLAKE2b\n${bomb}\n`, 4],
    ['10 MB of line 5', `HART-1\n${KEY_NAME}\nBLAKE2b\n${SIGNATURE}\n${bomb}`, 5],
    ['10 MB of zero bytes', '\0'.repeat(10 * 1024 * 1024), 1],
    ['10 MB of newlines', '\n'.repeat(10 * 1024 * 1024), 1],
    ['10 MB of blanks before the version', `${' '.repeat(10 * 1024 * 1024)}HART-1\n`, 1],
    ['another version', `HART-2\n${KEY_NAME}\nBLAKE2b\n${SIGNATURE}\n\nbody`, 1],
    ['a version in lower case', `hart-1\n${KEY_NAME}\nBLAKE2b\n${SIGNATURE}\n\nbody`, 1],
    ['a version with a zero byte', `HART-1\0\n${KEY_NAME}\nBLAKE2b\n${SIGNATURE}\n\nbody`, 1],
    ['line 1 alone', 'HART-1\n', 2],
    ['an empty key name', 'HART-1\n\nuhoh', 2],
    ['a key name without revision', 'HART-1\nnope-nope\nuhoh', 2],
    ['lines 1 and 2 alone', `HART-1\n${KEY_NAME}\n`, 3],
    ['another hash', `HART-1\n${KEY_NAME}\nSHA256\n${SIGNATURE}\n\nbody`, 3],
    ['lines 1 to 3 alone', `HART-1\n${KEY_NAME}\nBLAKE2b\n`, 4],
    ['a signature that is no base64', `HART-1\n${KEY_NAME}\nBLAKE2b\nnot:base64:signature`, 4],
    ['a signature that ends the file', `HART-1\n${KEY_NAME}\nBLAKE2b\nU3VycHJpc2Uh\n`, 5],
    ['no empty line', `HART-1\n${KEY_NAME}\nBLAKE2b\n${SIGNATURE}\nbody\n`, 5],
    ['old Mac line ends', `HART-1\r${KEY_NAME}\rBLAKE2b\r${SIGNATURE}\r\rbody`, 1],
    ['text in UTF-16', Buffer.from(`HART-1\n${KEY_NAME}\n`, 'utf16le').toString('latin1'), 1],
  ])('%s', async ([, bytes, line]) => {
    expect(await refusalOf(Buffer.from(bytes, 'latin1'))).toMatchObject({
      code: 'HART_HEADER_INVALID',
      details: { line },
    });
  });

  test('bytes that are no UTF-8', async () => {
    const bytes = Buffer.from(`HART-1\nacm\xe9-19700101000000\nBLAKE2b\n${SIGNATURE}\n\nbody`, 'latin1');
    expect(await refusalOf(bytes)).toMatchObject({ code: 'HART_HEADER_INVALID', details: { line: 2 } });
  });

  test('a header and no body', async () => {
    expect(await refusalOf(good.subarray(0, bodyOffset))).toMatchObject({ code: 'HART_HASH_MISMATCH' });
  });

  test('a signed body of nothing verifies, and is no package', async () => {
    const path = await arena.file(signed(new Uint8Array()));
    expect((await verifyHart(path, keys)).keyName).toBe(KEY_NAME);
    const error = await rejectionOf(unpackHart(path, { into: arena.staging(), keys, worker }));
    expect(error).toMatchObject({ code: 'HART_BODY_INVALID', details: { problem: 'empty' } });
  });

  test('line ends of Windows and blanks around lines are taken', async () => {
    for (const bytes of [withLine(5, '', '\r\n'), withLine(1, '  HART-1\t'), withLine(5, ' \t ')]) {
      expect((await verifyHart(await arena.file(bytes), keys)).hash).toBe(goodHash);
    }
  });

  test('a line may have the longest length and not one byte more', async () => {
    const blanks = ' '.repeat(MAX_HEADER_LINE_BYTES);
    expect((await verifyHart(await arena.file(withLine(5, blanks)), keys)).hash).toBe(goodHash);
    expect(await refusalOf(withLine(5, `${blanks} `))).toMatchObject({
      code: 'HART_HEADER_INVALID',
      details: { line: 5 },
    });
  });

  test('what is no file: directory, pipe, device, missing, link to itself', async () => {
    const [pipe, loop] = [join(root, 'artifacts', 'pipe'), join(root, 'artifacts', 'loop')];
    execFileSync('mkfifo', [pipe]);
    await symlink(loop, loop);
    for (const path of [root, pipe, '/dev/zero', '/dev/null', join(root, 'none'), loop, `${arena.canary}/below`]) {
      expect(await refusal(path)).toMatchObject({ code: 'HART_IO_FAILED', details: { path } });
    }
  });
});

describe('keys', () => {
  test('a key that is not there', async () => {
    expect(await refusalOf(good, await trusting())).toMatchObject({ code: 'KEYS_NOT_FOUND' });
  });

  test('another key under the same name', async () => {
    expect(await refusalOf(good, await trusting(keyPair(2)))).toMatchObject({ code: 'KEYS_VERIFICATION_FAILED' });
  });

  test('the name of another trusted key', async () => {
    const both = await trusting(trusted, keyPair(3, 'other'));
    const bytes = withLine(2, 'other-19700101000000');
    expect(await refusalOf(bytes, both)).toMatchObject({ code: 'KEYS_VERIFICATION_FAILED' });
  });

  test('a key name that leads out of the key folder, or to no file at all', async () => {
    const outer = await mkdtemp(join(root, 'artifacts', 'keys-'));
    await folderKeyCache(outer).write(trusted.public);
    const inner = folderKeyCache(join(outer, 'inner'));
    await inner.write(keyPair(3, 'other').public);
    for (const name of [`../${KEY_NAME}`, join(outer, KEY_NAME), `./../${KEY_NAME}`, 'ac\0me-19700101000000']) {
      expect(await refusalOf(withLine(2, name), inner)).toMatchObject({ code: 'KEYS_NAME_INVALID' });
    }
    const longest = `${'a'.repeat(240)}-19700101000000`;
    expect(await refusalOf(withLine(2, longest), inner)).toMatchObject({ code: 'KEYS_NAME_INVALID' });
  });

  test('a file of a folder that holds another key than its name says', async () => {
    const folder = await mkdtemp(join(root, 'artifacts', 'keys-'));
    const cache = folderKeyCache(folder);
    await cache.write(keyPair(3, 'other').public);
    await writeFile(join(folder, `${KEY_NAME}.pub`), await readFile(join(folder, 'other-19700101000000.pub')));
    expect(await refusalOf(good, cache)).toMatchObject({ code: 'KEYS_FILE_MISNAMED' });
  });

  test('a signature over something that is no hash', async () => {
    const { createSigner } = await import('@hab/crypto-keys');
    const texts = ['', 'abc', 'g'.repeat(64), 'a'.repeat(65), '\xff\xfe'];
    for (const [i, text] of texts.entries()) {
      const signature = createSigner(trusted.secret)(Buffer.from(text, 'latin1'));
      const { code } = await refusalOf(withLine(4, Buffer.from(signature).toString('base64')));
      expect(code).toBe(i === texts.length - 1 ? 'HART_SIGNED_HASH_INVALID' : 'KEYS_HASH_INVALID');
    }
  });

  test('a signature of any other length', async () => {
    for (const length of [0, 1, 63, 64, 127, 129, 700]) {
      const { code } = await refusalOf(withLine(4, Buffer.alloc(length, 7).toString('base64')));
      expect(code).toBe('KEYS_VERIFICATION_FAILED');
    }
  });
});

describe('damage', () => {
  test('every truncation is refused', async () => {
    const codes = new Set<string>();
    for (let length = 0; length < good.length; length++) {
      const path = await arena.file(good.subarray(0, length));
      const error = await rejectionOf(verifyHart(path, keys));
      expect(isHabError(error) && HEADER_CODES.includes(error.code), `${length} bytes: ${error}`).toBe(true);
      if (isHabError(error)) codes.add(error.code);
      if (length % 64 === 0) expect((await refusal(path)).code).toBe(isHabError(error) ? error.code : '');
      await rm(path);
    }
    expect([...codes].sort()).toEqual(['HART_HASH_MISMATCH', 'HART_HEADER_INVALID']);
  });

  test('appended bytes are refused, also those that xz allows', async () => {
    for (const tail of ['\0', '\0\0\0\0', '\n', 'x'.repeat(100_000), good.subarray(bodyOffset), good]) {
      const bytes = Buffer.concat([good, Buffer.from(tail)]);
      expect(await refusalOf(bytes)).toMatchObject({ code: 'HART_HASH_MISMATCH' });
    }
  });

  test('a body after a signed body is refused', async () => {
    const body = good.subarray(bodyOffset);
    const path = await arena.file(signed(Buffer.concat([body, body])));
    const error = await rejectionOf(unpackHart(path, { into: arena.staging(), keys, worker }));
    expect(error).toMatchObject({ code: 'HART_BODY_INVALID', details: { problem: 'trailing-data' } });
  });

  test('an altered bit of the signature is a failed verification', async () => {
    const raw = Buffer.from(good.subarray(0, bodyOffset).toString('latin1').split('\n')[3] ?? '', 'base64');
    for (let i = 0; i < raw.length; i += 5) {
      const changed = Buffer.from(raw);
      changed.writeUInt8(changed.readUInt8(i) ^ 1, i);
      expect(await refusalOf(withLine(4, changed.toString('base64')))).toMatchObject({
        code: 'KEYS_VERIFICATION_FAILED',
      });
    }
  });

  /** One to four bytes of `[from, to)` changed, removed or added. */
  function mutate(seed: number, from: number, to: number): Buffer {
    const { bytes: draw } = seededRandom(seed);
    const number = (below: number): number => Buffer.from(draw(4)).readUInt32LE() % below;
    let mutant = Buffer.from(good);
    for (let left = 1 + number(4); left > 0; left--) {
      const at = from + number(to - from);
      const [head, byte, tail] = [mutant.subarray(0, at), mutant.subarray(at, at + 1), mutant.subarray(at + 1)];
      const added = Buffer.from(draw(1 + number(3)));
      const middle = [added, Buffer.concat([byte, added]), Buffer.alloc(0)][number(3)] ?? byte;
      mutant = Buffer.concat([head, middle, tail]);
    }
    return mutant;
  }

  test('500 mutated headers: a code, or the hash that was signed', async () => {
    const before = await arena.snapshot();
    let refused = 0;
    for (let seed = 0; seed < 500; seed++) {
      const path = await arena.file(mutate(seed, 0, bodyOffset));
      const result = await verifyHart(path, keys).catch((error: unknown) => error);
      if (isHabError(result)) {
        expect(HEADER_CODES, `seed ${seed}`).toContain(result.code);
        refused += 1;
      } else expect(result, `seed ${seed}`).toMatchObject({ keyName: KEY_NAME, hash: goodHash });
      await rm(path);
    }
    expect(refused).toBeGreaterThan(450);
    expect(await arena.snapshot()).toEqual(before);
  });

  test('100 mutated bodies: never the signed hash, never a file, and readers of unsigned content keep to codes', async () => {
    for (let seed = 0; seed < 100; seed++) {
      const bytes = mutate(1000 + seed, bodyOffset, good.length);
      if (bytes.equals(good)) continue;
      const path = await arena.file(bytes);
      expect((await refusal(path)).code, `seed ${seed}`).toBe('HART_HASH_MISMATCH');
      const read = [readHartMetadata, listHart, peekHartIdent][seed % 3] ?? readHartMetadata;
      const result: unknown = await read(path).catch((error: unknown) => error);
      if (result instanceof Error) expect(isHabError(result), `seed ${seed}, ${read.name}: ${result}`).toBe(true);
      else expect(await readHartHeader(path), `seed ${seed}`).toMatchObject({ keyName: KEY_NAME });
    }
  });

  test('codes tell the two packages apart', async () => {
    const header = await rejectionOf(verifyHart(await arena.file(Buffer.from('x')), keys));
    const key = await rejectionOf(verifyHart(await arena.file(good), await trusting()));
    expect([isHartError(header, 'HART_HEADER_INVALID'), isKeysError(key, 'KEYS_NOT_FOUND')]).toEqual([true, true]);
  });
});
