import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { FakeClock, seededRandom } from '@hab/core/testing';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { formatIdent, parseIdent } from '@hab/ident';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { createStore, folderArtifactSource, type Store } from '../src/node/index.ts';
import { type TestPackage, writeTestPackage } from '../src/testing/index.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { startChild } from './support/child-process.ts';
import { leftovers, treeListing } from './support/tree-listing.ts';

const DAY_MS = 24 * 3600 * 1000;
const random = seededRandom(20260101);
const [LIB, APP] = ['acme/lib/1.0/20260101000000', 'acme/app/2.0/20260101000001'];
const [SMALL, FITS, WIDE, DEEP] = ['acme/small/1/1', 'acme/fits/1/1', 'acme/wide/1/1', 'acme/deep/1/1'];

/** Text that does not compress. */
const noise = (bytes: number): string => Buffer.from(random.bytes(bytes)).toString('base64');

const manyFiles = (count: number, bytes: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`share/${n % 7}/file-${n}`, noise(bytes)]));

const packages: TestPackage[] = [
  { ident: LIB, files: { ...manyFiles(40, 2000), 'lib/lib.so': noise(150_000) }, links: { 'lib/lib.so.1': 'lib.so' } },
  { ident: APP, deps: [LIB], files: { ...manyFiles(50, 2000), 'bin/app': '#!/bin/sh\n' } },
  { ident: SMALL, files: { 'bin/small': '#!/bin/sh\n' } },
  { ident: FITS, files: { 'share/noise': noise(500_000) } },
  { ident: WIDE, files: { 'share/noise': noise(4_000_000) } },
  // Small when packed: it fails while it is unpacked, the one above while it is fetched.
  {
    ident: DEEP,
    files: Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`share/${n}`, noise(3000).repeat(16)])),
  },
];

let sandbox: Sandbox;
let keys: string;
/** Listings of whole packages by identifier. */
const whole = new Map<string, string[]>();

const storeOf = (root: string, nowMs = Date.now()): Store =>
  createStore({
    layout: createLayout({ root }),
    target: 'x86_64-linux',
    keys: folderKeyCache(keys),
    clock: new FakeClock(nowMs),
  });
const install = async (store: Store, ident: string): Promise<string[]> => {
  const options = { sources: [folderArtifactSource(sandbox.folder)] };
  return (await store.install([{ type: 'ident', ident: parseIdent(ident) }], options)).installed.map(formatIdent);
};
const places = (root: string): string => join(root, 'hab/pkgs');

beforeAll(async () => {
  sandbox = await createSandbox();
  keys = join(sandbox.root, 'keys');
  await mkdir(keys);
  await folderKeyCache(keys).write(sandbox.key);
  await sandbox.pack(...packages);
  const root = join(sandbox.root, 'undisturbed');
  expect(await install(storeOf(root), APP)).toEqual([LIB, APP]);
  for (const ident of [LIB, APP]) whole.set(ident, treeListing(join(places(root), ident)));
  expect(whole.get(LIB)).toHaveLength(40 + 7 + 8);
  expect(leftovers(root)).toEqual([]);
});
afterAll(() => sandbox[Symbol.asyncDispose]());

/** Releases that anybody sees who lists directories: without asking our own code. */
function visible(root: string): string[] {
  if (!existsSync(places(root))) return [];
  const paths = readdirSync(places(root), { recursive: true, encoding: 'utf8' });
  return paths.filter((path) => path.split('/').length === 4 && !path.includes('/.hab-pkg-install')).sort();
}

function expectWhole(root: string, idents: readonly string[]): void {
  for (const ident of idents) expect(treeListing(join(places(root), ident))).toEqual(whole.get(ident));
}

function expectWholeArtifacts(root: string): number {
  const cache = join(root, 'hab/cache/artifacts');
  const names = existsSync(cache) ? readdirSync(cache).filter((name) => name.endsWith('.hart')) : [];
  for (const name of names) {
    expect(readFileSync(join(cache, name)).equals(readFileSync(join(sandbox.folder, name)))).toBe(true);
    expect(statSync(join(cache, name)).mode & 0o7777).toBe(0o644);
  }
  return names.length;
}

// Events of this install: ready, resolved, fetched, unpacked..., installed twice, done. Every one of them, then a delay.
const KILLS = Array.from({ length: 26 }, (_, n) => ({
  events: 1 + (n % 8),
  delayMs: n < 8 ? 0 : (random.bytes(1)[0] ?? 0) / 8,
}));

