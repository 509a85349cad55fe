import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { PathWatcher } from '../src/node/index.ts';

/** Resolves with the next event. */
function nextEvent(path: string, act: () => void): Promise<void> {
  return new Promise((resolve) => {
    const watcher = new PathWatcher(path, () => {
      watcher[Symbol.dispose]();
      resolve();
    });
    act();
  });
}
const fresh = (): string => mkdtempSync(join(tmpdir(), 'hab-watch-'));

test('a file: created, written, replaced, removed', async () => {
  const path = join(fresh(), 'user.toml');
  await nextEvent(path, () => writeFileSync(path, 'a'));
  await nextEvent(path, () => writeFileSync(path, 'b'));
  writeFileSync(`${path}.new`, 'c');
  await nextEvent(path, () => renameSync(`${path}.new`, path));
  await nextEvent(path, () => rmSync(path));
});

test('a folder tells of its content', async () => {
  const path = fresh();
  await nextEvent(path, () => writeFileSync(join(path, 'x.spec'), ''));
});

test('folders on the way may come later, one by one', async () => {
  const base = fresh();
  const path = join(base, 'user', 'redis', 'config', 'user.toml');
  let events = 0;
  let resolve: () => void = () => undefined;
  const watcher = new PathWatcher(path, () => {
    events += 1;
    resolve();
  });
  for (const step of ['user', 'user/redis', 'user/redis/config']) {
    const heard = new Promise<void>((done) => {
      resolve = done;
    });
    mkdirSync(join(base, step));
    await heard;
  }
  const heard = new Promise<void>((done) => {
    resolve = done;
  });
  writeFileSync(path, 'x = 1');
  await heard;
  expect(events).toBeGreaterThanOrEqual(4);
  watcher[Symbol.dispose]();
});
