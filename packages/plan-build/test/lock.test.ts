import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thrownBy } from '@hab/core/testing';
import { parseFullIdent } from '@hab/ident';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { formatLock, MAX_LOCK_LENGTH, parseLock } from '../src/lock-file.ts';
import { NOTHING, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

const OLD = 'core/zlib/1.2/20190115002733';
const NEW = 'core/zlib/1.3/20200115002733';
const lockText = (...lines: readonly string[]): string =>
  ['hab-lock 1', 'target x86_64-linux', ...lines, ''].join('\n');

describe('a build with a lock file', () => {
  test('writes it, then obeys it although there is something newer', async () => {
    world.install(OLD);
    const plan = world.plan('zee', `pkg_deps=(core/zlib)\n${NOTHING}`);
    const lockFile = join(plan, 'plan.lock');
    const first = await world.builds(plan, {}, { lockFile: 'zee/plan.lock' });
    expect(readFileSync(lockFile, 'utf8')).toBe(lockText(`core/zlib ${OLD}`));
    expect(first.output).toContain(`Wrote exact releases to ${lockFile}`);
    world.install(NEW);
    const second = await world.builds(plan, {}, { lockFile });
    expect(second.read('DEPS')).toBe(`${OLD}\n`);
    expect(second.output).toContain(`Using the exact releases of ${lockFile}`);
    expect(second.output).not.toContain('Wrote exact releases');
    expect((await world.builds(plan)).read('DEPS')).toBe(`${NEW}\n`);
  });

  test('adds what is new in the plan and drops what is gone', async () => {
    world.install(OLD);
    world.install('core/gcc/9/20190115002733');
    const plan = world.plan('zee', `pkg_build_deps=(core/gcc)\npkg_deps=(core/zlib/1.2)\n${NOTHING}`);
    const lockFile = join(plan, 'plan.lock');
    writeFileSync(lockFile, lockText(`core/gone ${'core/gone/1/20190115002733'}`, `core/zlib/1.2 ${OLD}`));
    await world.builds(plan, {}, { lockFile });
    expect(readFileSync(lockFile, 'utf8')).toBe(lockText('core/gcc core/gcc/9/20190115002733', `core/zlib/1.2 ${OLD}`));
  });

  test.each([
    ['a pipe', (path: string) => spawnSync('mkfifo', [path])],
    ['a device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a folder', (path: string) => mkdirSync(path)],
    ['longer than any', (path: string) => spawnSync('truncate', ['-s', '5G', path])],
  ])('refuses one that is %s', async (_what, plant) => {
    const plan = world.plan('zee', NOTHING);
    plant(join(plan, 'plan.lock'));
    const { result } = await world.build(plan, {}, { lockFile: 'zee/plan.lock' });
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_LOCK_INVALID', details: { line: 0 } } });
  });

  test('names the release that is not to be had, and leaves the file alone', async () => {
    world.install(NEW);
    const plan = world.plan('zee', `pkg_deps=(core/zlib)\n${NOTHING}`);
    const lockFile = join(plan, 'plan.lock');
    writeFileSync(lockFile, lockText(`core/zlib ${OLD}`));
    const { result } = await world.build(plan, {}, { lockFile });
    expect(result).toMatchObject({
      status: 1,
      error: { code: 'BUILD_DEPENDENCY_UNRESOLVED', details: { ident: OLD } },
    });
    expect(readFileSync(lockFile, 'utf8')).toContain(OLD);
  });

  test('asks the installer for exactly that release, and says where it came from', async () => {
    const plan = world.plan('zee', `pkg_deps=(core/zlib)\n${NOTHING}`);
    const lockFile = join(plan, 'plan.lock');
    writeFileSync(lockFile, lockText(`core/zlib ${OLD}`));
    const asked: string[] = [];
    const dependencies = {
      install: async (ident: { origin: string; name: string; version?: string; release?: string }) => {
        asked.push([ident.origin, ident.name, ident.version, ident.release].join('/'));
        world.install(OLD);
        return { ident: parseFullIdent(OLD), from: '/mnt/artifacts' };
      },
    };
    const { output } = await world.builds(plan, {}, { lockFile }, { dependencies });
    expect(asked).toEqual([OLD]);
    expect(output).toContain(`Resolved dependency 'core/zlib' to ${OLD} (from /mnt/artifacts)\n`);
    const again = await world.builds(plan, {}, { lockFile }, { dependencies });
    expect(asked).toHaveLength(1);
    expect(again.output).toContain(`Resolved dependency 'core/zlib' to ${OLD} (already installed)\n`);
  });

  test('is not begun when the file makes no sense', async () => {
    const plan = world.plan('zee', NOTHING);
    const lockFile = join(plan, 'plan.lock');
    writeFileSync(lockFile, 'something else\n');
    const { result, output } = await world.build(plan, {}, { lockFile });
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_LOCK_INVALID', details: { line: 1 } } });
    expect(output).toContain(`ERROR: ${lockFile}:1: expected 'hab-lock 1', found 'something else'`);
    expect(existsSync(join(world.results, 'last_build.env'))).toBe(false);
  });
});

describe('the text', () => {
  const parse = (text: string) => parseLock(text, 'x86_64-linux', 'x.lock');

  test('comes back as it went in, sorted; comments mean nothing', () => {
    const idents = new Map([
      ['core/zlib', parseFullIdent(OLD)],
      ['core/a', parseFullIdent('core/a/1/20190115002733')],
    ]);
    const text = formatLock('x86_64-linux', idents);
    expect(text).toBe(lockText('core/a core/a/1/20190115002733', `core/zlib ${OLD}`));
    expect(new Map(parse(`# a remark\n\n${text}`))).toEqual(idents);
  });

  const bad: [string, string, number][] = [
    ['nothing', '', 0],
    ['another format', 'hab-lock 2\n', 1],
    ['another target', 'hab-lock 1\ntarget aarch64-linux\n', 2],
    ['no target', 'hab-lock 1\n', 0],
    ['too many words', lockText(`core/zlib ${OLD} x`), 3],
    ['one word', lockText('core/zlib'), 3],
    ['the same twice', lockText(`core/zlib ${OLD}`, `core/zlib ${NEW}`), 4],
    ['a release that does not satisfy', lockText(`core/zlib/1.3 ${OLD}`), 3],
    ['no full ident', lockText('core/zlib core/zlib/1.2'), 3],
    ['a path', lockText('core/.. core/../../etc'), 3],
    ['Windows line ends', lockText(`core/zlib ${OLD}`).replaceAll('\n', '\r\n'), 1],
    ['one character too many', ' '.repeat(MAX_LOCK_LENGTH + 1), 0],
  ];
  test.for(bad)('%s is refused, with the line', ([, text, line]) => {
    expect(thrownBy(() => parse(text))).toMatchObject({ code: 'BUILD_LOCK_INVALID', details: { status: 1, line } });
  });

  test('of the longest length is read', () => {
    const text = lockText(`core/zlib ${OLD}`);
    expect(parse(text + '#'.repeat(MAX_LOCK_LENGTH - text.length)).size).toBe(1);
  });
});
