import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHabError } from '@hab/core';
import { rejectionOf, seededRandom } from '@hab/core/testing';
import { xz } from '@napi-rs/lzma';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  createHartWorker,
  type HartWorker,
  listHart,
  readHartMetadata,
  type SigningKeys,
  type UnpackedHart,
  unpackHart,
  verifyHart,
} from '../src/node/index.ts';
import {
  type Arena,
  artifactOf,
  createArena,
  fixChecksum,
  IDENT,
  IDENTITY,
  type Member,
  PREFIX,
  rawMember,
  repeatBlock,
  signed,
  tarOf,
  tree,
  trusted,
  trusting,
} from './signed-artifacts.ts';

/* Everything here carries a good signature of a trusted key: the archive itself is the attack. */

let root: string;
let arena: Arena;
let worker: HartWorker;
let keys: SigningKeys;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'hab-archive-'));
  arena = await createArena(root);
  worker = createHartWorker();
  keys = await trusting(trusted);
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

type Limits = Parameters<typeof unpackHart>[1]['limits'];

async function unpack(bytes: Uint8Array, limits?: Limits): Promise<UnpackedHart> {
  const path = await arena.file(bytes);
  expect((await verifyHart(path, keys)).keyName).toBe(trusted.public.namedRevision);
  return await unpackHart(path, { into: arena.staging(), keys, worker, limits });
}

/** Refused with a code; staging is gone and nothing around it changed. */
async function refusalOf(bytes: Uint8Array, limits?: Limits): Promise<{ code: string; details: unknown }> {
  const before = await arena.snapshot();
  const error = await rejectionOf(unpack(bytes, limits));
  if (!isHabError(error)) throw new Error('not coded', { cause: error });
  expect(await arena.snapshot()).toEqual(before);
  return { code: error.code, details: error.details };
}

const withMembers = (...members: Member[]): Promise<Uint8Array> => artifactOf([...IDENTITY, ...members]);
const withRaw = async (...blocks: Uint8Array[]): Promise<Uint8Array> =>
  signed(xz.compressSync(Buffer.concat([await identityTar(), ...blocks, Buffer.alloc(1024)])));
const identityTar = async (): Promise<Uint8Array> => (await tarOf(IDENTITY)).subarray(0, -1024);
const refused = (problem: string) => ({ code: 'HART_MEMBER_REFUSED', details: { problem } });
const at = (path: string): string => `${PREFIX}/${path}`;
const symlink = (path: string, linkname: string): Member => ({ name: at(path), type: 'symlink', linkname });
const link = (path: string, linkname: string): Member => ({ name: at(path), type: 'link', linkname });

