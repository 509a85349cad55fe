import { execFileSync } from 'node:child_process';
import {
  chmod,
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejectionOf, seededRandom } from '@hab/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import {
  createHartWorker,
  type HartProgress,
  type HartWorker,
  listHart,
  packHart,
  readHartMetadata,
  type SigningKeys,
  unpackHart,
  verifyHart,
} from '../src/node/index.ts';
import { trusted, trusting } from './signed-artifacts.ts';

const IDENT = 'acme/packed/1.0/20260101000000';
const PREFIX = `/hab/pkgs/${IDENT}`;
const MTIME = 1_767_225_600;
const key = trusted.secret;

let scratch: string;
let worker: HartWorker;
let keys: SigningKeys;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'hab-pack-'));
  worker = createHartWorker();
  worker.start();
  keys = await trusting(trusted);
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
});

let trees = 0;
/** Writes the same tree; `reversed` makes its files in another order. */
async function makeTree(reversed = false): Promise<string> {
  const tree = join(scratch, `tree-${trees++}`);
  const files: [string, string, number][] = [
    ['IDENT', `${IDENT}\n`, 0o644],
    ['TARGET', 'x86_64-linux\n', 0o644],
    ['MANIFEST', '# packed\n', 0o644],
    ['bin/run', '#!/bin/sh\n', 0o755],
    ['bin/setuid', 'x', 0o4755],
    [`share/${'long-name-'.repeat(15)}/${'n'.repeat(120)}`, 'long', 0o600],
    ['share/ünïcödé 😀', 'text', 0o640],
    ['share/empty', '', 0o444],
    ['share/large', 'x'.repeat(600_001), 0o644],
  ];
  for (const [path, content, mode] of reversed ? files.reverse() : files) {
    await mkdir(join(tree, path, '..'), { recursive: true });
    await writeFile(join(tree, path), content);
    await chmod(join(tree, path), mode);
  }
  await symlink('/hab/pkgs/core/elsewhere/bin/x', join(tree, 'bin/absolute'));
  await symlink(`../${'t'.repeat(150)}`, join(tree, 'bin/long-target'));
  await symlink('run', join(tree, 'bin/relative'));
  await link(join(tree, 'bin/run'), join(tree, 'bin/run-again'));
  await link(join(tree, 'share/large'), join(tree, 'bin/another-large'));
  await mkdir(join(tree, 'var/deep/empty'), { recursive: true });
  await writeFile(Buffer.concat([Buffer.from(`${tree}/share/`), Buffer.from([0x6c, 0xe9, 0x31])]), 'latin1 name');
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o755);
  }
  await chmod(tree, 0o755);
  return tree;
}

async function pack(directory: string, name: string): Promise<Buffer> {
  const path = join(scratch, name);
  await packHart(path, { directory, prefix: PREFIX, key, mtimeSec: MTIME, worker });
  return await readFile(path);
}

describe('the same tree', () => {
  test('gives the same bytes whatever order, time, umask, zone and worker made them', async () => {
    const first = await pack(await makeTree(), 'first.hart');
    const other = await makeTree(true);
    await utimes(join(other, 'IDENT'), 1, 2);
    const [umask, zone] = [process.umask(0o077), process.env['TZ']];
    try {
      process.env['TZ'] = 'Pacific/Auckland';
      const path = join(scratch, 'second.hart');
      await packHart(path, { directory: other, prefix: PREFIX, key, mtimeSec: MTIME });
      expect((await readFile(path)).equals(first)).toBe(true);
      expect((await stat(path)).mode & 0o7777).toBe(0o644);
    } finally {
      process.umask(umask);
      if (zone === undefined) delete process.env['TZ'];
      else process.env['TZ'] = zone;
    }
  });

  test('gives other bytes for another content, mode, time or level', async () => {
    const tree = await makeTree();
    const first = await pack(tree, 'a.hart');
    await writeFile(join(tree, 'TARGET'), 'x86_64-linuX\n');
    expect((await pack(tree, 'b.hart')).equals(first)).toBe(false);
    await writeFile(join(tree, 'TARGET'), 'x86_64-linux\n');
    expect((await pack(tree, 'c.hart')).equals(first)).toBe(true);
    await chmod(join(tree, 'TARGET'), 0o600);
    expect((await pack(tree, 'd.hart')).equals(first)).toBe(false);
  });
});

