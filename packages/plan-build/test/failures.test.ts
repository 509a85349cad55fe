import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { memoryKeyCache } from '@hab/crypto-keys';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

/** Builds a plan with this body; what an earlier build left in the output directory must still be there. */
async function fails(body: string, environment: Record<string, string> = {}, files: Record<string, string> = {}) {
  mkdirSync(world.results, { recursive: true });
  writeFileSync(join(world.results, 'last_build.env'), 'pkg_name=earlier\n');
  const record = await world.build(world.plan('zee', body, files), environment);
  expect(readFileSync(join(world.results, 'last_build.env'), 'utf8')).toBe('pkg_name=earlier\n');
  expect(readdirSync(world.results).filter((name) => name.endsWith('.hart'))).toEqual([]);
  return record;
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('where the plan failed', () => {
  test('a command: callback, file, line, command and status', async () => {
    const { result, output } = await fails('do_build() {\n  true\n  grep -q nothing /dev/null\n}\n');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({
      type: 'failed',
      status: 1,
      error: {
        code: 'BUILD_PHASE_FAILED',
        details: { phase: 'do_build', file, line: 6, command: 'grep -q nothing /dev/null', status: 1 },
      },
    });
    expect(lines(output).slice(-4)).toEqual([
      '   zee: do_build failed with status 1',
      `   zee:   at ${file}:6: grep -q nothing /dev/null`,
      expect.stringMatching(/^ {3}zee: Build time: \d+m\d+s$/),
      '   zee: Exiting on error',
    ]);
  });

  test('in a function of a file that the plan sources', async () => {
    const library = join(world.write('lib', { 'lib.sh': '\nhelper() {\n  return 5\n}\n' }), 'lib.sh');
    const { result } = await fails(`source ${library}\ndo_install() {\n  helper\n}\ndo_build() { :; }\n`);
    expect(result).toMatchObject({ status: 5, place: { phase: 'do_install', line: 6 } });
  });

  test('a callback that returns a status, or ends with a list that does', async () => {
    const file = join(world.root, 'zee/plan.sh');
    const { result, output } = await fails('do_build() {\n  true\n  false || return 3\n}\n');
    expect(result).toMatchObject({ status: 3, place: { phase: 'do_build', file, line: 6, command: 'return 3' } });
    expect(output).toContain(`  at ${file}:6: return 3\n`);
    const twice = await fails('do_begin() { (return 3) || return 3; }\ndo_build() { return 3; }\n');
    expect(twice.result).toMatchObject({ status: 3, place: { phase: 'do_begin', file, line: 4, command: 'return 3' } });
    const list = await fails('do_build() {\n  [[ a == b ]] && true\n}\n');
    expect(list.result).toMatchObject({
      status: 1,
      place: { phase: 'do_build', file, line: 5, command: '[[ a == b ]]' },
    });
  });

  test('a password in the command is not told', async () => {
    const body = 'do_build() {\n  here=$(cat https://ann:secret@acme.example/x)\n}\n';
    const { result, output } = await fails(body);
    expect(result).toMatchObject({ place: { line: 5, command: 'here=$(cat https://acme.example/x)' } });
    expect(output).toContain('because of: cat https://acme.example/x');
    expect(output).not.toContain('secret');
    expect(readFileSync(join(world.results, 'failed_build.json'), 'utf8')).not.toContain('secret');
    const read = await fails('cat https://ann:secret@acme.example/x\n');
    expect(read.output).not.toContain('secret');
  });

  test('inside a command substitution', async () => {
    const { result, output } = await fails('do_build() {\n  local here\n  here=$(cat /nonexistent; echo never)\n}\n');
    expect(result).toMatchObject({ status: 1, place: { phase: 'do_build', line: 6 } });
    expect(output).toContain(
      'plan.sh:6: here=$(cat /nonexistent; echo never)\n   zee:   because of: cat /nonexistent\n',
    );
  });

  test('but the status of local counts, not that of what it is given', async () => {
    const { output } = await fails('do_build() {\n  local x=$(false; echo hi)\n  echo "still here"\n  return 3\n}\n');
    expect(output).toContain('still here');
  });

  test('a program that is nowhere', async () => {
    const { result, output, errors } = await fails('do_build() { cmaek .; }\n');
    expect(result).toMatchObject({ status: 127 });
    expect(errors).toContain('cmaek: command not found');
    expect(output).toContain("'cmaek' was not found: name the package that brings it in pkg_build_deps");
  });

  test('sources without configure, for a plan that has no do_build', async () => {
    const { result, output } = await fails('');
    expect(result).toMatchObject({ status: 127, place: { phase: 'do_build' } });
    expect(output).toContain('The sources have no configure script: define do_build and do_install in the plan.');
    expect(output).toContain(
      '  in do_default_build of this program, for the plan has no do_build of its own: ./configure --prefix="$pkg_prefix"\n',
    );
  });

  test('exit in a callback', async () => {
    const { result, output } = await fails('do_build() {\n  true\n  exit 3\n}\n');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({
      status: 3,
      error: {
        message: "do_build called 'exit 3'",
        details: { phase: 'do_build', file, line: 6, command: 'exit 3', status: 3 },
      },
    });
    expect(output).toContain(`   zee: do_build called 'exit 3'\n   zee:   at ${file}:6: exit 3\n`);
  });

  test('exit without a number keeps the status of the last command', async () => {
    const { result } = await fails('do_build() {\n  (exit 6) || exit\n}\n');
    expect(result).toMatchObject({ status: 6, place: { phase: 'do_build', line: 5, command: 'exit 6' } });
  });

  test('exit in a subshell, in a function that another file defines, and in a trap of the plan', async () => {
    const inside = await fails('do_build() {\n  (\n    exit 5\n  )\n}\n');
    expect(inside.result).toMatchObject({ status: 5, place: { phase: 'do_build', line: expect.any(Number) } });
    const library = join(world.write('lib', { 'lib.sh': 'giveup() {\n  exit 8\n}\n' }), 'lib.sh');
    const elsewhere = await fails(`source ${library}\ndo_install() { giveup; }\ndo_build() { :; }\n`);
    expect(elsewhere.result).toMatchObject({
      status: 8,
      place: { phase: 'do_install', file: library, line: 2, command: 'exit 8' },
    });
  });

  test('a helper that gives up names the line that called it', async () => {
    const { result, output } = await fails('do_build() {\n  set_runtime_env PATH x\n}\n');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({
      status: 1,
      place: { phase: 'do_build', file, line: 5, command: 'set_runtime_env' },
    });
    expect(output).toContain(`  at ${file}:5 (do_build)\n`);
  });

  test('exit_with says it in its own words', async () => {
    const { result, output } = await fails('do_build() {\n  exit_with "no good" 9\n}\n');
    expect(result).toMatchObject({ status: 9, error: { message: 'no good' }, place: { line: 5 } });
    expect(output).toContain('   zee: ERROR: no good\n');
  });

  test('an unset variable under set -u', async () => {
    const { result } = await fails('set -u\ndo_build() {\n  echo "$nope"\n}\n');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({ status: 1, place: { phase: 'do_build', file, line: 6, command: 'echo "$nope"' } });
  });
});

describe('while the plan is read', () => {
  test('a syntax error', async () => {
    const { result, output, errors } = await fails('do_build() {\n  if true; then\n}\n');
    expect(result).toMatchObject({ status: 2, error: { code: 'BUILD_PLAN_LOAD' } });
    expect(output).toContain('ERROR: Failed to load Plan');
    expect(errors).toContain('plan.sh: line 6: syntax error');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({
      phase: 'load',
      place: { phase: 'load', file, line: 6, command: expect.stringMatching(/^syntax error near/) },
    });
    expect(output).toContain(`   zee:   at ${file}:6: syntax error near`);
  });

  const lastCommands: [string, string, { line: number; command: string; file?: string }][] = [
    ['a test', 'x=$(false)\n\n[[ a == b ]]\n', { line: 6, command: '[[ a == b ]]' }],
    ['return', 'return 7\n', { line: 4, command: 'return 7' }],
    ['a program that is nowhere', 'nosuch --word\n', { line: 4, command: 'nosuch --word' }],
    [
      'over several lines, which bash counts from the end',
      'ls \\\n  /nonexistent\n',
      { line: 5, command: 'ls /nonexistent' },
    ],
    ['a function of the plan', 'give_up() {\n  return 3\n}\ngive_up\n', { line: 5, command: 'return 3' }],
    [
      'a substitution',
      'pkg_description=$(cat /nonexistent)\n',
      { line: 4, command: 'pkg_description=$(cat /nonexistent)' },
    ],
    ['what another file does', 'source ../lib/lib.sh\n', { line: 2, command: 'false', file: 'lib/lib.sh' }],
    [
      'what bash cannot read in another file',
      'source ../lib/broken.sh\n',
      { line: 2, command: "syntax error near unexpected token `fi'", file: 'lib/broken.sh' },
    ],
    [
      'extended patterns are understood',
      'shopt -s extglob\nx() { rm !(a|b); }\nfalse\n',
      { line: 6, command: 'false' },
    ],
  ];
  test.for(lastCommands)('the last command, when it is %s, is named with its line', async ([, body, expected]) => {
    world.write('lib', { 'lib.sh': ':\nfalse\n', 'broken.sh': ':\nfi\n' });
    const { result, output } = await fails(body);
    const { line, command, file = 'zee/plan.sh' } = expected;
    const place = { phase: 'load', file: expect.stringMatching(new RegExp(`${file}$`)), line, command };
    expect(result).toMatchObject({ error: { code: 'BUILD_PLAN_LOAD' }, place });
    expect(output).toMatch(/ERROR: Failed to load Plan\n.*Reading .* ended with status \d+/);
    expect(output).toContain(`:${line}: ${command}`);
  });

  test('a plan with a trap of its own for commands names the phase alone', async () => {
    const { result, output } = await fails('true\ntrap : DEBUG\n[[ a == b ]]\n');
    expect(result).toMatchObject({ status: 1, phase: 'load', place: { phase: 'load' } });
    expect(result).not.toMatchObject({ place: { line: expect.any(Number) } });
    expect(output).toContain('in phase load');
  });

  test('looking for the last command changes nothing that a plan sees', async () => {
    const body = `echo one two\necho "last: $_"\ntrap 'kept=1' DEBUG\n${NOTHING}do_begin() { echo "kept is $kept, options are $-."; }\n`;
    const { output } = await world.builds(world.plan('zee', body));
    expect(output).toContain('last: two\n');
    expect(output).toMatch(/kept is 1, options are [^T]*\.\n/);
    const { output: plain } = await world.builds(
      world.plan('zee', `${NOTHING}do_begin() { trap -p DEBUG; echo "<$->"; }\n`),
    );
    expect(plain).toMatch(/\n<[^T]*>\n/);
    expect(plain).not.toContain('DEBUG');
  });

  test('only the last command counts', async () => {
    expect(await fails('[[ a == b ]]\n')).toMatchObject({ result: { status: 1, error: { code: 'BUILD_PLAN_LOAD' } } });
    expect(await fails('return 7\n')).toMatchObject({ result: { status: 7 } });
    const { output } = await fails('false\nnosuchcommand\npkg_license=(MIT)\ndo_begin() { return 4; }\n');
    expect(output).toContain('Plan loaded');
  });

  test('exit ends everything', async () => {
    expect((await fails('exit 4\n')).result).toMatchObject({
      status: 4,
      error: { message: "The plan called 'exit 4'" },
      place: { phase: 'load', file: join(world.root, 'zee/plan.sh'), line: 4, command: 'exit 4' },
    });
  });

  const identities: [string, string, string][] = [
    ['pkg_name=', '', "Failed to build. 'pkg_name' must be set."],
    ['pkg_origin=', '', "Failed to build. 'pkg_origin' must be set."],
    ['pkg_version=', '', "Failed to build. 'pkg_version' must be set or 'pkg_version()' function must be implemented"],
    ['pkg_name="a b"', 'a b', "Failed to build. Package pkg_name 'a b' contains invalid characters."],
    ['pkg_name=a/../../b', '', "Failed to build. Package pkg_name 'a/../../b' contains invalid characters."],
  ];
  test.for(identities)('%s', async ([assignment, , message]) => {
    const { result, output } = await fails(`${assignment}\n`);
    expect(result).toMatchObject({ status: 1 });
    expect(output).toContain(message);
  });

  test('a binary, a huge plan, Windows line ends', async () => {
    expect((await fails('x=\0\n')).result).toMatchObject({ error: { code: 'BUILD_PLAN_UNREADABLE' } });
    expect((await fails(`# ${'x'.repeat(4 * 1024 * 1024)}\n`)).result).toMatchObject({ status: 1 });
    const { output } = await fails('pkg_license=(MIT)\r\n');
    expect(output).toContain('has Windows line ends');
  });

  test('a list where a text belongs', async () => {
    const { errors } = await fails('pkg_svc_user=(root)\ndo_begin() { false; }\n');
    expect(errors).toContain('WARN: pkg_svc_user takes one value, not a list');
    expect((await fails('pkg_description=(a b)\n')).result).toMatchObject({
      error: { code: 'BUILD_METADATA_INVALID' },
    });
  });
});

describe('a text where a list or pairs belong', () => {
  test.for([
    [
      'pkg_deps="core/a core/b"',
      "pkg_deps takes a list, and 'core/a core/b' is one text",
      'Write pkg_deps=(core/a core/b).',
    ],
    ['pkg_build_deps=("core/a core/b")', 'pkg_build_deps takes a list', 'Write pkg_build_deps=(core/a core/b).'],
    [
      'pkg_exports="port"',
      'pkg_exports takes pairs, and the plan gives it one text',
      'Write pkg_exports=( [key]="value" ).',
    ],
    ['pkg_binds=( [database] = "port" )', "pkg_binds has spaces around '='", 'Write [key]="value"'],
  ])('%s', async ([assignment, message, hint]) => {
    const { result, output } = await fails(`${assignment}\npkg_source=http://127.0.0.1:9/x.tar.gz\n`);
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_METADATA_INVALID' } });
    expect(output).toContain(message);
    expect(output).toContain(hint);
    expect(output).not.toContain('Downloading');
  });

  test('is a list of one when it is one word', async () => {
    world.install('core/a/1/20190115002733');
    const { read } = await world.builds(world.plan('zee', `pkg_deps=core/a\npkg_license=MIT\n${NOTHING}`));
    expect(read('DEPS')).toBe('core/a/1/20190115002733\n');
  });
});

test('licences that SPDX does not know are worth a warning, with the nearest one', async () => {
  const { errors } = await world.builds(world.plan('zee', `pkg_license=('Apache2' MIT)\n${NOTHING}`));
  expect(errors).toContain("WARN: pkg_license: 'Apache2' is not on the SPDX list; did you mean Apache-2.0?");
  expect(errors).not.toContain("'MIT'");
});

test('a composite of one service', async () => {
  const { result, output } = await fails('pkg_type=composite\npkg_services=(acme/web)\n');
  expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_COMPOSITE_INVALID' } });
  expect(output).toContain('at least two services');
});

describe('the context', () => {
  test('has a plan for Windows beside ours: the target chooses', async () => {
    const plan = world.plan('both-kinds', NOTHING, { 'plan.ps1': '$pkg_name = "other"\n' });
    expect((await world.builds(plan)).built.ident.name).toBe('both-kinds');
    const { result } = await world.build(world.write('windows', { 'plan.ps1': '' }));
    expect(result).toMatchObject({ status: 42, error: { code: 'BUILD_PLAN_LOCATION' } });
  });

  test('does not exist', async () => {
    const { result, errors } = await world.build('nowhere');
    expect(result).toMatchObject({ status: 127, error: { code: 'BUILD_CONTEXT_MISSING' } });
    expect(errors).toBe(`${join(world.root, 'nowhere')} does not exist!\n`);
  });

  test('the plan itself in place of its directory', async () => {
    const file = join(world.plan('zee', ''), 'plan.sh');
    const { result, output, errors } = await world.build(file);
    expect(result).toMatchObject({ status: 127, error: { code: 'BUILD_CONTEXT_MISSING' } });
    expect(errors).toBe(`${file} is not a directory\n`);
    expect(output).toContain('Give the directory that holds plan.sh.');
  });

  test('has no plan, or two', async () => {
    expect((await world.build(world.write('empty', {}))).result).toMatchObject({ status: 42 });
    const both = world.write('both', { 'plan.sh': '', 'habitat/plan.sh': '' });
    const { result, output } = await world.build(both);
    expect(result).toMatchObject({ status: 42, error: { code: 'BUILD_PLAN_LOCATION' } });
    expect(output).toContain('   : ERROR: A Plan file was found in the following paths:');
  });
});

describe('sources', () => {
  test('a wrong checksum: expected and computed once, nothing kept', async () => {
    const source = join(world.write('sources', { 'a.tar.gz': 'not what was meant' }), 'a.tar.gz');
    const url = pathToFileURL(source).href;
    const { result, output, errors } = await fails(`pkg_source=${url}\npkg_shasum=1234\n`);
    expect(output).toContain(`   zee: a.tar.gz has 18 bytes, from ${url}\n`);
    expect(result).toMatchObject({
      status: 1,
      error: {
        code: 'BUILD_CHECKSUM_MISMATCH',
        details: { expected: '1234', computed: expect.stringMatching(/^[0-9a-f]{64}$/) },
      },
    });
    expect(lines(errors).slice(-3)).toEqual([
      '   zee: WARN: Checksum invalid for a.tar.gz:',
      '   zee: WARN:    Expected: 1234',
      expect.stringMatching(/^ {3}zee: WARN: {4}Computed: [0-9a-f]{64}$/),
    ]);
    expect(existsSync(join(world.layout.sourceCache, 'a.tar.gz'))).toBe(false);
  });

  test('no checksum at all teaches the right one', async () => {
    const source = join(world.write('sources', { 'a.tar.gz': 'x' }), 'a.tar.gz');
    const { errors } = await fails(`pkg_source=${pathToFileURL(source).href}\n`);
    expect(errors).toContain('WARN:    Expected: \n');
    expect(errors).toContain('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
  });

  test('an archive that is missing, or of an unknown kind', async () => {
    const missing = await fails('pkg_filename=nope.tar.gz\ndo_verify() { :; }\n');
    expect(missing.output).toContain("'nope.tar.gz' is not a valid file!");
    const unknown = await fails(
      'pkg_filename=a.xyz\ndo_download() { echo > "$HAB_CACHE_SRC_PATH/a.xyz"; }\ndo_verify() { :; }\n',
    );
    expect(unknown.result).toMatchObject({ status: 1, error: { code: 'BUILD_ARCHIVE_INVALID' } });
    expect(unknown.errors).toContain("Error: unknown archive format '.xyz'\n");
  });

  test('a name that leads out of the cache', async () => {
    const { result } = await fails('pkg_filename=../../escaped.tar.gz\npkg_source=file:///etc/hostname\n');
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_ARCHIVE_INVALID' } });
    expect(existsSync(join(world.layout.sourceCache, '../../escaped.tar.gz'))).toBe(false);
  });

  test('an address that nobody can download', async () => {
    const { result, output } = await fails('pkg_source=git://ann:secret@host/x.tar.gz\n');
    expect(result).toMatchObject({ error: { code: 'BUILD_DOWNLOAD_FAILED' } });
    expect(output).not.toContain('secret');
  });

  test('an answer that is no file: status 8, as other downloaders have it', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { result, output } = await fails(
      `pkg_source=http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz\npkg_shasum=1234\n`,
    );
    server.close();
    expect(result).toMatchObject({ status: 8, error: { code: 'BUILD_DOWNLOAD_FAILED' } });
    expect(output).toContain('The server answered 404 Not Found');
    expect(readdirSync(world.layout.sourceCache)).toEqual([]);
  });

  test('a missing tool is found before the download', async () => {
    const { result, output } = await fails('pkg_source=file:///nonexistent/a.rar\n');
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_TOOL_MISSING', details: { tool: 'rar' } } });
    expect(output).not.toContain('Downloading');
  });
});

describe('dependencies', () => {
  test('one that is unknown', async () => {
    const { result, output } = await fails('pkg_deps=(acme/none)\n');
    expect(result).toMatchObject({
      status: 1,
      error: { code: 'BUILD_DEPENDENCY_UNRESOLVED', details: { ident: 'acme/none' } },
    });
    expect(output).toContain("ERROR: Resolving 'acme/none' failed, should this be built first?");
  });

  test('one without origin', async () => {
    const { result, errors } = await fails('pkg_build_deps=(zlib)\n');
    expect(result).toMatchObject({ status: 1 });
    expect(errors).toContain("Origin required for 'zlib' in plan 'acme/zee' (example: acme/zlib)");
  });

  test.for(['acme/../../../etc', 'acme/', '/', 'a/b/c/d/e', 'acme/x\n/etc'])('%j is none', async (ident) => {
    const { result } = await fails(`pkg_deps=($'${ident.replace('\n', '\\n')}')\n`);
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_DEPENDENCY_UNRESOLVED' } });
  });

  test('two releases of one package: status 31 and the chains that lead there', async () => {
    world.install('core/glibc/2.22/20180115002733');
    world.install('core/glibc/2.27/20190115002733');
    world.install('core/a/1/20190115002733', {
      DEPS: 'core/glibc/2.22/20180115002733',
      TDEPS: 'core/glibc/2.22/20180115002733',
    });
    const { result, output, errors } = await fails('pkg_deps=(core/a core/glibc/2.27)\n');
    expect(result).toMatchObject({
      status: 31,
      error: { code: 'BUILD_DEPENDENCY_CONFLICT', details: { conflicts: ['core/glibc'] } },
    });
    expect(output).toContain('ERROR: Computed runtime dependency check failed, aborting');
    expect(errors).toContain('  * core/glibc ( core/glibc/2.22/20180115002733 core/glibc/2.27/20190115002733 )');
    expect(errors).toContain('        core/glibc/2.22/20180115002733 (*)');
  });

  test('one whose metafiles are damaged, or hostile', async () => {
    world.install('core/a/1/20190115002733', { TDEPS: 'core/../../x/1' });
    expect((await fails('pkg_deps=(core/a)\n')).result).toMatchObject({
      error: { code: 'BUILD_DEPENDENCY_MALFORMED' },
    });
    world.install('core/b/1/20190115002733', { RUNTIME_ENVIRONMENT: 'a[$(touch owned)]=x' });
    expect((await fails('pkg_deps=(core/b)\n')).result).toMatchObject({
      error: { code: 'BUILD_DEPENDENCY_MALFORMED' },
    });
    expect(existsSync(join(world.root, 'zee/owned'))).toBe(false);
  });

  test('one behind another that is not installed', async () => {
    world.install('core/a/1/20190115002733', { TDEPS: 'core/gone/1/20190115002733' });
    const { output } = await fails('pkg_deps=(core/a)\n');
    expect(output).toContain("Resolving 'core/gone/1/20190115002733' failed");
  });
});

test('no signing key: status 35, before any dependency is looked at', async () => {
  const context = world.plan('zee', 'pkg_deps=(acme/none)\n');
  const { result, output } = await world.build(context, {}, {}, { keys: memoryKeyCache() });
  expect(result).toMatchObject({ status: 35, error: { code: 'BUILD_KEY_MISSING', details: { origin: 'acme' } } });
  expect(output).toContain(`ERROR: Signing origin key 'acme' not found in ${world.layout.keyCache}, aborting`);
  expect(existsSync(join(world.results, 'pre_build.env'))).toBe(true);
});

describe('versions', () => {
  test('never set: status 2', async () => {
    const { result, output } = await fails('pkg_version=\npkg_version() { echo 2; }\n');
    expect(result).toMatchObject({ status: 2, error: { code: 'BUILD_VERSION' } });
    expect(output).toContain("Plan did not set 'pkg_version' and did not call 'update_pkg_version()'");
    expect(readFileSync(join(world.results, 'pre_build.env'), 'utf8')).toContain(
      'pkg_version=__pkg__version__unset__\n',
    );
  });

  test('set too late: status 21', async () => {
    const { result } = await fails('pkg_version() { echo 2; }\ndo_prepare() {\n  update_pkg_version\n}\n');
    expect(result).toMatchObject({ status: 21, error: { code: 'BUILD_VERSION' }, place: { phase: 'do_prepare' } });
  });

  test('a function that fails', async () => {
    const { result } = await fails('pkg_version() { return 6; }\ndo_before() { update_pkg_version; }\n');
    expect(result).toMatchObject({ status: 6, place: { phase: 'do_before' } });
  });
});

describe('hooks', () => {
  const build = 'do_build() { :; }\ndo_install() { :; }\n';

  test('with Windows line ends', async () => {
    const { result, output } = await fails(build, {}, { 'hooks/run': '#!/bin/sh\r\nexec x\r\n' });
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_HOOKS_INVALID' } });
    expect(output).toContain('Incorrect CR+LF line ending detected in package hook file(s).');
    expect(output).not.toContain('Resolving build dependencies');
    expect(output).toContain(join(world.root, 'zee/hooks/run'));
  });

  test('two for one name', async () => {
    const { output } = await fails(build, {}, { 'hooks/run': 'x', 'hooks/run.sh': 'y' });
    expect(output).toContain('Multiple hook files found for run hook.');
  });
});

describe('every failure names its phase', () => {
  const report = (): unknown => JSON.parse(readFileSync(join(world.results, 'failed_build.json'), 'utf8'));
  const cases: [string, string, string, Record<string, string>?][] = [
    ['the plan is read', 'return 3\n', 'load'],
    ['the plan is checked', 'pkg_type=banana\n', 'check'],
    ['metadata make no sense', 'pkg_name=\n', 'check'],
    ['hooks are checked', NOTHING, 'check', { 'hooks/run': 'x\r\n' }],
    ['dependencies are looked for', 'pkg_deps=(acme/none)\n', 'dependencies'],
    ['a scaffolding is looked for', 'pkg_scaffolding=acme/none\n', 'dependencies'],
    ['the environment is made', 'do_setup_environment() { set_runtime_env PATH x; }\n', 'do_setup_environment'],
    ['the version is missing', 'pkg_version=\npkg_version() { echo 2; }\n', 'sources'],
    ['a tool is missing', 'pkg_source=file:///nonexistent/a.rar\n', 'sources'],
    ['a download fails', 'pkg_source=file:///nonexistent/a.tar\n', 'do_download'],
    ['a callback fails', 'do_build() { false; }\n', 'do_build'],
    ['a directory is missing', `${NOTHING}SRC_PATH=/nonexistent\n`, 'do_prepare'],
    ['ports are read', `${NOTHING}pkg_exports=([a]=b)\npkg_exposes=(a)\ndo_build_config() { :; }\n`, 'artifact'],
    ['the last callback fails', `${NOTHING}do_end() { return 4; }\n`, 'do_end'],
    ['members of a composite are counted', 'pkg_type=composite\npkg_services=(acme/web)\n', 'check'],
    ['members of a composite are looked for', 'pkg_type=composite\npkg_services=(acme/a acme/b)\n', 'dependencies'],
  ];
  test.for(cases)('when %s', async ([, body, phase, files = {}]) => {
    const { result, output } = await world.build(world.plan('zee', body, files));
    expect(result).toMatchObject({ type: 'failed', phase, place: { phase } });
    expect(report()).toMatchObject({ result: { type: 'failed', phase, place: { phase } } });
    // `load` is told by the words of the message, the rest by name.
    if (phase === 'load') expect(output).toContain('Failed to load Plan');
    else
      expect(output).toMatch(
        new RegExp(`( \\(${phase}\\)|in phase ${phase}|${phase} failed with|no ${phase} of its own)`),
      );
  });

  test('when there is no key, no plan, or no sense in what the caller wants', async () => {
    const context = world.plan('zee', '');
    const keyless = await world.build(context, {}, {}, { keys: memoryKeyCache() });
    expect(keyless.result).toMatchObject({ phase: 'setup' });
    expect(keyless.output).toContain('in phase setup');
    const nowhere = await world.build('nowhere');
    expect(nowhere.result).toMatchObject({ phase: 'find' });
    expect((await world.build(context, {}, { release: 'now' })).result).toMatchObject({ phase: 'start' });
  });

  test('when packing fails', async () => {
    const body = `${NOTHING}do_after() { mkfifo "$pkg_prefix/pipe"; }\n`;
    const { result, output } = await world.build(world.plan('zee', body));
    expect(result).toMatchObject({ phase: 'artifact', place: { phase: 'artifact' } });
    expect(output).toContain('in phase artifact');
  });

  test('when signing fails', async () => {
    const keys = world.keys;
    let asked = 0;
    const withoutSecond: typeof keys = {
      ...keys,
      write: (...args) => keys.write(...args),
      get: (...args) => keys.get(...args),
      list: (...args) => keys.list(...args),
      latest: (...args) => (++asked > 1 ? memoryKeyCache().latest(...args) : keys.latest(...args)),
    };
    const { result } = await world.build(world.plan('zee', NOTHING), {}, {}, { keys: withoutSecond });
    expect(result).toMatchObject({ phase: 'artifact', error: { code: 'BUILD_KEY_MISSING' } });
  });

  test('when a scaffolding does not load, with its line', async () => {
    world.install('acme/scaffold/1/20190115002733', { 'lib/scaffolding.sh': ':\nreturn 6\n' });
    const { result, output } = await world.build(world.plan('zee', 'pkg_scaffolding=acme/scaffold\n'));
    const place = { phase: 'scaffolding_load', line: 2, command: 'return 6' };
    expect(result).toMatchObject({ status: 17, phase: 'scaffolding_load', place });
    expect(output).toContain('lib/scaffolding.sh:2 (scaffolding_load)');
  });
});

describe('end callbacks', () => {
  test('failure is told last, and cannot change the status', async () => {
    const { result, output } = await fails(
      'do_build() { exit 1; }\ndo_after_failure() { echo "in failure"; false; echo never; }\ndo_after_success() { echo "in success"; }\n',
    );
    expect(result.status).toBe(1);
    const told = lines(output);
    expect(told.slice(told.findIndex((line) => line.includes('Build time')))).toEqual([
      expect.stringContaining('Build time'),
      '   zee: Exiting on error',
      "   zee: 'do_after_failure' callback function is defined; executing...",
      'in failure',
      "   zee: 'do_after_failure' callback failed",
    ]);
  });

  test('exit 0 in a callback is neither success nor failure, and says so', async () => {
    const { result, output } = await fails(
      'do_build() { exit 0; }\ndo_after_success() { echo "in success"; }\ndo_after_failure() { echo "in failure"; }\n',
    );
    expect(result).toMatchObject({ type: 'stopped', status: 0, phase: 'do_build' });
    expect(output).toContain("   zee: ERROR: 'exit 0' in do_build ended the build here: no artifact was made\n");
    expect(output).toContain(`  at ${join(world.root, 'zee/plan.sh')}:4\n`);
    expect(output).not.toContain('in success');
    expect(output).not.toContain('in failure');
  });
});