describe('bombs', () => {
  const MEBIBYTE = 1024 ** 2;
  const zeros = xz.compressSync(new Uint8Array(16 * MEBIBYTE));
  /** A tar of one file as large as its header says, all zeros. */
  const started = async (): Promise<Buffer> => {
    const size = `${(16 * MEBIBYTE - 4096).toString(8).padStart(11, '0')}\0`;
    const start = Buffer.concat([await identityTar(), rawMember('0', at('zeros'), new Uint8Array(), size)]);
    return Buffer.concat([start, Buffer.alloc(16 * MEBIBYTE - start.length)]);
  };
  const peakMb = (): number => process.resourceUsage().maxRSS / 1024;

  test('an artifact whose index tells of 64 GiB is refused', async () => {
    const body = repeatBlock(zeros, 4096, 16 * MEBIBYTE);
    expect(await refusalOf(signed(body))).toMatchObject({
      code: 'HART_LIMIT_EXCEEDED',
      details: { limit: 'unpackedBytes' },
    });
  });

  test('200 KB that tell of and unpack to 1 GiB are refused', async () => {
    const body = repeatBlock(zeros, 64, 16 * MEBIBYTE);
    expect(body.length).toBeLessThan(256 * 1024);
    expect(await refusalOf(signed(body))).toMatchObject({ code: 'HART_LIMIT_EXCEEDED', details: { limit: 'ratio' } });
  });

  test('an index that lies does not help: refused when the limit is reached, in little memory', async () => {
    const block = xz.compressSync(await started());
    const body = repeatBlock(block, 64, 16 * MEBIBYTE, 4096);
    const limits = { unpackedBytes: 64 * MEBIBYTE };
    const before = peakMb();
    const refusal = await refusalOf(signed(body), limits);
    expect(refusal).toMatchObject({ code: 'HART_LIMIT_EXCEEDED', details: { limit: 'unpackedBytes' } });
    const unsigned = await rejectionOf(listHart(await arena.file(signed(body)), { limits }));
    expect(unsigned).toMatchObject({ code: 'HART_LIMIT_EXCEEDED' });
    expect(peakMb() - before).toBeLessThan(150);
  });

  test('a long name of gigabytes, and one of 3 MB', async () => {
    const huge = await withRaw(rawMember('L', '././@LongLink', new Uint8Array(), '17777777777\0'));
    expect(await refusalOf(huge)).toMatchObject({ code: 'HART_BODY_INVALID', details: { problem: 'tar' } });
    const long = await withRaw(
      rawMember('L', '././@LongLink', Buffer.alloc(3 * MEBIBYTE, 'x')),
      rawMember('0', at('x'), new Uint8Array()),
    );
    expect(await refusalOf(long)).toMatchObject(refused('path-too-long'));
    expect(await rejectionOf(listHart(await arena.file(long)))).toMatchObject(refused('path-too-long'));
  });

  test('members: as many as the limit, not one more', async () => {
    const bytes = await withMembers(...Array.from({ length: 97 }, (_, i) => ({ name: at(`f${i}`), content: '' })));
    expect((await unpack(bytes, { members: 100 })).members).toBe(100);
    const over = { code: 'HART_LIMIT_EXCEEDED', details: { limit: 'members', maximum: 99 } };
    expect(await refusalOf(bytes, { members: 99 })).toMatchObject(over);
  });

  test('directories that no member names count too', async () => {
    const deep = await withMembers({ name: at(`${'d/'.repeat(200)}f`), content: '' });
    expect((await unpack(deep)).members).toBe(4);
    const over = { code: 'HART_LIMIT_EXCEEDED', details: { limit: 'members', maximum: 100 } };
    expect(await refusalOf(deep, { members: 100 })).toMatchObject(over);
  });

  test('metafiles larger than memory are for are refused before they are read', async () => {
    const bytes = await withMembers({ name: at('MANIFEST'), content: 'x'.repeat(20 * MEBIBYTE) });
    const error = await rejectionOf(readHartMetadata(await arena.file(bytes)));
    expect(error).toMatchObject({ code: 'HART_LIMIT_EXCEEDED', details: { limit: 'metafileBytes' } });
  });
});

describe('names', () => {
  test.for<[name: string, problem: string]>([
    [`${PREFIX}/../../../../../../../../outside/canary`, 'unsafe-path'],
    [`${PREFIX}/..`, 'unsafe-path'],
    [`../${PREFIX}/x`, 'unsafe-path'],
    [`./${PREFIX}/x`, 'unsafe-path'],
    [`${PREFIX}/./x`, 'unsafe-path'],
    ['..', 'unsafe-path'],
    ['/', 'unsafe-path'],
    ['/etc/passwd', 'outside-prefix'],
    ['//etc/passwd', 'outside-prefix'],
    ['etc/passwd', 'outside-prefix'],
    ['hab/svc/evil/run', 'outside-prefix'],
    ['hab', 'outside-prefix'],
    ['hab/pkgs/acme', 'outside-prefix'],
    [PREFIX, 'outside-prefix'],
    [`hab/pkgs/acme/evil/1.0/20260101000001/x`, 'outside-prefix'],
    [`hab/pkgs/core/glibc/2.0/20260101000000/x`, 'outside-prefix'],
    [`opt/${PREFIX}/x`, 'outside-prefix'],
    [`${PREFIX}evil/x`, 'outside-prefix'],
    [`HAB/pkgs/${IDENT}/x`, 'outside-prefix'],
    [at('x'.repeat(5000)), 'path-too-long'],
    [at('y/'.repeat(2500).concat('y')), 'path-too-long'],
    [at('z'.repeat(256)), 'path-too-long'],
  ])('%s', async ([name, problem]) => {
    expect(await refusalOf(await withMembers({ name }))).toMatchObject(refused(problem));
  });

  test('an absolute path to a real file', async () => {
    expect(await refusalOf(await withMembers({ name: arena.canary }))).toMatchObject(refused('outside-prefix'));
  });

  test('a leading / is dropped; the longest piece and odd bytes are taken', async () => {
    const members = [{ name: `/${at('rooted')}` }, { name: at('m'.repeat(255)) }, { name: at('new\nline \\ *') }];
    const { directory } = await unpack(await withMembers(...members));
    for (const { name } of members) {
      expect(await readFile(join(directory, name.slice(name.lastIndexOf('/'))), 'utf8')).toBe(name);
    }
  });

  test('a name of 5000 bytes in a GNU record', async () => {
    const name = Buffer.from(`${at('n'.repeat(5000))}\0`);
    const bytes = await withRaw(rawMember('L', '././@LongLink', name), rawMember('0', 'short', new Uint8Array()));
    expect(await refusalOf(bytes)).toMatchObject(refused('path-too-long'));
  });

  test('a zero byte in a name of a PAX record', async () => {
    const record = `path=${at('a')}\0b\n`;
    const bytes = await withRaw(
      rawMember('x', 'pax', Buffer.from(`${record.length + 3} ${record}`)),
      rawMember('0', 'short', new Uint8Array()),
    );
    expect(await refusalOf(bytes)).toMatchObject(refused('unsafe-path'));
  });
});