test('packing and unpacking keep names, content, modes, links, empty directories and times', async () => {
  const tree = await makeTree();
  await pack(tree, 'round.hart');
  const { directory } = await unpackHart(join(scratch, 'round.hart'), { into: join(scratch, 'round'), keys, worker });
  expect(await describeTree(directory)).toEqual(await describeTree(tree));
  for (const path of ['', 'bin', 'bin/run', 'bin/relative', 'var/deep/empty']) {
    expect(Math.round((await lstat(join(directory, path))).mtimeMs / 1000)).toBe(MTIME);
  }
  const [one, two] = await Promise.all(['bin/run', 'bin/run-again'].map((path) => stat(join(directory, path))));
  expect(one?.ino).toBe(two?.ino);
});

/** One line for everything below a directory; names as bytes. */
async function describeTree(root: string, below = ''): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await readdir(Buffer.from(`${root}${below}`, 'latin1'), { encoding: 'buffer' })) {
    const relative = `${below}/${name.toString('latin1')}`;
    const path = Buffer.from(`${root}${relative}`, 'latin1');
    const facts = await lstat(path);
    const content = facts.isFile() ? (await readFile(path)).toString('latin1').slice(0, 100) : '';
    const target = facts.isSymbolicLink() ? await readlink(path) : '';
    const numbers = facts.isFile() ? `${facts.size} ${facts.nlink}` : '';
    lines.push(`${relative} ${facts.mode.toString(8)} ${numbers} ${content}${target}`);
    if (facts.isDirectory()) lines.push(...(await describeTree(root, relative)));
  }
  return lines.sort();
}

test('members are sorted, owned by root, of one time, and never above the package', async () => {
  await pack(await makeTree(), 'members.hart');
  const members = await listHart(join(scratch, 'members.hart'));
  for (const member of members) {
    expect(member).toMatchObject({ uid: 0, gid: 0, mtimeSec: MTIME });
    expect(`/${member.path}`.startsWith(`${PREFIX}/`)).toBe(true);
  }
  const pieces = members.map(({ path }) => path.split('/').filter((piece) => piece !== ''));
  const sorted = [...pieces].sort((a, b) =>
    Buffer.compare(Buffer.from(a.join('\u0001')), Buffer.from(b.join('\u0001'))),
  );
  expect(pieces).toEqual(sorted);
});

test('other programs read what we pack', async () => {
  await pack(await makeTree(), 'foreign.hart');
  const body = (await readFile(join(scratch, 'foreign.hart'))).subarray(-1_000_000);
  const start = body.indexOf(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]));
  const options = { input: body.subarray(start), maxBuffer: 1 << 26 };
  execFileSync('xz', ['--test'], options);
  const listing = execFileSync('tar', ['--list', '--verbose', '--numeric-owner', '--xz'], options).toString();
  const member = (end: string): string => listing.split('\n').find((line) => line.includes(end)) ?? '';
  expect(listing.split('\n').length - 1).toBe((await listHart(join(scratch, 'foreign.hart'))).length);
  expect(member('n'.repeat(120))).toMatch(/^-rw------- 0\/0/);
  expect(member('long-target')).toContain(`-> ../${'t'.repeat(150)}`);
  expect(member('run-again')).toContain('link to hab/pkgs');
  expect(member('setuid')).toMatch(/^-rwsr-xr-x/);
  expect(execFileSync('xz', ['-dc'], options).length % 10_240).toBe(0);
});

