import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { beginRendered, recoverRendered, writeRendered } from '../src/node/index.ts';

let root: string;
let config: string;
let journal: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hab-killed-'));
  config = join(root, 'config');
  journal = join(root, '.change');
});

afterEach(() => rmSync(root, { recursive: true }));

/** Every file below the root with its text, and every directory that is empty. */
function tree(directory: string = root, prefix = ''): Record<string, string> {
  const entries = readdirSync(directory, { withFileTypes: true });
  if (entries.length === 0) return { [`${prefix}/`]: '' };
  return Object.assign(
    {},
    ...entries.map((entry) => {
      const path = join(directory, entry.name);
      const name = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
      return entry.isDirectory() ? tree(path, name) : { [name]: readFileSync(path, 'utf8') };
    }),
  );
}

function prepare(): void {
  rmSync(root, { recursive: true });
  mkdirSync(join(config, 'sub'), { recursive: true });
  mkdirSync(join(config, 'was-directory/inner'), { recursive: true });
  for (const [name, text] of Object.entries(OLD)) if (!name.endsWith('/')) writeFileSync(join(root, name), text);
}

const OLD = {
  'config/a': 'old a',
  'config/gone': 'old gone',
  'config/sub/b': 'old b',
  'config/was-directory/inner/': '',
};
const NEW = { 'config/a': 'new a', 'config/c': 'new c', 'config/sub/b': 'new b', 'config/was-directory': 'new d' };

/** Changes everything in a process that kills itself before its `step`th call of the file system. */
const PROGRAM = `
  import fs from 'node:fs/promises';
  import { syncBuiltinESMExports } from 'node:module';
  let step = Number(process.argv[1]);
  const [config, journal] = process.argv.slice(2);
  for (const name of ['open', 'rename', 'link', 'unlink', 'rm', 'rmdir', 'mkdir', 'lstat']) {
    const call = fs[name];
    fs[name] = (...args) => {
      if (--step === 0) process.kill(process.pid, 'SIGKILL');
      return call(...args);
    };
  }
  syncBuiltinESMExports();
  const { writeRendered } = await import(${JSON.stringify(new URL('../src/node/index.ts', import.meta.url).href)});
  const files = [['a', 'new a'], ['c', 'new c'], ['sub/b', 'new b'], ['was-directory', 'new d']];
  const set = { directory: config, files: files.map(([name, text]) => ({ name, text })), stale: ['gone'] };
  await writeRendered([set], { journal });
`;

/** Runs the program up to a step. */
function runUntil(step: number): ReturnType<typeof spawnSync> {
  return spawnSync(process.execPath, ['--input-type=module', '--eval', PROGRAM, String(step), config, journal], {
    encoding: 'utf8',
  });
}

test('a process that is killed at any step leaves all files as they were, or all of them changed, and nothing beside them', async () => {
  const outcomes: string[] = [];
  for (let step = 1; ; step++) {
    prepare();
    const { signal, status, stderr } = runUntil(step);
    const ended = signal === null;
    expect([signal, status, stderr]).toEqual(ended ? [null, 0, ''] : ['SIGKILL', null, '']);
    outcomes.push(await recoverRendered(journal));
    const after = tree();
    expect([OLD, NEW]).toContainEqual(after);
    if (ended) {
      expect(after).toEqual(NEW);
      break;
    }
    if (outcomes.at(-1) === 'taken-back') expect(after).toEqual(OLD);
    if (outcomes.at(-1) === 'complete') expect(after).toEqual(NEW);
    expect(await recoverRendered(journal)).toBe('nothing');
  }
  // Each way to be found was met, in this order.
  expect(outcomes.filter((outcome, index) => outcome !== outcomes[index - 1])).toEqual([
    'nothing',
    'taken-back',
    'complete',
    'nothing',
  ]);
}, 120_000);

test.for([
  ['cut short', '{"changes": [{"root": "/'],
  ['another document', '{"changes": {"a": 1}, "made": 5}'],
  ['null', 'null'],
])('a journal that is no journal takes nothing back: %s', async ([, text = '']) => {
  prepare();
  writeFileSync(journal, text);
  expect(await recoverRendered(journal)).toBe('taken-back');
  expect(tree()).toEqual(OLD);
});

