import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair } from '@hab/crypto-keys';
import { createBlake2bHasher } from '@hab/crypto-keys/blake2b';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from './support/world.ts';

const MAIN = fileURLToPath(new URL('./support/repeat-main.ts', import.meta.url));
const RELEASE = '20260131235959';

/** A plan whose programs would notice: order of names, dates, modes, the machine's time zone and language. */
const PLAN = `pkg_name=zee
pkg_origin=acme
pkg_version=1.0
pkg_license=(Apache-2.0)
pkg_bin_dirs=(bin)
pkg_exports=([port]=port [host]=host)
pkg_svc_run="bin/z"
do_build() { date -d "@$SOURCE_DATE_EPOCH" >stamp; printf '%s\\n' b A a B ä | sort >sorted; }
do_install() {
  mkdir -p "$pkg_prefix/share/deep/er"
  for name in z Z a A ä é; do echo "$name" >"$pkg_prefix/share/$name"; done
  head -c 3000000 /dev/zero >"$pkg_prefix/share/deep/zeros"
  install -m 0755 stamp "$pkg_prefix/bin/z"
  cp sorted "$pkg_prefix/share/"
  ln -s ../share "$pkg_prefix/bin/link"
  touch "$pkg_prefix/share/deep/er/now"
}
`;
const FILES = { 'config/x.conf': 'a\n', 'hooks/init': '#!/bin/sh\n', 'default.toml': 'port = 1\nhost = "h"\n' };

let world: World;
beforeEach(async () => {
  world = new World();
  mkdirSync(join(world.root, 'keys'));
  await folderKeyCache(join(world.root, 'keys')).write(
    generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }),
  );
});
afterEach(() => {
  world[Symbol.dispose]();
});

interface Surroundings {
  readonly folder?: string;
  readonly wrapper?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly umask?: string;
  readonly clockMs?: number;
  readonly release?: string | undefined;
}

/** Builds from nothing in these surroundings. @returns BLAKE2b-256 of the artifact. */
async function hashOfBuild(surroundings: Surroundings): Promise<string> {
  const { folder = 'plan', wrapper = [], environment = {}, umask = '022', clockMs = 1e12, release } = surroundings;
  rmSync(join(world.root, 'hab'), { recursive: true, force: true });
  const context = world.write(folder, { 'plan.sh': PLAN, ...FILES });
  // What a checkout gives depends on the umask of whoever made it; what counts are the bits for execution.
  chmodSync(join(context, 'hooks/init'), 0o755);
  const command = [
    ...wrapper,
    process.execPath,
    MAIN,
    world.root,
    context,
    String(clockMs),
    ...(release ? [release] : []),
  ];
  const { stdout } = await promisify(execFile)('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], {
    cwd: world.root,
    env: { PATH: process.env['PATH'] ?? '', HOME: world.root, ...environment },
  });
  const hasher = await createBlake2bHasher();
  hasher.update(readFileSync(stdout));
  return hasher.digestHex();
}

const PLACES: [string, Surroundings][] = [
  ['another folder', { folder: 'some where/else' }],
  ['another umask', { umask: '077' }],
  ['another time zone', { environment: { TZ: 'Pacific/Auckland' } }],
  ['another language', { environment: { LC_ALL: 'C', LANG: 'de_DE.UTF-8' } }],
  ['one core', { wrapper: ['taskset', '-c', '0'] }],
  ['another time', { clockMs: 1.9e12 }],
  ['another user', { wrapper: ['unshare', '--user', '--map-user=1234', '--map-group=1234'] }],
];

describe('the same artifact, byte for byte,', () => {
  test('of one release, wherever and by whomever it is built', async () => {
    const first = await hashOfBuild({ release: RELEASE });
    for (const [place, surroundings] of PLACES) {
      expect([place, await hashOfBuild({ ...surroundings, release: RELEASE })]).toEqual([place, first]);
    }
  });

  test('of one SOURCE_DATE_EPOCH, which is then the release', async () => {
    const epoch = { SOURCE_DATE_EPOCH: String(Date.UTC(2026, 0, 31, 23, 59, 59) / 1000) };
    const first = await hashOfBuild({ environment: epoch });
    expect(first).toBe(await hashOfBuild({ release: RELEASE }));
    for (const [place, { environment = {}, ...rest }] of PLACES) {
      const hash = await hashOfBuild({ ...rest, environment: { ...environment, ...epoch } });
      expect([place, hash]).toEqual([place, first]);
    }
  });
});

describe('a given release', () => {
  test.for(['', '2026', '20261331000000', '2026013123595x', '20260131236000'])('%j is none', async (release) => {
    await world.start();
    const { result } = await world.build(world.plan('zee', ''), {}, { release });
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_ARGUMENTS', details: { option: 'release' } } });
  });

  test('that is installed or was left unfinished is built again, into the same bytes', async () => {
    await world.start();
    const failing = 'do_build() { :; }\ndo_install() { touch "$pkg_prefix/left"; false; }\n';
    await world.build(world.plan('zee', failing), {}, { release: RELEASE });
    const plan = world.plan('zee', 'do_build() { :; }\ndo_install() { :; }\n');
    const { built } = await world.builds(plan, {}, { release: RELEASE });
    expect(built.ident.release).toBe(RELEASE);
    expect(() => readFileSync(join(built.prefix, 'left'))).toThrow('ENOENT');
    const again = await world.builds(plan, {}, { release: RELEASE });
    expect(again.output).toContain(`Building acme/zee/1.0/${RELEASE} again`);
    expect(again.built.blake2b).toBe(built.blake2b);
    const broken = await world.build(world.plan('zee', failing), {}, { release: RELEASE });
    expect(broken.result.status).toBe(1);
    expect(readFileSync(join(built.prefix, 'TARGET'), 'utf8')).toBe('x86_64-linux\n');
    expect(() => readFileSync(join(built.prefix, 'left'))).toThrow('ENOENT');
  });
});
