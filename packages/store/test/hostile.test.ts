import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { copyFile, mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isHabError } from '@hab/core';
import { FakeClock, rejectionOf, seededRandom } from '@hab/core/testing';
import { generateOriginKeyPair, memoryKeyCache, type OriginKeyPair } from '@hab/crypto-keys';
import { artifactName, formatIdent, type PackageIdent, parseFullIdent, parseIdent } from '@hab/ident';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createStore, folderArtifactSource, type InstallRequest } from '../src/node/index.ts';
import { packTestArtifact } from '../src/testing/index.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { leftovers } from './support/tree-listing.ts';

const [LIB, APP] = ['acme/lib/1.0/20260101000000', 'acme/app/2.0/20260101000001'];
const target = 'x86_64-linux';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const asked = (ident: string): InstallRequest => ({ type: 'ident', ident: parseIdent(ident) });
const install = async (...requests: InstallRequest[]): Promise<string[]> => {
  const result = await sandbox.store.install(requests, { sources: [folderArtifactSource(sandbox.folder)] });
  return result.installed.map(formatIdent);
};
const listed = async (): Promise<string[]> => (await sandbox.store.list()).map(formatIdent);
const artifactOf = (ident: string): string => artifactName(parseFullIdent(ident), target);
const cached = (ident: string): string => join(sandbox.layout.artifactCache, artifactOf(ident));

function expectNothingInstalled(): void {
  const { packages } = sandbox.layout;
  expect(existsSync(packages) ? readdirSync(packages, { recursive: true }) : []).toEqual([]);
}

/** Another pair of keys; by default with the very name of the good one. */
const otherKey = (name = 'acme'): OriginKeyPair =>
  generateOriginKeyPair({ name, clock: new FakeClock(Date.UTC(2026, 0, 1)), random: seededRandom(99) });

describe('dependencies', () => {
  test('that are nowhere: all of them are named and nothing at all is installed', async () => {
    const missing = ['acme/none/1/1', 'acme/none/2/2'];
    await sandbox.pack({ ident: LIB }, { ident: APP, deps: [LIB, ...missing] });
    const error = await rejectionOf(install(asked(APP)));
    expect(error).toMatchObject({ code: 'STORE_DEPENDENCIES_MISSING' });
    for (const ident of [APP, ...missing]) expect(String(error)).toContain(ident);
    expectNothingInstalled();
    await sandbox.pack(...missing.map((ident) => ({ ident })));
    expect((await install(asked(APP))).sort()).toEqual([APP, LIB, ...missing].sort());
  });

  test('of an installed package that are gone are installed again', async () => {
    await sandbox.pack({ ident: LIB });
    await sandbox.put({ ident: APP, deps: [LIB] });
    expect(await install(asked(APP))).toEqual([LIB]);
  });

  test('in a circle end: for install, graph, uninstall and environment', async () => {
    await sandbox.pack({ ident: LIB, deps: [APP], tdeps: [APP, LIB] }, { ident: APP, deps: [LIB], tdeps: [LIB, APP] });
    expect((await install(asked(APP))).sort()).toEqual([APP, LIB].sort());
    const graph = await sandbox.store.graph();
    expect(graph.transitiveDependencies(parseFullIdent(APP)).map(formatIdent)).toContain(LIB);
    expect(graph.transitiveDependents(parseFullIdent(APP)).map(formatIdent)).toContain(LIB);
    expect((await sandbox.store.environment(await sandbox.store.load(parseIdent(APP)))).size).toBe(0);
    expect(await rejectionOf(sandbox.store.uninstall(parseIdent(APP)))).toMatchObject({ code: 'STORE_STILL_NEEDED' });
    expect(await listed()).toEqual([APP, LIB]);
  });

  test('composites in a circle end', async () => {
    const composite = (service: string) => ({ TYPE: 'composite\n', RESOLVED_SERVICES: `${service}\n` });
    await sandbox.pack({ ident: LIB, files: composite(APP) }, { ident: APP, files: composite(LIB) });
    expect((await install(asked(APP))).sort()).toEqual([APP, LIB].sort());
  });

  test('still needed are not uninstalled, and nothing is', async () => {
    await sandbox.put({ ident: LIB }, { ident: APP, deps: [LIB] });
    expect(await rejectionOf(sandbox.store.uninstall(parseIdent('acme/lib')))).toMatchObject({
      code: 'STORE_STILL_NEEDED',
      details: { ident: LIB, dependents: [APP] },
    });
    expect(await listed()).toEqual([APP, LIB]);
    await sandbox.store.uninstall(parseIdent(APP));
    expectNothingInstalled();
  });
});