describe('links', () => {
  test('nothing is written through a symlink, wherever it leads', async () => {
    for (const target of ['/', '/etc', '../../../../../../../../..', '.', 'real', join(root, 'outside')]) {
      const bytes = await withMembers(symlink('door', target), { name: at('door/canary') });
      expect(await refusalOf(bytes), target).toMatchObject(refused('through-a-link'));
      const directory = await withMembers(symlink('door', target), { name: at('door/'), type: 'directory', mode: 0 });
      expect(await refusalOf(directory), target).toMatchObject(refused('through-a-link'));
    }
    expect(await readFile(arena.canary, 'utf8')).toBe('alive');
  });

  test('a file over a symlink replaces the link, not what it points to', async () => {
    const bytes = await withMembers(symlink('x', arena.canary), { name: at('x'), content: 'new', mode: 0o777 });
    const { directory } = await unpack(bytes);
    expect((await lstat(join(directory, 'x'))).isFile()).toBe(true);
    expect(await readFile(join(directory, 'x'), 'utf8')).toBe('new');
    expect(await readFile(arena.canary, 'utf8')).toBe('alive');
    expect((await lstat(arena.canary)).mode & 0o777).toBe(0o600);
  });

  test('symlinks that lead out are kept as they are and never followed', async () => {
    const { directory } = await unpack(await withMembers(symlink('out', arena.canary), symlink('gone', '../../..')));
    expect((await tree(directory)).filter((line) => /^(out|gone) /.test(line))).toEqual([
      'gone 120777 ../../..',
      `out 120777 ${arena.canary}`,
    ]);
    expect((await lstat(arena.canary)).mode & 0o777).toBe(0o600);
  });

  test('hard links lead only to files of the package that are there already', async () => {
    const targets = [arena.canary, '/etc/passwd', '../../../outside/canary', at('../IDENT'), at('none'), at('x')];
    for (const target of [...targets, PREFIX, at(''), 'IDENT', 'hab/pkgs/acme/evil/1.0/20260101000001/IDENT']) {
      const { code } = await refusalOf(await withMembers(link('x', target)));
      expect(code, target).toBe('HART_MEMBER_REFUSED');
    }
    for (const target of ['/etc/passwd', arena.canary, 'IDENT']) {
      const bytes = await withMembers(symlink('s', target), link('h', at('s')));
      expect(await refusalOf(bytes), target).toMatchObject(refused('link-target'));
    }
    expect(await refusalOf(await withMembers(symlink('d', '.'), link('h', at('d/IDENT'))))).toMatchObject(
      refused('link-target'),
    );
  });

  test('a file over a hard link leaves the other name alone', async () => {
    const { directory } = await unpack(await withMembers(link('x', at('IDENT')), { name: at('x'), content: 'new' }));
    expect(await readFile(join(directory, 'IDENT'), 'utf8')).toBe(`${IDENT}\n`);
    expect(await readFile(join(directory, 'x'), 'utf8')).toBe('new');
  });

  test('an empty target, and one that is longer than any path', async () => {
    const empty = rawMember('2', at('s'), new Uint8Array());
    expect(await refusalOf(await withRaw(empty))).toMatchObject(refused('link-target'));
    const long = rawMember('K', '././@LongLink', Buffer.alloc(5001, 't').fill(0, 5000));
    expect(await refusalOf(await withRaw(long, empty))).toMatchObject(refused('link-target'));
  });

  test('IDENT as a symlink to a readable file is no IDENT', async () => {
    await writeFile(arena.canary, 'alive');
    const [directory, , target] = IDENTITY;
    const bytes = await artifactOf([directory, symlink('IDENT', 'TARGET'), target].filter((member) => !!member));
    expect(await refusalOf(bytes)).toMatchObject({ code: 'HART_METAFILE_NOT_FOUND', details: { metafile: 'IDENT' } });
  });
});

