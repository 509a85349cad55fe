import { mkdirSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { rejectionOf } from '@hab/core/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { toConfigTable } from '../src/index.ts';
import { readTemplates, renderDirectory, writeRendered } from '../src/node/index.ts';

let root: string;
let config: string;
const context = toConfigTable({ cfg: { port: 80 } });

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hab-templating-'));
  config = join(root, 'config');
  await mkdir(config);
});

afterEach(async () => {
  await rm(root, { recursive: true });
});

async function source(files: Record<string, string | Uint8Array>): Promise<string> {
  const directory = join(root, 'source');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  return directory;
}

const mode = async (path: string): Promise<number> => (await stat(path)).mode & 0o7777;

/** Every file below the target with its text; temporary files would show. */
async function tree(): Promise<Record<string, string>> {
  const entries = await readdir(config, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.sort().map(async (file) => [file.slice(config.length + 1), await readFile(file, 'utf8')]),
  );
  return Object.fromEntries(texts);
}

test('renders a directory with its modes and writes only what changed', async () => {
  const from = await source({
    'app.conf': 'port = {{cfg.port}}\n{{> parts/a.conf}}',
    'parts/a.conf': 'part',
    '.hidden': 'h',
  });
  const first = await renderDirectory({ source: from, directory: config, context });
  expect(first).toEqual({
    created: ['.hidden', 'app.conf', 'parts/a.conf'].map((name) => join(config, name)),
    modified: [],
    removed: [],
  });
  expect(await tree()).toEqual({ '.hidden': 'h', 'app.conf': 'port = 80\npart', 'parts/a.conf': 'part' });
  expect([await mode(join(config, 'app.conf')), await mode(join(config, 'parts'))]).toEqual([0o740, 0o770]);

  await chmod(join(config, 'parts/a.conf'), 0o600);
  const second = await renderDirectory({
    source: from,
    directory: config,
    context: toConfigTable({ cfg: { port: 81 } }),
  });
  expect(second).toEqual({ created: [], modified: [join(config, 'app.conf')], removed: [] });
  expect(await mode(join(config, 'parts/a.conf'))).toBe(0o600);
  expect(
    await renderDirectory({ source: from, directory: config, context: toConfigTable({ cfg: { port: 81 } }) }),
  ).toEqual({
    created: [],
    modified: [],
    removed: [],
  });
});

test('a file of the same length and another text is another file', async () => {
  await writeFile(join(config, 'a'), 'xyz');
  expect((await writeRendered([{ directory: config, files: [{ name: 'a', text: 'xyw' }] }])).modified).toHaveLength(1);
  expect(await tree()).toEqual({ a: 'xyw' });
});

test('gives hooks the mode of programs and files the owner asked for', async () => {
  const owner = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  await writeRendered([{ directory: config, files: [{ name: 'run', text: '#!/bin/sh\n' }], mode: 0o755, owner }]);
  expect(await mode(join(config, 'run'))).toBe(0o755);
  expect((await stat(join(config, 'run'))).uid).toBe(owner.uid);
});

test('one failing template keeps all files as they were and reports every error', async () => {
  await writeFile(join(config, 'good.conf'), 'old');
  const from = await source({ 'good.conf': 'new', 'a.conf': '\n{{toUppercase 5}}', 'b.conf': '{{strJoin x y}}' });
  const error = await rejectionOf(renderDirectory({ source: from, directory: config, context }));
  expect(error).toMatchObject({ code: 'TEMPLATE_DIRECTORY_FAILED', details: { failed: ['a.conf', 'b.conf'] } });
  expect((error as { cause: AggregateError }).cause.errors).toMatchObject([
    { details: { line: 2 } },
    { details: { line: 1 } },
  ]);
  expect(await tree()).toEqual({ 'good.conf': 'old' });
});

test('a template that does not compile is reported with the others', async () => {
  const from = await source({ 'a.conf': '{{#if x}}', 'b.conf': '{{', 'c.conf': 'x' });
  expect(await rejectionOf(renderDirectory({ source: from, directory: config, context }))).toMatchObject({
    code: 'TEMPLATE_DIRECTORY_FAILED',
    details: { failed: ['a.conf', 'b.conf'] },
  });
  expect(await tree()).toEqual({});
});

test('a change that fails puts those before it back', async () => {
  await writeFile(join(config, 'a'), 'old a');
  await writeFile(join(config, 'gone'), 'old');
  await mkdir(join(config, 'deep'));
  await mkdir(join(config, 'y', 'full'), { recursive: true });
  /** Asked for last: by then it is settled what is created, and somebody puts a directory there. */
  function* sabotage(): Generator<string> {
    mkdirSync(join(config, 'deep/b'));
    yield 'gone';
  }
  const files = ['a', 'c', 'y', 'deep/b'].map((name) => ({ name, text: `new ${name}` }));
  const writing = writeRendered([{ directory: config, files, stale: sabotage() }]);
  expect(await rejectionOf(writing)).toMatchObject({
    code: 'TEMPLATE_WRITE_FAILED',
    details: { path: join(config, 'deep/b') },
  });
  expect(await tree()).toEqual({ a: 'old a', gone: 'old' });
  expect(await readdir(join(config, 'y'))).toEqual(['full']);
});

