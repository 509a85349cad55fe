import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FakeClock, rejectionOf, seededRandom } from '@hab/core/testing';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { packHart } from '@hab/hart/node';
import { formatIdent, parseIdent } from '@hab/ident';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { InstallProgress } from '../src/index.ts';
import { createStore, folderArtifactSource, type InstallOptions, parseInstallRequest } from '../src/node/index.ts';
import { packTestArtifact, writeTestPackage } from '../src/testing/index.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const ZEE = 'acme/zee/1.0/20260101000000';
const MID = 'acme/mid/1.0/20260101000000';
const TOP = 'acme/top/1.0/20260101000000';

const fromFolder = (): InstallOptions => ({ sources: [folderArtifactSource(sandbox.folder)] });
async function install(text: string, options: InstallOptions = fromFolder()) {
  const { requested, installed } = await sandbox.store.install([{ type: 'ident', ident: parseIdent(text) }], options);
  return { requested: requested.map(formatIdent), installed: installed.map(formatIdent) };
}
const listed = async () => (await sandbox.store.list()).map(formatIdent);
const cached = () => readdir(sandbox.layout.artifactCache);
const packThree = () =>
  sandbox.pack(
    { ident: ZEE, files: { 'bin/zee': 'zee\n' } },
    { ident: MID, deps: [ZEE] },
    { ident: TOP, deps: [MID], tdeps: [MID, ZEE] },
  );

describe('installing', () => {
  test('brings dependencies, in reverse order of TDEPS, the package last', async () => {
    await packThree();
    const events: InstallProgress[] = [];
    expect(await install('acme/top', { ...fromFolder(), onProgress: (event) => events.push(event) })).toEqual({
      requested: [TOP],
      installed: [ZEE, MID, TOP],
    });
    expect(await listed()).toEqual([MID, TOP, ZEE]);
    expect(events.filter((event) => event.type === 'store:installed').map(({ ident }) => formatIdent(ident))).toEqual([
      ZEE,
      MID,
      TOP,
    ]);
    expect(events[0]).toMatchObject({ type: 'store:resolved', installed: false });
    expect(await readFile(join(sandbox.layout.packages, ZEE, 'bin/zee'), 'utf8')).toBe('zee\n');
    const modes = (
      await Promise.all((await cached()).map((name) => stat(join(sandbox.layout.artifactCache, name))))
    ).map(({ mode }) => mode & 0o777);
    expect(modes).toEqual([0o644, 0o644, 0o644]);
  });

  test('again does nothing; a missing dependency is completed', async () => {
    await packThree();
    await install('acme/top');
    expect((await install('acme/top')).installed).toEqual([]);
    await sandbox.store.uninstall(parseIdent('acme/top'), { withDependencies: false });
    expect(await install(TOP)).toEqual({ requested: [TOP], installed: [TOP] });
  });

  test('works from the artifact cache alone', async () => {
    await packThree();
    await install('acme/top');
    for (const name of ['top', 'mid', 'zee'])
      await sandbox.store.uninstall(parseIdent(`acme/${name}`), { withDependencies: false });
    expect((await install('acme/top', {})).installed).toEqual([ZEE, MID, TOP]);
  });

  test('a file under any name: kept in the cache under its own', async () => {
    const path = await sandbox.pack({ ident: ZEE });
    const odd = join(sandbox.root, 'some file.hart');
    await copyFile(path, odd);
    const { installed } = await sandbox.store.install([{ type: 'file', path: odd }]);
    expect(installed.map(formatIdent)).toEqual([ZEE]);
    expect(await cached()).toEqual(['acme-zee-1.0-20260101000000-x86_64-linux.hart']);
  });

  test('several requests at once, one needing the other', async () => {
    await packThree();
    const requests = [TOP, ZEE].map((text) => ({ type: 'ident', ident: parseIdent(text) }) as const);
    const { installed } = await sandbox.store.install(requests, fromFolder());
    expect(installed.map(formatIdent)).toEqual([ZEE, MID, TOP]);
  });

  test('directories are for everybody whatever the umask', async () => {
    await packThree();
    const umask = process.umask(0o077);
    try {
      await install('acme/zee');
    } finally {
      process.umask(umask);
    }
    for (const path of ['acme', 'acme/zee', 'acme/zee/1.0', ZEE]) {
      expect((await stat(join(sandbox.layout.packages, path))).mode & 0o777).toBe(0o755);
    }
  });

  test('a package whose own directory cannot be written', async () => {
    const tree = join(sandbox.root, 'tree');
    await writeTestPackage(tree, { ident: ZEE });
    await chmod(tree, 0o555);
    const options = { prefix: `/hab/pkgs/${ZEE}`, key: sandbox.key.secret, mtimeSec: 1, worker: sandbox.worker };
    await packHart(join(sandbox.root, 'locked.hart'), { directory: tree, ...options });
    await sandbox.store.install([{ type: 'file', path: join(sandbox.root, 'locked.hart') }]);
    expect((await stat(join(sandbox.layout.packages, ZEE))).mode & 0o777).toBe(0o555);
  });

  test('a composite brings its services with what they need, itself last', async () => {
    await packThree();
    const ALL = 'acme/all/1/20260101000000';
    await sandbox.pack({
      ident: ALL,
      files: { TYPE: 'composite\n', SERVICES: 'acme/top\n', RESOLVED_SERVICES: `${TOP}\n` },
    });
    expect((await install('acme/all')).installed).toEqual([ZEE, MID, TOP, ALL]);
  });
});