test('an install that is killed leaves nothing or whole packages, and the next one cleans up', async () => {
  const states = new Map<string, number>();
  const killOne = async (n: number, { events, delayMs }: (typeof KILLS)[number]): Promise<void> => {
    const root = join(sandbox.root, `killed-${n}`);
    const child = await startChild({ root, keys, folder: sandbox.folder, installs: [APP] });
    child.begin();
    await child.killAfter(events, delayMs);

    const seen = visible(root);
    expect([[], [LIB], [APP, LIB].sort()]).toContainEqual(seen);
    expectWhole(root, seen);
    const artifacts = expectWholeArtifacts(root);
    expect((await storeOf(root).list()).map(formatIdent)).toEqual(seen);
    const left = existsSync(root) ? leftovers(root).length : 0;
    const state = `${seen.length} packages, ${artifacts} artifacts, ${left > 0 ? 'leftovers' : 'clean'}`;
    states.set(state, (states.get(state) ?? 0) + 1);

    // What nobody can tell from live work is kept for a while: every second install comes two days later.
    const later = n % 2 === 1;
    const store = storeOf(root, Date.now() + (later ? 2 * DAY_MS : 0));
    expect(await install(store, APP)).toEqual([LIB, APP].filter((ident) => !seen.includes(ident)));
    expectWhole(root, [LIB, APP]);
    expect(expectWholeArtifacts(root)).toBe(2);
    const fresh = leftovers(root).filter((path) => !/\/(?:\.hab-pkg-install-new-|\.checking-|\.tmp-)[^/]*$/.test(path));
    expect(later ? leftovers(root) : fresh).toEqual([]);
    expect(visible(root)).toEqual([APP, LIB].sort());
  };
  const left = [...KILLS.entries()];
  const lane = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await killOne(...next);
  };
  await Promise.all([lane(), lane()]);
  // The kills met the install at work, not only before and after it.
  const met = [...states].filter(([state]) => state.includes('leftovers')).reduce((sum, [, count]) => sum + count, 0);
  expect(met).toBeGreaterThanOrEqual(8);
  expect(states.size).toBeGreaterThanOrEqual(3);
});

test('an uninstall that is killed removed each package whole or not at all, dependents first', async () => {
  let interrupted = 0;
  for (let n = 0; n < 8; n++) {
    const root = join(sandbox.root, `removed-${n}`);
    for (const pkg of packages.slice(0, 2)) await writeTestPackage(join(places(root), pkg.ident), pkg);
    const before = new Map([LIB, APP].map((ident) => [ident, treeListing(join(places(root), ident))]));
    const child = await startChild({ root, keys, folder: sandbox.folder, uninstall: APP });
    child.begin();
    await child.killAfter(n % 4 === 3 ? 1 : 0, (random.bytes(1)[0] ?? 0) / 12);

    const seen = visible(root);
    expect([[], [LIB], [APP, LIB].sort()]).toContainEqual(seen);
    for (const ident of seen) expect(treeListing(join(places(root), ident))).toEqual(before.get(ident));
    const half = leftovers(root);
    interrupted += half.length;
    const store = storeOf(root);
    expect((await store.list()).map(formatIdent)).toEqual(seen);
    for (const path of half) {
      // Nobody can load, by whatever name, what is being removed.
      expect(await store.tryLoad(parseIdent(path.replace(/^.*hab\/pkgs\//, '')))).toBeUndefined();
    }
    expect(await install(store, APP)).toEqual([LIB, APP].filter((ident) => !seen.includes(ident)));
    expect(leftovers(root)).toEqual([]);
  }
  expect(interrupted).toBeGreaterThan(0);
});

test('installs of one package at the same time all succeed and leave one tree', async () => {
  for (let round = 0; round < 2; round++) {
    const root = join(sandbox.root, `together-${round}`);
    const job = { root, keys, folder: sandbox.folder, installs: [APP] };
    const children = await Promise.all([startChild(job), startChild(job)]);
    for (const child of children) child.begin();
    const reports = await Promise.all(children.map((child) => child.report));
    const installed = reports.flatMap(({ outcomes }) => outcomes.flatMap(({ changed }) => changed ?? ['failed']));
    expect(installed.sort()).toEqual([APP, LIB].sort()); // by one of them each, an error by none
    for (const { listed } of reports) expect(listed).toEqual([APP, LIB].sort());
    expect(visible(root)).toEqual([APP, LIB].sort());
    expectWhole(root, [LIB, APP]);
    expect(expectWholeArtifacts(root)).toBe(2);
    expect(leftovers(root)).toEqual([]);
  }
});

test('an install cleans while an uninstall removes: neither fails', async () => {
  const root = join(sandbox.root, 'busy');
  const store = storeOf(root);
  await install(store, SMALL);
  for (let round = 0; round < 4; round++) {
    for (const pkg of packages.slice(0, 2)) await writeTestPackage(join(places(root), pkg.ident), pkg);
    const cleaning = Array.from({ length: 12 }, () => install(store, SMALL));
    await Promise.all([store.uninstall(parseIdent(APP)), ...cleaning]);
    expect(visible(root)).toEqual([SMALL]);
    expect(leftovers(root)).toEqual([]);
  }
});

test.for([
  { title: 'while it is fetched', ident: WIDE },
  { title: 'while it is unpacked', ident: DEEP },
])('a full disk $title: a coded error, nothing left, the rest works', async ({ title, ident }) => {
  const root = join(sandbox.root, title);
  await mkdir(join(root, 'hab'), { recursive: true });
  const mount = 'mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@"';
  const wrapper = ['unshare', '-Urm', 'sh', '-c', mount, join(root, 'hab')];
  // Afterwards SMALL still loads, and FITS has room because what failed gave all of its space back.
  const child = await startChild(
    { root, keys, folder: sandbox.folder, installs: [SMALL, ident, SMALL, FITS] },
    wrapper,
  );
  child.begin();
  const { outcomes, listed } = await child.report;
  const [first, full, again, last] = outcomes;
  expect(first).toEqual({ changed: [SMALL] });
  expect(full?.error?.code).toMatch(/^(?:STORE|HART)_IO_FAILED$/);
  expect(full?.error?.message).toContain(join(root, 'hab'));
  expect(full?.error?.message).toContain('ENOSPC');
  expect(full?.error?.hint).toContain('Make room and try again');
  expect(again).toEqual({ changed: [] });
  expect(last).toEqual({ changed: [FITS] });
  expect(listed).toEqual([FITS, SMALL]);
});
