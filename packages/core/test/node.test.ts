import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { systemClock, writeFileAtomic } from '../src/node/index.ts';
import { FakeClock, rejectionOf, seededRandom } from '../src/testing/index.ts';

test('an atomic write sets content and mode whatever the umask', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const path = join(directory, 'file');
  const umask = process.umask(0o077);
  try {
    await writeFileAtomic(path, 'one', { mode: 0o644 });
  } finally {
    process.umask(umask);
  }
  await writeFileAtomic(path, 'two', { mode: 0o644 });
  expect(await readFile(path, 'utf8')).toBe('two');
  expect((await stat(path)).mode & 0o7777).toBe(0o644);
  expect(await readdir(directory)).toEqual(['file']);
});

test('a failed atomic write leaves the old file and no temporary', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hab-core-'));
  await writeFile(join(directory, 'keep'), 'old');
  expect(await rejectionOf(writeFileAtomic(join(directory, 'keep', 'below'), 'x'))).toMatchObject({ code: 'ENOTDIR' });
  expect(await readdir(directory)).toEqual(['keep']);
});

test('an exclusive write never replaces, whoever wins the race', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hab-core-'));
  const path = join(directory, 'file');
  const writers = ['one', 'two', 'three'].map((text) => writeFileAtomic(path, text, { exclusive: true }));
  const results = await Promise.allSettled(writers);
  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.map((result) => result.reason)).toMatchObject([{ code: 'EEXIST' }, { code: 'EEXIST' }]);
  const winner = results.findIndex((result) => result.status === 'fulfilled');
  expect(await readFile(path, 'utf8')).toBe(['one', 'two', 'three'][winner]);
  expect(await readdir(directory)).toEqual(['file']);
});

test('sleep rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const slept = rejectionOf(systemClock.sleep(60_000, { signal: controller.signal }));
  controller.abort('enough');
  expect(await slept).toBe('enough');
});

test('a fake clock wakes sleepers in order', async () => {
  const clock = new FakeClock(1000);
  const woken: string[] = [];
  void clock.sleep(20).then(() => woken.push('b'));
  void clock.sleep(10).then(() => woken.push('a'));
  await clock.advance(15);
  expect(woken).toEqual(['a']);
  await clock.advance(10);
  expect(woken).toEqual(['a', 'b']);
  expect(clock.monotonic()).toBe(25);
});

test('seeded randomness repeats', () => {
  expect(seededRandom(7).bytes(8)).toEqual(seededRandom(7).bytes(8));
  expect(seededRandom(7).bytes(8)).not.toEqual(seededRandom(8).bytes(8));
});
