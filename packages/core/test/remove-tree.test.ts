import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { expect, test } from 'vitest';

import { removeTree } from '../src/node/index.ts';

test('removes directories without write permission and no target of a link', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  await writeFile(join(parent, 'outside'), 'kept');
  const tree = join(parent, 'tree');
  await mkdir(join(tree, 'locked', 'inner'), { recursive: true });
  await writeFile(join(tree, 'locked', 'inner', 'file'), '');
  await symlink('../../outside', join(tree, 'locked', 'link'));
  await symlink(parent, join(tree, 'up'));
  await chmod(join(tree, 'locked', 'inner'), 0o500);
  await chmod(join(tree, 'locked'), 0o500);
  await removeTree(tree);
  expect(await readdir(parent)).toEqual(['outside']);
  expect(await readFile(join(parent, 'outside'), 'utf8')).toBe('kept');
});

test('a tree with much to remove beside what is locked', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const tree = join(parent, 'tree');
  for (let i = 0; i < 40; i++) {
    const directory = join(tree, `${i}`, 'a', 'b');
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'file'), '');
    if (i % 10 === 0) await chmod(directory, 0o500);
  }
  await removeTree(tree);
  expect(await readdir(parent)).toEqual([]);
});

test('names that are no UTF-8, deep down', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const deep = join(parent, 'tree', ...'abcdefgh');
  await mkdir(deep, { recursive: true });
  const odd = Buffer.concat([Buffer.from(`${deep}/`), Buffer.from([0x6c, 0xe9])]);
  await mkdir(odd);
  await writeFile(Buffer.concat([odd, Buffer.from('/'), Buffer.from([0xff])]), '');
  await removeTree(join(parent, 'tree'));
  expect(await readdir(parent)).toEqual([]);
});

test('nothing there is a success', async () => {
  await expect(removeTree(join(tmpdir(), 'hab-core-never-there'))).resolves.toBeUndefined();
});

/** Puts a link in place of directories and takes it away again, all the time. */
const RACER = `
  const { workerData: { tree, outside, aside, stop }, parentPort } = require('node:worker_threads');
  const { renameSync, symlinkSync, unlinkSync } = require('node:fs');
  const attempt = (...steps) => { try { for (const step of steps) step(); } catch {} };
  const stopped = new Int32Array(stop);
  parentPort.postMessage('racing');
  while (Atomics.load(stopped, 0) === 0) {
    for (let i = 0; i < 20; i++) {
      const [place, kept] = [tree + '/' + i, aside + '/' + i];
      attempt(() => renameSync(place, kept), () => symlinkSync(outside, place));
      attempt(() => unlinkSync(place), () => renameSync(kept, place));
    }
  }
`;

test('whoever puts links into the tree meanwhile leads nothing out of it', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const names = Array.from({ length: 20 }, (_, i) => `file-${i}`);
  for (let round = 0; round < 8; round++) {
    const [tree, outside, aside] = ['tree', 'outside', 'aside'].map((name) => join(parent, `${round}`, name)) as [
      string,
      string,
      string,
    ];
    const folders = names.map((_, i) => join(tree, `${i}`));
    for (const folder of [outside, aside, ...folders]) await mkdir(folder, { recursive: true });
    for (const folder of [outside, ...folders]) for (const name of names) await writeFile(join(folder, name), '');
    const stop = new SharedArrayBuffer(4);
    const racer = new Worker(RACER, { eval: true, workerData: { tree, outside, aside, stop } });
    await new Promise((resolve) => racer.once('message', resolve));
    // It may give up on what is filled again and again; it may not follow.
    await removeTree(tree).catch(() => undefined);
    Atomics.store(new Int32Array(stop), 0, 1);
    await new Promise((resolve) => racer.once('exit', resolve));
    expect((await readdir(outside)).length).toBe(names.length);
  }
  await rm(parent, { recursive: true });
});

test('a tree deeper than a path can say, and than files can be open', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const tree = join(parent, 'tree');
  await mkdir(tree);
  await writeFile(join(tree, 'file'), '');
  for (let depth = 0; depth < 1600; depth++) {
    await mkdir(join(parent, 'above'));
    await rename(tree, join(parent, 'above', 'in'));
    await rename(join(parent, 'above'), tree);
  }
  await removeTree(tree);
  expect(await readdir(parent)).toEqual([]);
});