describe('which release', () => {
  const release = (version: string, release: string) => `acme/zee/${version}/${release}`;

  test('the installed one only when it is strictly newer than what the sources offer', async () => {
    await sandbox.put({ ident: release('1.0', '20260101000005') });
    await sandbox.pack({ ident: release('1.0', '20260101000001') });
    expect((await install('acme/zee')).requested).toEqual([release('1.0', '20260101000005')]);
    await sandbox.pack({ ident: release('2.0', '20250101000000') });
    expect(await install('acme/zee')).toEqual({
      requested: [release('2.0', '20250101000000')],
      installed: [release('2.0', '20250101000000')],
    });
  });

  test('what is installed does not count when it is to be ignored', async () => {
    await sandbox.put({ ident: release('9', '20260101000000') });
    await sandbox.pack({ ident: release('1', '20260101000000') });
    const options = { ...fromFolder(), ignoreLocal: true };
    expect((await install('acme/zee', options)).installed).toEqual([release('1', '20260101000000')]);
    await sandbox.put({ ident: 'acme/alone/1/20260101000000' });
    expect(await rejectionOf(install('acme/alone', options))).toMatchObject({ code: 'STORE_ARTIFACT_NOT_FOUND' });
  });

  test('nowhere is an error that names the request', async () => {
    expect(await rejectionOf(install('acme/none'))).toMatchObject({
      code: 'STORE_ARTIFACT_NOT_FOUND',
      details: { ident: 'acme/none', target: 'x86_64-linux' },
    });
    expect(await rejectionOf(install(TOP))).toMatchObject({ code: 'STORE_ARTIFACT_NOT_FOUND' });
  });
});