test('a directory in the way of a file is moved aside whole', async () => {
  await mkdir(join(config, 'y', 'full'), { recursive: true });
  const report = await writeRendered([{ directory: config, files: [{ name: 'y', text: '2' }] }]);
  expect(report.modified).toEqual([join(config, 'y')]);
  expect(await tree()).toEqual({ y: '2' });
});

test('an impossible directory leaves no trace', async () => {
  await writeFile(join(config, 'a'), 'old a');
  const sets = [
    {
      directory: config,
      files: [
        { name: 'a', text: 'new a' },
        { name: 'deep/er/b', text: 'new b' },
      ],
    },
    { directory: join(root, 'missing'), files: [{ name: 'x', text: '1' }] },
  ];
  expect(await rejectionOf(writeRendered(sets))).toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID' });
  expect(await tree()).toEqual({ a: 'old a' });
  expect(await readdir(config)).toEqual(['a']);
});

test('an abort before the first change changes nothing', async () => {
  const reason = new Error('enough');
  const writing = writeRendered([{ directory: config, files: [{ name: 'a', text: 'x' }] }], {
    signal: AbortSignal.abort(reason),
  });
  expect(await rejectionOf(writing)).toBe(reason);
  expect(await readdir(config)).toEqual([]);
});

test('files of an earlier release go, others stay', async () => {
  await writeFile(join(config, 'old.conf'), 'old');
  await writeFile(join(config, 'own.txt'), 'written by the service');
  const set = {
    directory: config,
    files: [{ name: 'new.conf', text: 'n' }],
    stale: ['old.conf', 'never/was.conf', 'new.conf'],
  };
  expect(await writeRendered([set])).toEqual({
    created: [join(config, 'new.conf')],
    modified: [],
    removed: [join(config, 'old.conf')],
  });
  expect(await tree()).toEqual({ 'new.conf': 'n', 'own.txt': 'written by the service' });
});

test('never writes through a link', async () => {
  const secret = join(root, 'secret');
  await mkdir(secret);
  await writeFile(join(secret, 'file'), 'untouched');
  await symlink(secret, join(config, 'sub'));
  await symlink(join(secret, 'file'), join(config, 'file'));
  const escaping = writeRendered([{ directory: config, files: [{ name: 'sub/file', text: 'x' }] }]);
  expect(await rejectionOf(escaping)).toMatchObject({
    code: 'TEMPLATE_DIRECTORY_INVALID',
    details: { reason: 'escape' },
  });
  await writeRendered([{ directory: config, files: [{ name: 'file', text: 'mine' }] }]);
  expect((await lstat(join(config, 'file'))).isFile()).toBe(true);
  expect(await readFile(join(secret, 'file'), 'utf8')).toBe('untouched');
  expect(await readlink(join(config, 'sub'))).toBe(secret);
});

test.for(['', '.', '..', '../x', '/etc/passwd', 'a/../../x', 'a//b', 'a/', 'a\0b'])(
  'refuses the name %j',
  async (name) => {
    expect(await rejectionOf(writeRendered([{ directory: config, files: [{ name, text: 'x' }] }]))).toMatchObject({
      code: 'TEMPLATE_DIRECTORY_INVALID',
      details: { reason: 'name' },
    });
    expect(await readdir(config)).toEqual([]);
  },
);

test('reads regular files alone, sorted, and none from a directory that does not exist', async () => {
  const from = await source({ b: 'B', 'a/x': 'X', 'a.b': '\ufeffbom' });
  await symlink('/etc/passwd', join(from, 'link'));
  await symlink('..', join(from, 'loop'));
  expect(await readTemplates(from)).toEqual([
    { name: 'a.b', text: '\ufeffbom' },
    { name: 'a/x', text: 'X' },
    { name: 'b', text: 'B' },
  ]);
  expect((await readTemplates(from, { recursive: false })).map(({ name }) => name)).toEqual(['a.b', 'b']);
  expect(await readTemplates(join(root, 'nothing'))).toEqual([]);
});

test('a template must be UTF-8', async () => {
  const from = await source({ 'a.bin': Uint8Array.of(0x61, 0xff, 0xfe) });
  expect(await rejectionOf(readTemplates(from))).toMatchObject({
    code: 'TEMPLATE_DIRECTORY_INVALID',
    details: { path: join(from, 'a.bin'), reason: 'encoding' },
  });
});

test('a directory has limits', async () => {
  const from = await source({ a: '12345', b: '12345' });
  expect(await readTemplates(from, { maxEntries: 2, maxBytes: 10 })).toHaveLength(2);
  expect(await rejectionOf(readTemplates(from, { maxEntries: 1 }))).toMatchObject({
    details: { limit: 'directoryEntries', max: 1 },
  });
  expect(await rejectionOf(readTemplates(from, { maxBytes: 9 }))).toMatchObject({
    details: { limit: 'directoryBytes' },
  });
  await mkdir(join(from, ...Array<string>(33).fill('d')), { recursive: true });
  expect(await rejectionOf(readTemplates(from))).toMatchObject({ code: 'TEMPLATE_LIMIT_EXCEEDED' });
});
