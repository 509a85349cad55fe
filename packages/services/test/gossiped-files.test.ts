import { spawnSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { createLayout } from '@hab/core';
import { expect, test } from 'vitest';

import { writeGossipedFiles } from '../src/node/gossiped-files.ts';
import type { ServiceIdentity } from '../src/node/index.ts';

const me: ServiceIdentity = { user: 'me', group: 'me', uid: 0, gid: 0, switches: false };

const PLANTED: Readonly<Record<string, (path: string, outside: string) => unknown>> = {
  'a pipe that nobody writes to': (path) => spawnSync('mkfifo', [path]),
  'a device without an end': (path) => symlinkSync('/dev/zero', path),
  'a link': (path, outside) => symlinkSync(outside, path),
  'a folder': (path) => mkdirSync(join(path, 'inner'), { recursive: true }),
};

test.for(Object.keys(PLANTED))('what the service puts in place of a file is replaced: %s', async (what) => {
  const root = mkdtempSync(join(tmpdir(), 'hab-gossiped-'));
  const layout = createLayout({ root }).service('web');
  mkdirSync(layout.files, { recursive: true });
  const outside = join(root, 'outside');
  writeFileSync(outside, 'kept');
  PLANTED[what]?.(join(layout.files, 'a'), outside);
  const file = (filename: string, text: string) => ({
    filename,
    incarnation: 1n,
    body: new TextEncoder().encode(text),
  });
  const sent = [file('a', 'one'), file('../b', 'two'), file('c', 'three')];
  expect((await writeGossipedFiles(sent, layout, me)).written).toEqual(['a', 'c']);
  expect((await writeGossipedFiles(sent, layout, me)).written).toEqual([]);
  expect(readdirSync(layout.files).sort()).toEqual(['a', 'c']);
  expect(lstatSync(join(layout.files, 'a')).isFile()).toBe(true);
  expect([readFileSync(join(layout.files, 'a'), 'utf8'), readFileSync(outside, 'utf8')]).toEqual(['one', 'kept']);
  rmSync(root, { recursive: true });
});

test('a file that cannot be written stops no other', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hab-gossiped-'));
  const layout = createLayout({ root }).service('web');
  mkdirSync(layout.files, { recursive: true });
  const long = 'é'.repeat(200);
  const sent = [long, 'b'].map((filename) => ({ filename, incarnation: 1n, body: new Uint8Array(1) }));
  const { written, failed } = await writeGossipedFiles(sent, layout, me);
  expect([written, [...failed.keys()], failed.get(long)]).toEqual([
    ['b'],
    [long],
    expect.stringMatching('ENAMETOOLONG'),
  ]);
  expect(readdirSync(layout.files)).toEqual(['b']);
  rmSync(root, { recursive: true });
});