describe('kinds and duplicates', () => {
  test('devices, pipes and kinds that nobody knows', async () => {
    for (const type of ['character-device', 'block-device', 'fifo'] as const) {
      expect(await refusalOf(await withMembers({ name: at('node'), type })), type).toMatchObject(
        refused('unsupported-type'),
      );
    }
    for (const flag of ['8', 'A', 'S', 'V', 'M', 'Z', '\xff']) {
      const bytes = await withRaw(rawMember(flag, at('odd'), new Uint8Array()));
      expect(await refusalOf(bytes), flag).toMatchObject(refused('unsupported-type'));
    }
  });

  test('the last of several members of one name wins; a file never replaces a directory', async () => {
    const twice = [1, 2, 3].map((n) => ({ name: at('twice'), content: `${n}` }));
    const { directory } = await unpack(await withMembers(...twice));
    expect(await readFile(join(directory, 'twice'), 'utf8')).toBe('3');
    const [folder, file] = [{ name: at('d/'), type: 'directory' } as const, { name: at('d') }];
    expect(await refusalOf(await withMembers(folder, file))).toMatchObject(refused('replaces-directory'));
    expect(await refusalOf(await withMembers(folder, symlink('d', '/')))).toMatchObject(refused('replaces-directory'));
    expect(await refusalOf(await withMembers(file, { name: at('d/x') }))).toMatchObject(refused('through-a-link'));
  });

  test('a directory with content', async () => {
    const bytes = await withRaw(rawMember('5', at('d/'), Buffer.alloc(512, 'x')));
    expect(await refusalOf(bytes)).toMatchObject({ code: 'HART_BODY_INVALID', details: { problem: 'tar' } });
    expect(await rejectionOf(listHart(await arena.file(bytes)))).toMatchObject({ code: 'HART_BODY_INVALID' });
  });

  test('sizes that are no numbers', async () => {
    for (const size of ['\xc2'.padEnd(12, '0'), '\x80'.padEnd(12, '\xff'), '\xff'.padEnd(12, '0'), '9'.repeat(12)]) {
      const bytes = await withRaw(rawMember('0', at('x'), new Uint8Array(), size));
      expect(await refusalOf(bytes)).toMatchObject({ code: 'HART_BODY_INVALID', details: { problem: 'tar' } });
    }
  });

  test('special bits are kept on members, never given to staging; owners are ours', async () => {
    const { directory } = await unpack(await withMembers({ name: at('su'), mode: 0o6755 }));
    const { mode, uid } = await lstat(join(directory, 'su'));
    expect([(mode & 0o7777).toString(8), uid]).toEqual(['6755', process.getuid?.()]);
    const staging = await lstat(directory.slice(0, -PREFIX.length - 1));
    expect((staging.mode & 0o7777).toString(8)).toBe('700');
  });

  test('directories without any permission do not stop unpacking, nor cleaning up', async () => {
    const shut = [{ name: at('shut/'), type: 'directory', mode: 0 } as const, { name: at('shut/x') }];
    expect((await unpack(await withMembers(...shut))).members).toBe(5);
    expect(await refusalOf(await withMembers(...shut, { name: '/etc/x' }))).toMatchObject(refused('outside-prefix'));
  });

  test('a staging directory that is there already is neither used nor removed', async () => {
    const into = arena.staging();
    await mkdir(into);
    await writeFile(join(into, 'mine'), 'mine');
    const error = await rejectionOf(unpackHart(await arena.file(await withMembers()), { into, keys, worker }));
    expect(error).toMatchObject({ code: 'HART_IO_FAILED', details: { systemCode: 'EEXIST' } });
    expect(await readFile(join(into, 'mine'), 'utf8')).toBe('mine');
  });
});