/** Ways to spoil the artifact of LIB at a path. */
const SPOILED: Record<string, (path: string) => Promise<unknown>> = {
  'altered in its body': async (path) => {
    const bytes = readFileSync(path);
    bytes.writeUInt8(bytes.readUInt8(bytes.length - 40) ^ 1, bytes.length - 40);
    await writeFile(path, bytes);
  },
  'cut in its body': (path) => truncate(path, readFileSync(path).length - 1),
  'cut in its header': (path) => truncate(path, 20),
  'longer than it was': (path) => writeFile(path, Buffer.concat([readFileSync(path), Buffer.from('more')])),
  empty: (path) => truncate(path, 0),
  'no artifact': (path) => writeFile(path, Buffer.alloc(100_000, 'A')),
  'signed with another key of the same name': (path) => packOver(path, LIB, otherKey()),
  'the artifact of another release': (path) => packOver(path, 'acme/lib/1.0/20990101000000', sandbox.key),
  'of another origin with its key': (path) => packOver(path, 'evil/lib/1.0/20260101000000', otherKey('evil')),
};

async function packOver(path: string, ident: string, key: OriginKeyPair): Promise<void> {
  await rm(path);
  await packTestArtifact({ ident }, { key: key.secret, into: join(path, '..'), fileName: artifactOf(LIB) });
}

describe.for(Object.entries(SPOILED))('an artifact that is %s', ([, spoil]) => {
  test('is not installed from a folder, alone or as a dependency', async () => {
    await sandbox.pack({ ident: LIB }, { ident: APP, deps: [LIB] });
    await spoil(join(sandbox.folder, artifactOf(LIB)));
    for (const request of [asked(LIB), asked(APP)]) {
      expect(await rejectionOf(install(request))).toSatisfy(isHabError);
      expectNothingInstalled();
      expect(existsSync(cached(LIB))).toBe(false);
      expect(leftovers(sandbox.root)).toEqual([]);
    }
  });

  test('is not installed when given as a file', async () => {
    const path = await sandbox.pack({ ident: LIB });
    await spoil(path);
    // A well signed artifact is what it says to be, whatever its file is called: only that it may install.
    const installed = await install({ type: 'file', path }).catch((error: unknown) => {
      expect(error).toSatisfy(isHabError);
      return [];
    });
    expect(await listed()).toEqual(installed);
    expect(installed).not.toContain(LIB);
    expect(existsSync(cached(LIB))).toBe(false);
  });

  test('does not stop a good one when it lies in the cache', async () => {
    await sandbox.pack({ ident: LIB });
    await mkdir(sandbox.layout.artifactCache, { recursive: true });
    await copyFile(join(sandbox.folder, artifactOf(LIB)), cached(LIB));
    await spoil(cached(LIB));
    expect(await install(asked(LIB))).toEqual([LIB]);
    expect(readFileSync(cached(LIB)).equals(readFileSync(join(sandbox.folder, artifactOf(LIB))))).toBe(true);
  });
});