describe('refused', () => {
  const nothing = async () => {
    expect(await listed()).toEqual([]);
    expect(await readdir(sandbox.layout.packages).catch(() => [])).toEqual([]);
  };

  test('a package that another origin signed, unless that is allowed', async () => {
    const evil = generateOriginKeyPair({ name: 'evil', clock: new FakeClock(), random: seededRandom(8) });
    const keys = memoryKeyCache();
    await keys.write(evil.public);
    const store = createStore({ layout: sandbox.layout, target: 'x86_64-linux', keys });
    const path = await packTestArtifact(
      { ident: ZEE },
      { key: evil.secret, into: sandbox.folder, worker: sandbox.worker },
    );
    const request = [{ type: 'file', path }] as const;
    expect(await rejectionOf(store.install(request))).toMatchObject({
      code: 'STORE_SIGNER_REFUSED',
      details: { ident: ZEE, keyName: evil.public.namedRevision },
    });
    expect(await rejectionOf(store.install(request, { signers: { other: ['evil'] } }))).toMatchObject({
      code: 'STORE_SIGNER_REFUSED',
    });
    await nothing();
    expect((await store.install(request, { signers: { acme: ['evil'] } })).installed).toHaveLength(1);
  });

  test('a package for another machine', async () => {
    const path = await sandbox.pack({ ident: ZEE, target: 'aarch64-linux' });
    expect(await rejectionOf(sandbox.store.install([{ type: 'file', path }]))).toMatchObject({
      code: 'STORE_WRONG_TARGET',
      details: { expected: 'x86_64-linux', actual: 'aarch64-linux' },
    });
    await nothing();
    expect(await cached()).toEqual([]);
  });

  test('a file of the cache that holds another package', async () => {
    const path = await sandbox.pack({ ident: ZEE });
    await mkdir(sandbox.layout.artifactCache, { recursive: true });
    await copyFile(path, join(sandbox.layout.artifactCache, 'acme-mid-1.0-20260101000000-x86_64-linux.hart'));
    expect(await rejectionOf(install(MID, {}))).toMatchObject({ code: 'HART_IDENT_MISMATCH' });
    await nothing();
  });

  test('a place that is taken by something else', async () => {
    await packThree();
    await mkdir(join(sandbox.layout.packages, ZEE), { recursive: true });
    await writeFile(join(sandbox.layout.packages, ZEE, 'file'), '');
    expect(await rejectionOf(install(ZEE))).toMatchObject({ code: 'STORE_RELEASE_BLOCKED' });
    expect(await readdir(join(sandbox.layout.packages, ZEE))).toEqual(['file']);
  });

  test('when told to stop', async () => {
    await packThree();
    const controller = new AbortController();
    const onProgress = (event: InstallProgress): void => {
      if (event.type === 'store:fetched') controller.abort(new Error('enough'));
    };
    const stopping = install('acme/top', { ...fromFolder(), onProgress, signal: controller.signal });
    expect(await rejectionOf(stopping)).toMatchObject({ message: 'enough' });
    await nothing();
    expect((await install('acme/top')).installed).toHaveLength(3);
  });
});

test('a damaged file of the cache is set aside and fetched again', async () => {
  const path = await sandbox.pack({ ident: ZEE });
  const place = join(sandbox.layout.artifactCache, 'acme-zee-1.0-20260101000000-x86_64-linux.hart');
  await mkdir(sandbox.layout.artifactCache, { recursive: true });
  const damaged = await readFile(path);
  damaged[damaged.length - 40] = (damaged.at(-40) ?? 0) ^ 1;
  await writeFile(place, damaged);
  const events: InstallProgress[] = [];
  const onProgress = (event: InstallProgress) => events.push(event);
  expect((await install(ZEE, { ...fromFolder(), onProgress })).installed).toEqual([ZEE]);
  expect(events).toContainEqual({ type: 'store:damaged', ident: expect.anything(), path: `${place}.damaged` });
  expect(await readFile(place)).toEqual(await readFile(path));
  expect(await readFile(`${place}.damaged`)).toEqual(damaged);
});

test('arguments of install are files or identifiers', async () => {
  const path = await sandbox.pack({ ident: ZEE });
  expect(await parseInstallRequest(path)).toEqual({ type: 'file', path });
  expect(await parseInstallRequest('acme/zee/1')).toEqual({ type: 'ident', ident: parseIdent('acme/zee/1') });
  const gone = join(sandbox.root, 'gone.hart');
  expect(await rejectionOf(parseInstallRequest(gone))).toMatchObject({
    code: 'STORE_FILE_NOT_FOUND',
    message: `File not found at: ${gone}`,
  });
  expect(await rejectionOf(parseInstallRequest('zee'))).toMatchObject({ code: 'IDENT_INVALID' });
});
