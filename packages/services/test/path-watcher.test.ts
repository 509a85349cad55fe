import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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

test('neighbours of the folders on the way tell nothing', async () => {
  const base = fresh();
  const log = join(base, 'log');
  writeFileSync(log, '');
  let events = 0;
  const watcher = new PathWatcher(join(base, 'user', 'redis', 'user.toml'), () => {
    events += 1;
  });
  writeFileSync(log, 'line');
  rmSync(log);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(events).toBe(0);
  mkdirSync(join(base, 'user'));
  while (events === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  watcher[Symbol.dispose]();
});

test('a folder on the way that goes and comes back is watched again', async () => {
  const base = fresh();
  const path = join(base, 'user', 'user.toml');
  mkdirSync(join(base, 'user'));
  let events = 0;
  const watcher = new PathWatcher(path, () => {
    events += 1;
  });
  const next = async (act: () => void): Promise<void> => {
    const before = events;
    act();
    while (events === before) await new Promise((resolve) => setTimeout(resolve, 2));
    await new Promise((resolve) => setTimeout(resolve, 20));
  };
  await next(() => rmSync(join(base, 'user'), { recursive: true }));
  await next(() => mkdirSync(join(base, 'user')));
  await next(() => writeFileSync(path, 'a'));
  watcher[Symbol.dispose]();
});

test('calls never overlap, and what happens during one is told by one more', async () => {
  const path = join(fresh(), 'user.toml');
  let running = 0;
  let most = 0;
  let calls = 0;
  let release: () => void = () => undefined;
  const watcher = new PathWatcher(path, async () => {
    running += 1;
    calls += 1;
    most = Math.max(most, running);
    await new Promise<void>((resolve) => {
      release = resolve;
    });
    running -= 1;
  });
  watcher.check();
  for (let i = 0; i < 20; i++) watcher.check();
  expect([calls, most]).toEqual([1, 1]);
  release();
  while (calls < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  release();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([calls, most, running]).toEqual([2, 1, 0]);
  watcher[Symbol.dispose]();
});

test('folders and a file that appear while it looks are all found', async () => {
  // Another process, so that its steps fall between ours.
  const script = `process.on('message', (base) => {
    fs.mkdirSync(base + '/user/redis/config', { recursive: true });
    fs.writeFileSync(base + '/user/redis/config/user.toml', 'x = 1');
    process.send('done');
  });`;
  const other = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  for (let round = 0; round < 400; round++) {
    const base = fresh();
    const path = join(base, 'user', 'redis', 'config', 'user.toml');
    let heard = false;
    const watcher = new PathWatcher(path, () => {
      heard ||= existsSync(path) && readFileSync(path, 'utf8') === 'x = 1';
    });
    const done = new Promise((resolve) => other.once('message', resolve));
    other.send(base);
    await done;
    const end = performance.now() + 5000;
    while (!heard && performance.now() < end) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(heard).toBe(true);
    watcher[Symbol.dispose]();
    rmSync(base, { recursive: true });
  }
  other.disconnect();
});