test('an artifact whose key nobody has is not installed, and the key is named', async () => {
  await sandbox.pack({ ident: LIB });
  const keys = memoryKeyCache();
  const store = createStore({ layout: sandbox.layout, target, keys });
  const sources = [folderArtifactSource(sandbox.folder)];
  const error = await rejectionOf(store.install([asked(LIB)], { sources }));
  expect(error).toMatchObject({ code: 'KEYS_NOT_FOUND' });
  expect(String(error)).toContain('acme-20260101000000');
  expectNothingInstalled();
  expect(existsSync(cached(LIB))).toBe(false);
  await keys.write(sandbox.key.public);
  expect((await store.install([asked(LIB)], { sources })).installed.map(formatIdent)).toEqual([LIB]);
});

const HOSTILE: Record<string, PackageIdent> = {
  parents: { origin: '..', name: '..', version: '..', release: 'etc' },
  'fuzzy parents': { origin: '..', name: '..' },
  'a parent version': { origin: 'acme', name: 'lib', version: '..' },
  slashes: { origin: 'acme/../..', name: 'lib', version: '1.0', release: '1/../../../x' },
  'fuzzy slashes': { origin: 'acme', name: '../../../outside' },
  'a backslash': { origin: 'acme', name: '..\\x', version: '1', release: '1' },
  'empty pieces': { origin: '', name: '', version: '', release: '' },
  'empty fuzzy pieces': { origin: '', name: '' },
  'a NUL byte': { origin: 'acme', name: 'lib\0', version: '1', release: '1' },
  'a fuzzy NUL byte': { origin: 'acme', name: 'lib\0' },
  '5000 bytes': { origin: 'acme', name: 'l'.repeat(5000), version: '1', release: '1' },
  '5000 fuzzy bytes': { origin: 'acme', name: 'l'.repeat(5000) },
  'a staging name': { origin: 'acme', name: 'lib', version: '1.0', release: '.hab-pkg-install-20260101000000abcdef' },
  'a staging name as name': { origin: 'acme', name: '.hab-pkg-install-x' },
};

test.for(Object.entries(HOSTILE))(
  'an identifier with %s is nothing that can be loaded or installed',
  async ([, ident]) => {
    // What such an identifier must not reach: packages by their TARGET, outside the store and in staging.
    await sandbox.put({ ident: LIB });
    for (const place of ['etc', 'a/b', 'outside/1/1', 'hab/pkgs/acme/lib/1.0/.hab-pkg-install-20260101000000abcdef']) {
      mkdirSync(join(sandbox.root, place), { recursive: true });
      writeFileSync(join(sandbox.root, place, 'TARGET'), target);
    }
    expect(await sandbox.store.tryLoad(ident)).toBeUndefined();
    expect(await sandbox.store.list(ident)).toEqual([]);
    expect(await rejectionOf(sandbox.store.load(ident))).toMatchObject({ code: 'STORE_PACKAGE_NOT_FOUND' });
    expect(await rejectionOf(sandbox.store.uninstall(ident))).toMatchObject({ code: 'STORE_PACKAGE_NOT_FOUND' });
    const error = await rejectionOf(install({ type: 'ident', ident }));
    expect(isHabError(error) && error.code).toMatch(/^STORE_(?:IDENT_UNSAFE|ARTIFACT_NOT_FOUND)$/);
    expect(await listed()).toEqual([LIB]);
  },
);

test('dependencies with hostile identifiers stop an install', async () => {
  for (const dependency of [
    '../../../x',
    'acme/lib/1.0/.hab-pkg-install-1',
    'acme//1/1',
    `acme/${'l'.repeat(5000)}/1/1`,
  ]) {
    await sandbox.pack({ ident: APP, deps: [dependency] });
    const error = await rejectionOf(install(asked(APP)));
    expect(isHabError(error) && error.code).toMatch(/^(?:STORE_IDENT_UNSAFE|IDENT_INVALID|HART_METAFILE_MALFORMED)$/);
    expectNothingInstalled();
  }
});

