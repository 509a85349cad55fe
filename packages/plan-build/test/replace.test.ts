import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair } from '@hab/crypto-keys';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { formatIdent } from '@hab/ident';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stillAlive } from '../src/node/process-tree.ts';
import { type SuccessfulBuild, World } from './support/world.ts';

const MAIN = fileURLToPath(new URL('./support/repeat-main.ts', import.meta.url));
const EPOCH = { SOURCE_DATE_EPOCH: '1000000000' };
const FIRST = 'do_build() { :; }\ndo_install() { mkdir "$pkg_prefix/closed"; echo first >"$pkg_prefix/word"; }\n';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

/** Everything below a directory, with the text of files. */
const tree = (directory: string): readonly string[] =>
  readdirSync(directory, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${entry.isFile() ? readFileSync(path, 'latin1') : ''}`;
    })
    .sort();

async function first(): Promise<{ build: SuccessfulBuild; unchanged: () => Promise<void> }> {
  const build = await world.builds(world.plan('zee', FIRST), EPOCH);
  const { prefix, artifact, result, ident } = build.built;
  const [package_, packed, copy] = [tree(dirname(prefix)), readFileSync(artifact), readFileSync(result)];
  const unchanged = async (): Promise<void> => {
    expect(tree(dirname(prefix))).toEqual(package_);
    expect(readFileSync(artifact).equals(packed)).toBe(true);
    expect(readFileSync(result).equals(copy)).toBe(true);
    expect((await world.store.list()).map(formatIdent)).toEqual([formatIdent(ident)]);
    expect(readdirSync(dirname(artifact)).filter((name) => name.endsWith('.part'))).toEqual([]);
  };
  return { build, unchanged };
}

test('a build of the same epoch replaces the package and its artifact once it succeeds', async () => {
  const { build } = await first();
  const second = await world.builds(world.plan('zee', FIRST.replace('first', 'second')), EPOCH);
  expect(second.built.ident).toEqual(build.built.ident);
  expect(second.read('word')).toBe('second\n');
  expect(second.built.sha256).not.toBe(build.built.sha256);
  expect(readdirSync(dirname(second.built.prefix))).toEqual(['20010909014640']);
});

test('builds of one second are releases of their own', async () => {
  // The clock stands still.
  const fixed: Clock = { ...systemClock, now: () => Date.UTC(2026, 0, 2, 3, 4, 59) };
  const builds: SuccessfulBuild[] = [];
  for (const word of ['first', 'second', 'third']) {
    const body = FIRST.replace('first', word);
    builds.push(await world.builds(world.plan('zee', body), {}, {}, { clock: fixed }));
  }
  expect(builds.map(({ built }) => built.ident.release)).toEqual([
    '20260102030459',
    '20260102030500',
    '20260102030501',
  ]);
  expect(builds.map(({ read }) => read('word'))).toEqual(['first\n', 'second\n', 'third\n']);
  const other = await world.builds(world.plan('zoo', FIRST), {}, {}, { clock: fixed });
  expect(other.built.ident.release).toBe('20260102030459');
});

test.for([
  ['is installed', `${FIRST.replace('first', 'second')}do_install() { touch "$pkg_prefix/half"; false; }\n`],
  ['is packed', `${FIRST}do_after() { mkfifo "$pkg_prefix/pipe"; }\n`],
  ['ends itself', `${FIRST}do_after() { exit 0; }\n`],
  ['is checked', `${FIRST}pkg_deps=(acme/none)\n`],
  [
    'finds its version',
    `${FIRST}pkg_version=\npkg_version() { echo 1.0; }\ndo_before() { update_pkg_version; false; }\n`,
  ],
] as const)('one that fails when it %s leaves them as they were', async ([, body]) => {
  const { unchanged } = await first();
  const { result } = await world.build(world.plan('zee', body), EPOCH);
  expect(result.type).not.toBe('built');
  await unchanged();
});

test('one that is interrupted leaves them as they were', async () => {
  const { unchanged } = await first();
  const stop = new AbortController();
  const output = (chunk: Uint8Array): void => {
    if (new TextDecoder().decode(chunk).includes('started')) stop.abort(new DOMException('SIGINT', 'AbortError'));
  };
  const body = 'do_build() { :; }\ndo_install() { echo half >"$pkg_prefix/word"; echo started; sleep 600; }\n';
  const { result } = await world.build(world.plan('zee', body), EPOCH, { signal: stop.signal, stdio: { output } });
  expect(result).toMatchObject({ status: 130 });
  await unchanged();
});

/** Builds in a program of its own, which can be killed, and resolves when the plan has begun to install. */
async function buildElsewhere(): Promise<{ child: ChildProcess; pid: number }> {
  mkdirSync(join(world.root, 'keys'));
  const pair = generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom });
  await folderKeyCache(join(world.root, 'keys')).write(pair);
  const body = `do_build() { :; }\ndo_install() {\n  echo half >"$pkg_prefix/word"\n  echo $$ >pid.new; mv pid.new pid\n  sleep 600\n  echo late >"$pkg_prefix/word"\n}\n`;
  const context = world.plan('zee', body);
  const child = spawn(process.execPath, [MAIN, world.root, context, '1000000000000'], {
    cwd: world.root,
    env: { PATH: process.env['PATH'] ?? '', HOME: world.root, ...EPOCH },
    stdio: 'ignore',
  });
  const pid = join(context, 'pid');
  await expect.poll(() => existsSync(pid), { timeout: 60_000 }).toBe(true);
  return { child, pid: Number(readFileSync(pid, 'utf8')) };
}

test('one that is killed leaves them as they were, and builds nothing any more', async () => {
  const { build, unchanged } = await first();
  const { child, pid } = await buildElsewhere();
  child.kill('SIGKILL');
  await expect.poll(() => stillAlive([pid]), { timeout: 60_000 }).toEqual([]);
  const aside = join(dirname(build.built.prefix), '.hab-build-20010909014640');
  await expect.poll(() => existsSync(aside), { timeout: 60_000 }).toBe(false);
  await unchanged();
});

test('while one runs a second one does not begin', async () => {
  const { unchanged } = await first();
  const { child } = await buildElsewhere();
  const { result, output } = await world.build(
    world.plan('other', FIRST.replace('do_build', 'pkg_name=zee\ndo_build')),
    EPOCH,
  );
  expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_METADATA_INVALID' } });
  expect(output).toContain('is being built by another program at this moment');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await ended;
  const aside = join(world.layout.packages, 'acme/zee/1.0/.hab-build-20010909014640');
  await expect.poll(() => existsSync(aside), { timeout: 60_000 }).toBe(false);
  await unchanged();
});

test('what a machine that lost its power left aside comes back with the next build', async () => {
  const { build, unchanged } = await first();
  const { prefix } = build.built;
  const aside = join(dirname(prefix), '.hab-build-20010909014640');
  mkdirSync(aside);
  renameSync(prefix, join(aside, 'replaced'));
  world.install('acme/zee/1.0/20010909014640', { word: 'half\n' });
  await world.build(world.plan('zee', `${FIRST}do_install() { false; }\n`), EPOCH);
  await unchanged();
  // The new one was whole, only the old one was not gone yet.
  mkdirSync(join(aside, 'done'), { recursive: true });
  await world.build(world.plan('zee', `${FIRST}do_install() { false; }\n`), EPOCH);
  await unchanged();
});
