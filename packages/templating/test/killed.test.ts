import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { recoverRendered } from '../src/node/index.ts';

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

test('a process that is killed at any step leaves all files as they were, or all of them changed, and nothing beside them', async () => {
  const outcomes: string[] = [];
  for (let step = 1; ; step++) {
    prepare();
    const { signal, status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', PROGRAM, String(step), config, journal],
      { encoding: 'utf8' },
    );
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
  const places = ['../other/precious', '/etc/passwd', 'sub/../../other/precious', ''];
  const entries = places.map((name) => ({ root: config, name, ...names }));
  const odd = [
    { root: 'config', name: 'a', ...names },
    { root: config, name: 'a', ...names, backup: 'gone' },
    { root: config, name: 'a', ...names, kind: 'other' },
    { root: join(root, 'none'), name: 'a', ...names },
    { root: config, name: 'none/a', ...names },
  ];
  writeFileSync(journal, JSON.stringify({ changes: [...entries, ...odd], made: [] }));
  expect(await recoverRendered(journal)).toBe('taken-back');
  writeFileSync(journal, JSON.stringify({ changes: [{ root: config, name: 'link/precious', ...names }], made: [] }));
  await expect(recoverRendered(journal)).rejects.toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID' });
  rmSync(join(config, 'link'));
  rmSync(journal);
  expect(tree()).toEqual({ ...OLD, 'other/precious': 'kept' });
});