test('a journal leads out of no directory and through no link', async () => {
  prepare();
  mkdirSync(join(root, 'other'));
  writeFileSync(join(root, 'other/precious'), 'kept');
  symlinkSync(join(root, 'other'), join(config, 'link'));
  const names = { kind: 'created', temporary: `.tmp-${'0'.repeat(36)}`, backup: `.tmp-${'1'.repeat(36)}` };
  const places = ['config/../other/precious', '../other/precious', '/etc/passwd', 'config//a', 'config/', '', 7, null];
  const entries = places.map((name) => ({ name, ...names }));
  const odd = [
    { root: join(root, 'other'), name: 'precious', ...names },
    { name: 'config/a', ...names, backup: 'gone' },
    { name: 'config/a', ...names, temporary: '../config/a' },
    { name: 'config/a', ...names, kind: 'other' },
    { name: 'none/a', ...names },
    { name: 'config/none/a', ...names },
  ];
  writeFileSync(journal, JSON.stringify({ changes: [...entries, ...odd], made: ['../other', '/', 'config/sub/..'] }));
  expect(await recoverRendered(journal)).toBe('taken-back');
  writeFileSync(journal, JSON.stringify({ changes: [{ name: 'config/link/precious', ...names }], made: [] }));
  await expect(recoverRendered(journal)).rejects.toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID' });
  rmSync(join(config, 'link'));
  rmSync(journal);
  expect(tree()).toEqual({ ...OLD, 'other/precious': 'kept' });
});

test('a tree that was moved in the middle of a change is put right where it is, and nothing where it was', async () => {
  prepare();
  const files = [
    { name: 'a', text: 'new a' },
    { name: 'new/c', text: 'new c' },
  ];
  // Written, and not settled: what a process leaves that is killed now.
  await beginRendered([{ directory: config, files, stale: ['gone'] }], { journal });
  const before = tree();
  const moved = `${root}-moved`;
  cpSync(root, moved, { recursive: true });
  expect(await recoverRendered(join(moved, '.change'))).toBe('taken-back');
  expect(tree(moved)).toEqual(OLD);
  expect(tree()).toEqual(before);
  rmSync(moved, { recursive: true });
});

test('a journal that is a pipe, a link or larger than any is refused, and nothing is changed', async () => {
  prepare();
  spawnSync('mkfifo', [journal]);
  await expect(recoverRendered(journal)).rejects.toMatchObject({ code: 'CORE_FILE_REFUSED' });
  rmSync(journal);
  symlinkSync('/dev/zero', journal);
  await expect(recoverRendered(journal)).rejects.toMatchObject({ code: 'ELOOP' });
  rmSync(journal);
  writeFileSync(journal, Buffer.alloc(32 * 1_048_576 + 1, ' '));
  await expect(recoverRendered(journal)).rejects.toMatchObject({ code: 'CORE_FILE_REFUSED' });
  rmSync(journal);
  expect(tree()).toEqual(OLD);
});

test('what lies where the journal is written first is not written through', async () => {
  prepare();
  const outside = join(root, 'outside');
  writeFileSync(outside, 'kept');
  symlinkSync(outside, `${journal}.new`);
  await writeRendered([{ directory: config, files: [{ name: 'a', text: 'new a' }] }], { journal });
  expect(readFileSync(outside, 'utf8')).toBe('kept');
});

test('a journal beside the directories that it is for is refused before anything is written', async () => {
  prepare();
  const files = [{ name: 'a', text: 'new a' }];
  const writing = writeRendered([{ directory: config, files }], { journal: join(config, 'sub/.change') });
  await expect(writing).rejects.toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID', details: { reason: 'escape' } });
  expect(tree()).toEqual(OLD);
});

test('a directory that gives way to a file is removed without being led out of it', async () => {
  const names = Array.from({ length: 20 }, (_, i) => `file-${i}`);
  for (let round = 0; round < 6; round++) {
    rmSync(root, { recursive: true });
    const [outside, aside] = [join(root, 'outside'), join(root, 'aside')];
    const folders = names.map((_, i) => join(config, 'a', `${i}`));
    for (const folder of [outside, aside, ...folders]) {
      mkdirSync(folder, { recursive: true });
      for (const name of names) writeFileSync(join(folder, name), '');
    }
    const stop = new SharedArrayBuffer(4);
    const racer = new Worker(RACER, { eval: true, workerData: { config, outside, aside, stop } });
    await new Promise((resolve) => racer.once('message', resolve));
    // It may fail where it is in each other's way; it may not follow.
    await writeRendered([{ directory: config, files: [{ name: 'a', text: 'new a' }] }], { journal }).catch(() => {});
    Atomics.store(new Int32Array(stop), 0, 1);
    await new Promise((resolve) => racer.once('exit', resolve));
    expect(readdirSync(outside).length).toBe(names.length);
  }
});

/** Whoever owns the directory puts links into what was moved aside, all the time. */
const RACER = `
  const { workerData: { config, outside, aside, stop }, parentPort } = require('node:worker_threads');
  const { readdirSync, renameSync, symlinkSync, unlinkSync } = require('node:fs');
  const attempt = (...steps) => { try { for (const step of steps) step(); } catch {} };
  const stopped = new Int32Array(stop);
  parentPort.postMessage('racing');
  while (Atomics.load(stopped, 0) === 0) {
    for (const name of readdirSync(config)) {
      for (let i = 0; i < 20; i++) {
        const [place, kept] = [config + '/' + name + '/' + i, aside + '/' + name + i];
        attempt(() => renameSync(place, kept), () => symlinkSync(outside, place));
        attempt(() => unlinkSync(place), () => renameSync(kept, place));
      }
    }
  }
`;
