import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { readHeldLock, tryLockFile } from '../src/node/index.ts';
import { thrownBy } from '../src/testing/index.ts';

const freshPath = (): string => join(mkdtempSync(join(tmpdir(), 'hab-lock-')), 'LOCK');

test('creates, excludes, releases and keeps the file', () => {
  const path = freshPath();
  const lock = tryLockFile(path);
  lock?.write('123');
  expect(readFileSync(path, 'utf8')).toBe('123');
  expect(tryLockFile(path)).toBeUndefined();
  expect(readHeldLock(path)).toBe('123');
  lock?.[Symbol.dispose]();
  expect(existsSync(path)).toBe(true);
  expect(readHeldLock(path)).toBeUndefined();
  const again = tryLockFile(path);
  expect(again).toBeDefined();
  again?.[Symbol.dispose]();
});

test('garbage is overwritten, a shared lock still excludes', () => {
  const path = freshPath();
  writeFileSync(path, 'some garbage that is longer than a pid');
  const lock = tryLockFile(path);
  lock?.write('7');
  lock?.share();
  expect(readFileSync(path, 'utf8')).toBe('7');
  expect(tryLockFile(path)).toBeUndefined();
  lock?.[Symbol.dispose]();
});

test('no file is no lock, no directory is an error', () => {
  expect(readHeldLock(freshPath())).toBeUndefined();
  expect(thrownBy(() => tryLockFile(join(freshPath(), 'below')))).toMatchObject({ code: 'ENOENT' });
});

test('a link in place of a lock is refused; what it leads to is neither made nor written', () => {
  const path = freshPath();
  const target = `${path}.target`;
  symlinkSync(target, path);
  for (const text of [undefined, 'kept']) {
    if (text !== undefined) writeFileSync(target, text);
    expect(thrownBy(() => tryLockFile(path))).toMatchObject({ code: 'ELOOP' });
    expect(thrownBy(() => readHeldLock(path))).toMatchObject({ code: 'ELOOP' });
    expect(existsSync(target) ? readFileSync(target, 'utf8') : undefined).toBe(text);
  }
});

test('a pipe in place of a lock is not waited for', () => {
  const path = freshPath();
  spawnSync('mkfifo', [path]);
  expect(readHeldLock(path)).toBeUndefined();
});
