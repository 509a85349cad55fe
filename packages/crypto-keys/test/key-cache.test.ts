import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, rejectionOf, seededRandom } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { formatKey, generateOriginKeyPair, generateRingKey, memoryKeyCache } from '../src/index.ts';
import { folderKeyCache } from '../src/node/index.ts';
import { describeKeyCache } from '../src/testing/index.ts';

describeKeyCache('folder', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hab-keys-'));
  return {
    cache: folderKeyCache(directory),
    plant: (fileName, content) => writeFile(join(directory, fileName), content),
    fileNames: async () => (await readdir(directory)).sort(),
    close: () => rm(directory, { recursive: true }),
  };
});

describeKeyCache('memory', async () => {
  const contents = new Map<string, Uint8Array>();
  return {
    cache: memoryKeyCache(contents),
    plant: async (fileName, content) => void contents.set(fileName, new TextEncoder().encode(content)),
    fileNames: async () => [...contents.keys()].sort(),
    close: async () => {},
  };
});

const options = { name: 'acme', clock: new FakeClock(Date.UTC(2026, 0, 2)), random: seededRandom(5) };

async function withFolder(run: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'hab-keys-'));
  try {
    await run(directory);
  } finally {
    await rm(directory, { recursive: true });
  }
}

test('a folder is made on the first write, files have their modes whatever the umask', () =>
  withFolder(async (parent) => {
    const directory = join(parent, 'cache', 'keys');
    const umask = process.umask(0o077);
    try {
      await folderKeyCache(directory).write(generateOriginKeyPair(options));
    } finally {
      process.umask(umask);
    }
    const modes: Record<string, string> = {};
    for (const name of await readdir(directory)) {
      modes[name] = ((await stat(join(directory, name))).mode & 0o7777).toString(8);
    }
    expect(modes).toEqual({ 'acme-20260102000000.pub': '444', 'acme-20260102000000.sig.key': '400' });
  }));

test('links to keys are followed, directories and dangling links are not keys', () =>
  withFolder(async (directory) => {
    const key = generateRingKey(options);
    await writeFile(join(directory, 'elsewhere'), formatKey(key));
    await symlink('elsewhere', join(directory, 'acme-20260102000000.sym.key'));
    await symlink('nowhere', join(directory, 'acme-20260102000009.sym.key'));
    const cache = folderKeyCache(directory);
    expect(formatKey(await cache.latest('ring', 'acme'))).toBe(formatKey(key));
    expect(await cache.list()).toHaveLength(1);
  }));

test('a place that cannot be a folder is reported with its path', () =>
  withFolder(async (directory) => {
    await writeFile(join(directory, 'file'), '');
    const cache = folderKeyCache(join(directory, 'file'));
    const code = 'KEYS_CACHE_FAILED';
    expect(await rejectionOf(cache.list())).toMatchObject({ code });
    expect(await rejectionOf(cache.write(generateRingKey(options)))).toMatchObject({ code });
  }));

test('a failure in the middle of a pair leaves neither half nor temporary files', () =>
  withFolder(async (directory) => {
    // A dangling link is invisible to reading and in the way of linking: the second half cannot be added.
    await symlink('nowhere', join(directory, 'acme-20260102000000.pub'));
    const error = await rejectionOf(folderKeyCache(directory).write(generateOriginKeyPair(options)));
    expect(error).toMatchObject({ code: 'KEYS_CACHE_FAILED' });
    expect(await readdir(directory)).toEqual(['acme-20260102000000.pub']);
  }));

test('a file larger than any key is refused without reading it whole', () =>
  withFolder(async (directory) => {
    await writeFile(join(directory, 'acme-20260102000000.sym.key'), 'x'.repeat(1_000_000));
    expect(await rejectionOf(folderKeyCache(directory).get('ring', 'acme-20260102000000'))).toMatchObject({
      code: 'KEYS_KEY_INVALID',
      details: { problem: 'too-long' },
    });
  }));