describe('identity', () => {
  const [, , target] = IDENTITY;
  test.for<[ident: string, code: string]>([
    ['acme/other/1.0/20260101000000', 'HART_IDENT_MISMATCH'],
    ['core/evil/1.0/20260101000000', 'HART_IDENT_MISMATCH'],
    ['acme/evil/1.0/20260101000001', 'HART_IDENT_MISMATCH'],
    ['acme/evil', 'HART_METAFILE_MALFORMED'],
    ['../../../etc', 'HART_IDENT_MISMATCH'],
    ['', 'HART_METAFILE_MALFORMED'],
    ['\xff\xfe', 'HART_IDENT_MISMATCH'],
  ])('IDENT says %j', async ([content, code]) => {
    if (target === undefined) throw new Error('no TARGET');
    const odd = content.startsWith('\xff') ? `${content}/b/c/d` : content;
    expect(await refusalOf(await artifactOf([{ name: at('IDENT'), content: odd }, target]))).toMatchObject({ code });
  });

  test('another package than was asked for is refused', async () => {
    const expectedIdent = { origin: 'acme', name: 'good', version: '1.0', release: '20260101000000' };
    const path = await arena.file(await withMembers());
    const error = await rejectionOf(unpackHart(path, { into: arena.staging(), keys, worker, expectedIdent }));
    expect(error).toMatchObject({ code: 'HART_IDENT_MISMATCH', details: { actual: IDENT } });
  });

  test('archives without a package', async () => {
    const notFound = { code: 'HART_METAFILE_NOT_FOUND' };
    expect(await refusalOf(await artifactOf([]))).toMatchObject(notFound);
    expect(await refusalOf(await artifactOf([{ name: 'hab/pkgs/', type: 'directory' }]))).toMatchObject(notFound);
    expect(await refusalOf(await artifactOf(IDENTITY.slice(0, 1)))).toMatchObject(notFound);
    expect(await refusalOf(await artifactOf(IDENTITY.slice(0, 2)))).toMatchObject(notFound);
  });

  test('40 mutated archives, each signed: a code, or a package that lies in staging alone', async () => {
    const tar = await tarOf([...IDENTITY, symlink('s', 'IDENT'), link('h', at('IDENT')), { name: at('bin/x') }]);
    const outcomes = new Map<string, number>();
    for (let seed = 0; seed < 40; seed++) {
      const draw = Buffer.from(seededRandom(seed).bytes(64));
      const mutant = Buffer.from(tar);
      const block = mutant.subarray(512 * (draw.readUInt16LE(0) % (tar.length / 512 - 2))).subarray(0, 512);
      for (let i = 0; i < 1 + (draw.readUInt8(2) % 3); i++) {
        block.writeUInt8(draw.readUInt8(3 + i), [100, 124, 136, 156, 345, 0][draw.readUInt8(10 + i) % 6] ?? 0);
        block.writeUInt8(draw.readUInt8(20 + i), draw.readUInt16LE(30 + 2 * i) % 512);
      }
      if (block.includes('ustar')) fixChecksum(block);
      const before = await arena.snapshot();
      const into = arena.staging();
      const path = await arena.file(signed(xz.compressSync(mutant)));
      const result = await unpackHart(path, { into, keys, worker }).catch((error: unknown) => error);
      if (result instanceof Error && !isHabError(result)) throw new Error(`seed ${seed}`, { cause: result });
      const outcome = isHabError(result) ? result.code : 'unpacked';
      expect(outcome, `seed ${seed}`).not.toBe('HART_WORKER_FAILED');
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      if (outcome === 'unpacked') await rm(into, { recursive: true });
      expect(await arena.snapshot(), `seed ${seed}`).toEqual(before);
    }
    expect([...outcomes.keys()]).toEqual(
      expect.arrayContaining(['unpacked', 'HART_BODY_INVALID', 'HART_MEMBER_REFUSED']),
    );
  });
});