describe('what cannot be packed', () => {
  test('a pipe', async () => {
    const tree = await makeTree();
    execFileSync('mkfifo', [join(tree, 'var/pipe')]);
    const error = await rejectionOf(pack(tree, 'pipe.hart'));
    expect(error).toMatchObject({ code: 'HART_TREE_INVALID', details: { problem: 'unsupported-type' } });
    expect(await readdir(scratch)).not.toContain('pipe.hart');
  });

  test('nothing, and a file', async () => {
    const missing = await rejectionOf(pack(join(scratch, 'nowhere'), 'missing.hart'));
    expect(missing).toMatchObject({ code: 'HART_IO_FAILED', details: { systemCode: 'ENOENT' } });
    await writeFile(join(scratch, 'file'), '');
    expect(await rejectionOf(pack(join(scratch, 'file'), 'file.hart'))).toMatchObject({
      code: 'HART_TREE_INVALID',
      details: { problem: 'not-a-directory' },
    });
    expect((await readdir(scratch)).filter((name) => name.startsWith('.tmp-'))).toEqual([]);
  });

  test.for(['hab/pkgs/x', '/hab/../x', '/hab//x', '/', '', '/hab/pkgs/./x'])('prefix %j', async (prefix) => {
    const options = { directory: scratch, prefix, key, mtimeSec: 0, worker };
    expect(await rejectionOf(packHart(join(scratch, 'x.hart'), options))).toMatchObject({
      code: 'HART_OPTION_INVALID',
    });
  });

  test.for([-1, 1.5, Number.NaN, 2 ** 33])('time %d', async (mtimeSec) => {
    const options = { directory: scratch, prefix: PREFIX, key, mtimeSec, worker };
    expect(await rejectionOf(packHart(join(scratch, 'x.hart'), options))).toMatchObject({
      code: 'HART_OPTION_INVALID',
    });
  });
});

describe('stopping', () => {
  async function largeTree(): Promise<string> {
    const tree = await makeTree();
    await writeFile(join(tree, 'share/random'), seededRandom(5).bytes(4_000_000));
    return tree;
  }

  test('packing stops at the signal and leaves nothing', async () => {
    const controller = new AbortController();
    const options = {
      directory: await largeTree(),
      prefix: PREFIX,
      key,
      mtimeSec: 0,
      worker,
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    };
    expect(await rejectionOf(packHart(join(scratch, 'stopped.hart'), options))).toMatchObject({ message: 'enough' });
    expect((await readdir(scratch)).filter((name) => /^(?:\.tmp-|stopped)/.test(name))).toEqual([]);
    // The worker is fit for the next job.
    expect((await pack(await makeTree(), 'after.hart')).length).toBeGreaterThan(500);
  });

  test('unpacking stops at the signal and leaves nothing', async () => {
    const path = join(scratch, 'large.hart');
    const progress: HartProgress[] = [];
    const packing = { directory: await largeTree(), prefix: PREFIX, key, mtimeSec: 0, level: 0, worker } as const;
    await packHart(path, { ...packing, onProgress: (event) => progress.push(event) });
    expect(progress.length).toBeGreaterThan(2);
    const controller = new AbortController();
    const into = join(scratch, 'stopped');
    const options = { into, keys, worker, signal: controller.signal, onProgress: () => controller.abort('enough') };
    expect(await rejectionOf(unpackHart(path, options))).toBe('enough');
    expect(await readdir(scratch)).not.toContain('stopped');
    expect((await unpackHart(path, { into, keys, worker })).ident.name).toBe('packed');
  });

  test('a signal that is aborted already starts nothing', async () => {
    const path = join(scratch, 'first.hart');
    const signal = AbortSignal.abort('before');
    expect(await rejectionOf(verifyHart(path, keys, { signal }))).toBe('before');
    expect(await rejectionOf(readHartMetadata(path, { signal }))).toBe('before');
    const unpacking = unpackHart(path, { into: join(scratch, 'never'), keys, worker, signal });
    expect(await rejectionOf(unpacking)).toBe('before');
    expect(await readdir(scratch)).not.toContain('never');
  });
});
