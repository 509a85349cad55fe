import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair } from '@hab/crypto-keys';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from './support/world.ts';

const MAIN = fileURLToPath(new URL('./support/repeat-main.ts', import.meta.url));

let world: World;
beforeEach(async () => {
  world = new World();
  mkdirSync(join(world.root, 'keys'));
  mkdirSync(join(world.root, 'hab'));
  await folderKeyCache(join(world.root, 'keys')).write(
    generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }),
  );
});
afterEach(() => {
  world[Symbol.dispose]();
});

/** Builds in a program of its own. @returns its status and everything that it printed. */
function buildUnder(wrapper: readonly string[], context: string): Promise<{ status: number; printed: string }> {
  const [file = '', ...args] = [...wrapper, process.execPath, MAIN, world.root, context, '1000000000000'];
  const env = { PATH: process.env['PATH'] ?? '', HOME: world.root };
  return new Promise((resolve) => {
    execFile(file, args, { cwd: world.root, env }, (error, stdout, stderr) => {
      resolve({ status: Number(error?.code ?? 0), printed: stdout + stderr });
    });
  });
}

/** Runs a command where a directory is a small disk, and lists what is on it afterwards. */
const onSmallDisk = (directory: string, kilobytes: number): readonly string[] => {
  const script = `mount -t tmpfs -o size=${kilobytes}k tmpfs "$0" && { "$@"; status=$?; find "$0" -type f -printf 'LEFT %p\\n'; exit $status; }`;
  return ['unshare', '-Urm', 'sh', '-c', script, directory];
};

describe('a full disk', () => {
  test.for([
    ['while the software is installed', 400, 'do_install failed with status 1'],
    ['while the artifact is packed', 1300, 'ENOSPC'],
  ] as const)('%s: said so, and nothing looks finished', async ([, kilobytes, message]) => {
    const body =
      'do_build() { :; }\ndo_install() {\n  head -c 700000 /dev/urandom >"$pkg_prefix/noise"\n}\ndo_after_failure() { echo "cleaning up"; }\n';
    const { status, printed } = await buildUnder(
      onSmallDisk(join(world.root, 'hab'), kilobytes),
      world.plan('zee', body),
    );
    expect(status).toBe(1);
    expect(printed).toContain(message);
    expect(printed).toContain('Exiting on error');
    expect(printed).toContain('cleaning up');
    const left = printed.split('\n').filter((line) => line.startsWith('LEFT'));
    expect(left.filter((line) => /\.hart$|\.tmp-|TARGET$/.test(line))).toEqual([]);
    expect(readdirSync(join(world.root, 'results')).sort()).toEqual(['failed_build.json', 'pre_build.env']);
  });

  test('where the results go', async () => {
    mkdirSync(join(world.root, 'results'));
    const body = 'do_build() { :; }\ndo_install() { head -c 700000 /dev/urandom >"$pkg_prefix/noise"; }\n';
    const { status, printed } = await buildUnder(
      onSmallDisk(join(world.root, 'results'), 300),
      world.plan('zee', body),
    );
    expect(status).toBe(1);
    expect(printed).toContain('ENOSPC');
    expect(printed).not.toMatch(/LEFT .*\.hart/);
    expect(printed).not.toMatch(/LEFT .*last_build/);
  });
});

test('a plan that may not be read', async () => {
  const context = world.plan('zee', '');
  chmodSync(join(context, 'plan.sh'), 0o000);
  const stranger = ['unshare', '--user', '--map-user=1234', '--map-group=1234'];
  const { status, printed } = await buildUnder(stranger, context);
  expect(status).toBe(1);
  expect(printed).toContain(`ERROR: ${join(context, 'plan.sh')} cannot be read: EACCES`);
  expect(existsSync(join(world.root, 'results'))).toBe(false);
});

test('links that wait where results are written lead nowhere', async () => {
  const results = join(world.root, 'results');
  const theirs = join(world.root, 'theirs');
  mkdirSync(results);
  writeFileSync(theirs, 'kept');
  for (const name of ['last_build.env', 'last_build.json', 'pre_build.env']) {
    symlinkSync(theirs, join(results, `${name}.part`));
    symlinkSync(theirs, join(results, name));
  }
  symlinkSync(theirs, join(results, 'acme-zee-1.0-20010909014640-x86_64-linux.hart.part'));
  const body = 'do_build() { :; }\ndo_install() { :; }\n';
  const { status } = await buildUnder(['env'], world.plan('zee', body));
  expect(status).toBe(0);
  expect(readFileSync(theirs, 'utf8')).toBe('kept');
  const made = readdirSync(results, { withFileTypes: true });
  expect(made.filter((entry) => !entry.isFile())).toEqual([]);
  expect(made.map(({ name }) => name).sort()).toEqual([
    expect.stringMatching(/^acme-zee-.*\.hart$/),
    'last_build.env',
    'last_build.json',
  ]);
});
