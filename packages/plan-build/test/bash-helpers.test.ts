import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { assignListText, assignText } from '../src/shell-text.ts';
import { textOf } from '../src/shell-variables.ts';
import { HelperSession } from './support/helper-session.ts';
import { readVector } from './support/vectors.ts';

interface HelperVectors {
  packages: string[];
  calls: { call: string[]; status: number; output: string }[];
  interpreters: { before: string; after: string }[];
}
const vectors = readVector<HelperVectors>('helpers.json');

let bash: HelperSession;
let pkgs: string;
beforeAll(async () => {
  bash = await HelperSession.start();
  pkgs = join(bash.directory, 'pkgs');
  const paths = vectors.packages.map((ident) => join(pkgs, ident));
  await bash.run(
    [
      assignText('HAB_PKG_PATH', pkgs),
      assignListText('pkg_all_deps_resolved', paths),
      assignText('pkg_name', 'zee'),
    ].join('\n'),
  );
});
afterAll(async () => {
  await bash[Symbol.asyncDispose]();
});

test.for(vectors.calls)('$call', async ({ call, status, output }) => {
  expect(await bash.call(...call)).toEqual({ status, output: output.replace('{pkgs}', pkgs) });
});

test('pkg_path_for says what it looked through', async () => {
  await bash.call('pkg_path_for', 'nope');
  const errors = readFileSync(join(bash.directory, 'stderr'), 'utf8');
  expect(errors).toContain("   zee: WARN: pkg_path_for() 'nope' did not find a suitable installed package\n");
  expect(errors).toContain(`   zee: WARN: Resolved package set: (${join(pkgs, 'core/gcc-libs/9.1.0/20190115003728')} `);
});

describe('lines', () => {
  const plain = [
    ['build_line', '   zee: a\\tb'],
    ['warn', '   zee: WARN: a\\tb'],
  ] as const;
  const coloured = [
    ['build_line', '   \x1b[1;36mzee: \x1b[1;37ma\tb\x1b[0m'],
    ['warn', '   \x1b[1;36mzee: \x1b[1;33mWARN: \x1b[1;37ma\tb\x1b[0m'],
    ['debug', '   \x1b[1;36mzee: \x1b[0mDEBUG: a\tb'],
  ] as const;

  test.for(plain)('%s', async ([helper, line]) => {
    expect(await bash.call(helper, 'a\\tb', 'ignored')).toEqual({
      status: 0,
      output: helper === 'warn' ? '' : line,
    });
    if (helper === 'warn') expect(readFileSync(join(bash.directory, 'stderr'), 'utf8')).toBe(`${line}\n`);
  });

  test('debug is silent without DEBUG', async () => {
    expect(await bash.call('debug', 'x')).toEqual({ status: 0, output: '' });
  });

  test.for(coloured)('%s in colour', async ([helper, line]) => {
    await using session = await HelperSession.start({ DEBUG: '0' });
    await session.run('pkg_name=zee __hab_color=1; call() { "$1" "$2" 2>&1; }');
    expect(await session.call('call', helper, 'a\\tb')).toEqual({ status: 0, output: line });
  });

  test('exit_with ends with the given status, on standard output', async () => {
    expect(await bash.call('exit_with', 'no good', '9')).toEqual({ status: 9, output: '   zee: ERROR: no good' });
    expect(await bash.call('exit_with', 'no good')).toEqual({ status: 1, output: '   zee: ERROR: no good' });
  });
});

describe('abspath', () => {
  test('directories, files, links to directories', async () => {
    mkdirSync(join(bash.directory, 'a b/c'), { recursive: true });
    writeFileSync(join(bash.directory, 'a b/file'), '');
    symlinkSync('a b', join(bash.directory, 'link'));
    const at = (path: string) => join(bash.directory, path);
    expect(await bash.call('abspath', 'a b/c')).toEqual({ status: 0, output: at('a b/c') });
    expect(await bash.call('abspath', 'a b/file')).toEqual({ status: 0, output: at('a b/file') });
    expect(await bash.call('abspath', 'link/c')).toEqual({ status: 0, output: at('link/c') });
    expect(await bash.call('abspath', '/')).toEqual({ status: 0, output: '/' });
  });

  test('what is not there', async () => {
    expect(await bash.call('abspath', 'nope')).toEqual({ status: 127, output: '' });
    expect(readFileSync(join(bash.directory, 'stderr'), 'utf8')).toBe('nope does not exist!\n');
  });
});