describe('what lies in the store', () => {
  const at = (path: string): string => join(sandbox.layout.packages, path);
  const fifo = (path: string): unknown => execFileSync('mkfifo', [path]);
  const METAFILES: Record<string, { make: (path: string) => unknown; isError: boolean }> = {
    'a directory': { make: (path) => mkdirSync(path), isError: false },
    'a FIFO': { make: fifo, isError: false },
    'a link to a FIFO': {
      make: (path) => {
        fifo(`${path}.fifo`);
        symlinkSync(`${path}.fifo`, path);
      },
      isError: false,
    },
    'a device that never ends': { make: (path) => symlinkSync('/dev/zero', path), isError: false },
    'a link to nothing': { make: (path) => symlinkSync('nowhere', path), isError: false },
    'a link to itself': { make: (path) => symlinkSync(path, path), isError: false },
    'not UTF-8': { make: (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0x61])), isError: true },
    // Sparse: costs nothing unless somebody reads all of it.
    huge: { make: (path) => execFileSync('truncate', ['--size=64G', path]), isError: true },
  };

  test.for(Object.entries(METAFILES))('a metafile that is %s: no hang, a coded error at worst', async ([, kind]) => {
    await sandbox.put({ ident: LIB }, { ident: APP });
    for (const name of ['DEPS', 'TDEPS', 'EXPOSES', 'RUNTIME_ENVIRONMENT']) kind.make(at(`${LIB}/${name}`));
    const pkg = await sandbox.store.load(parseIdent(LIB));
    for (const read of [pkg.deps, pkg.tdeps, pkg.exposes, pkg.runtimeEnvironment]) {
      const outcome = await read().catch((error: unknown) => error);
      expect(isHabError(outcome)).toBe(kind.isError);
      if (isHabError(outcome))
        expect(`${outcome.message} ${JSON.stringify(outcome.details)}`).toMatch(/DEPS|EXPOSES|ENV/);
    }
    expect(await listed()).toEqual([APP, LIB]);
  });

  test.for(Object.entries(METAFILES))(
    'a TARGET that is %s: that package does not exist, the others do',
    async ([, kind]) => {
      await sandbox.put({ ident: APP });
      mkdirSync(at(LIB), { recursive: true });
      kind.make(at(`${LIB}/TARGET`));
      expect(await listed()).toEqual([APP]);
      expect(await sandbox.store.tryLoad(parseIdent(LIB))).toBeUndefined();
      await sandbox.pack({ ident: 'acme/new/1/1' }, { ident: LIB });
      expect(await install(asked('acme/new'))).toEqual(['acme/new/1/1']);
      expect(await rejectionOf(install(asked(LIB)))).toMatchObject({ code: 'STORE_RELEASE_BLOCKED' });
    },
  );

  test('links that lead nowhere or in a circle hide nothing else', async () => {
    await sandbox.put({ ident: APP });
    mkdirSync(at('acme/lib'), { recursive: true });
    symlinkSync('circle', at('circle'));
    symlinkSync('nowhere', at('acme/nowhere'));
    symlinkSync('1.0', at('acme/lib/1.0'));
    expect(await listed()).toEqual([APP]);
    expect(await sandbox.store.tryLoad(parseIdent('circle/x'))).toBeUndefined();
    expect(await sandbox.store.tryLoad(parseIdent('acme/lib/1.0'))).toBeUndefined();
  });

  test('a package behind a link is a package; uninstall takes the link and leaves what it leads to', async () => {
    await sandbox.put({ ident: APP });
    const elsewhere = join(sandbox.root, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'TARGET'), target);
    mkdirSync(at('acme/lib/1.0'), { recursive: true });
    symlinkSync(elsewhere, at(LIB));
    expect(await listed()).toEqual([APP, LIB]);
    await sandbox.store.uninstall(parseIdent(LIB));
    expect(await listed()).toEqual([APP]);
    expect(readdirSync(elsewhere)).toEqual(['TARGET']);
  });
});