describe('interpreters', () => {
  const coreutils = (): string => join(pkgs, 'core/coreutils/8.30/20190115012313');
  const interpreter = (): string => join(coreutils(), 'bin/env');

  beforeAll(async () => {
    mkdirSync(coreutils(), { recursive: true });
    const lines = ['sbin/env', 'bin/env', 'bin/sh'].map((path) => join(coreutils(), path));
    writeFileSync(join(coreutils(), 'INTERPRETERS'), `${lines.join('\n')}\n`);
    await bash.run(assignListText('pkg_deps_resolved', [coreutils()]));
  });

  test.for(vectors.interpreters)('$before', async ({ before, after }) => {
    const file = join(bash.directory, 'script with space');
    rmSync(file, { force: true });
    writeFileSync(file, before, { mode: 0o555 });
    await bash.run(`fix_interpreter ${bash.directory}/script*space core/coreutils bin/env >/dev/null`);
    expect(readFileSync(file, 'utf8')).toBe(before);
    const plain = join(bash.directory, 'script');
    writeFileSync(plain, before);
    expect(await bash.call('fix_interpreter', plain, 'core/coreutils', 'bin/env')).toEqual({
      status: 0,
      output: `   zee: Replacing '.*bin/env' with '${interpreter()}' in '${plain}'`,
    });
    expect(readFileSync(plain, 'utf8')).toBe(after.replace('{interpreter}', interpreter()));
  });

  test('patterns, links and modes', async () => {
    const directory = join(bash.directory, 'bin');
    mkdirSync(directory);
    writeFileSync(join(directory, 'one'), '#!/usr/bin/env a\n', { mode: 0o755 });
    writeFileSync(join(directory, 'two'), '#!/usr/bin/env b\n', { mode: 0o555 });
    symlinkSync('one', join(directory, 'link'));
    symlinkSync('nowhere', join(directory, 'broken'));
    await bash.call('fix_interpreter', `${directory}/*`, 'coreutils', 'bin/env');
    expect(readFileSync(join(directory, 'one'), 'utf8')).toBe(`#!${interpreter()} a\n`);
    expect(readFileSync(join(directory, 'two'), 'utf8')).toBe(`#!${interpreter()} b\n`);
    expect(statSync(join(directory, 'two')).mode & 0o777).toBe(0o555);
  });

  test('pkg_interpreter_for prefers the very path over one that only ends like it', async () => {
    expect(await bash.call('pkg_interpreter_for', 'core/coreutils', 'bin/env')).toEqual({
      status: 0,
      output: interpreter(),
    });
    expect(await bash.call('pkg_interpreter_for', 'core/coreutils', 'bin/zsh')).toEqual({ status: 1, output: '' });
    expect(await bash.call('pkg_interpreter_for', 'core/gcc', 'bin/env')).toEqual({ status: 1, output: '' });
  });

  test('a package that is no run dependency', async () => {
    expect((await bash.call('fix_interpreter', 'x', 'core/gcc', 'bin/env')).status).toBe(1);
    expect(readFileSync(join(bash.directory, 'stderr'), 'utf8').split('\n')).toHaveLength(5);
  });
});

test('helpers work under set -u, another IFS and noglob', async () => {
  await using session = await HelperSession.start();
  await session.run('set -uf; IFS=,; unset pkg_all_deps_resolved; pkg_name=zee; HAB_PKG_PATH=/x');
  expect(await session.call('trim', ' a  b ')).toEqual({ status: 0, output: 'a  b' });
  expect(await session.call('dedupe_path', 'a:b:a')).toEqual({ status: 0, output: 'a:b' });
  expect(await session.call('join_by', ':', 'a', 'b')).toEqual({ status: 0, output: 'a:b' });
  expect((await session.call('pkg_path_for', 'gcc')).status).toBe(1);
});

test('names of the retired environment helpers say what to use', async () => {
  expect(await bash.call('add_env', 'A', 'b')).toEqual({
    status: 1,
    output: "   zee: ERROR: DEPRECATED: use 'set_runtime_env' instead!",
  });
  for (const [old, now] of [
    ['add_path_env', 'push_runtime_env'],
    ['add_build_env', 'set_buildtime_env'],
    ['add_build_path_env', 'push_buildtime_env'],
  ] as const) {
    expect(await bash.call(old)).toMatchObject({ status: 1, output: expect.stringContaining(`use '${now}' instead!`) });
  }
});

test('a plan may redefine what the runtime uses', async () => {
  await using session = await HelperSession.start();
  await session.run('printf() { echo mine; }; read() { echo mine; }; eval() { echo mine; }; pkg_name=zee');
  const variables = await session.run('x=$(build_line hello)', 'x');
  expect(textOf(variables, 'x')).toBe('   zee: hello');
});
