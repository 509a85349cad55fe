import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

describe('where the plan failed', () => {
  test('a command: callback, file, line, command and status', async () => {
    const { result, output } = await world.fails('do_build() {\n  true\n  grep -q nothing /dev/null\n}\n');
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
    const { result } = await world.fails(`source ${library}\ndo_install() {\n  helper\n}\ndo_build() { :; }\n`);
    expect(result).toMatchObject({ status: 5, place: { phase: 'do_install', line: 6 } });
  });

  test('a callback that returns a status, or ends with a list that does', async () => {
    const file = join(world.root, 'zee/plan.sh');
    const { result, output } = await world.fails('do_build() {\n  true\n  false || return 3\n}\n');
    expect(result).toMatchObject({ status: 3, place: { phase: 'do_build', file, line: 6, command: 'return 3' } });
    expect(output).toContain(`  at ${file}:6: return 3\n`);
    const twice = await world.fails('do_begin() { (return 3) || return 3; }\ndo_build() { return 3; }\n');
    expect(twice.result).toMatchObject({ status: 3, place: { phase: 'do_begin', file, line: 4, command: 'return 3' } });
    const list = await world.fails('do_build() {\n  [[ a == b ]] && true\n}\n');
    expect(list.result).toMatchObject({
      status: 1,
      place: { phase: 'do_build', file, line: 5, command: '[[ a == b ]]' },
    });
  });

  test('a password in the command is not told', async () => {
    const body = 'do_build() {\n  here=$(cat https://ann:secret@acme.example/x)\n}\n';
    const { result, output } = await world.fails(body);
    expect(result).toMatchObject({ place: { line: 5, command: 'here=$(cat https://acme.example/x)' } });
    expect(output).toContain('because of: cat https://acme.example/x');
    expect(output).not.toContain('secret');
    expect(readFileSync(join(world.results, 'failed_build.json'), 'utf8')).not.toContain('secret');
    const read = await world.fails('cat https://ann:secret@acme.example/x\n');
    expect(read.output).not.toContain('secret');
  });

  test('inside a command substitution', async () => {
    const { result, output } = await world.fails(
      'do_build() {\n  local here\n  here=$(cat /nonexistent; echo never)\n}\n',
    );
    expect(result).toMatchObject({ status: 1, place: { phase: 'do_build', line: 6 } });
    expect(output).toContain(
      'plan.sh:6: here=$(cat /nonexistent; echo never)\n   zee:   because of: cat /nonexistent\n',
    );
  });

  test('but the status of local counts, not that of what it is given', async () => {
    const { output } = await world.fails(
      'do_build() {\n  local x=$(false; echo hi)\n  echo "still here"\n  return 3\n}\n',
    );
    expect(output).toContain('still here');
  });

  test('a program that is nowhere', async () => {
    const { result, output, errors } = await world.fails('do_build() { cmaek .; }\n');
    expect(result).toMatchObject({ status: 127 });
    expect(errors).toContain('cmaek: command not found');
    expect(output).toContain("'cmaek' was not found: name the package that brings it in pkg_build_deps");
  });

  test('sources without configure, for a plan that has no do_build', async () => {
    const { result, output } = await world.fails('');
    expect(result).toMatchObject({ status: 127, place: { phase: 'do_build' } });
    expect(output).toContain('The sources have no configure script: define do_build and do_install in the plan.');
    expect(output).toContain(
      '  in do_default_build of this program, for the plan has no do_build of its own: ./configure --prefix="$pkg_prefix"\n',
    );
  });

  test('exit in a callback', async () => {
    const { result, output } = await world.fails('do_build() {\n  true\n  exit 3\n}\n');
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
    const { result } = await world.fails('do_build() {\n  (exit 6) || exit\n}\n');
    expect(result).toMatchObject({ status: 6, place: { phase: 'do_build', line: 5, command: 'exit 6' } });
  });

  test('exit in a subshell, in a function that another file defines, and in a trap of the plan', async () => {
    const inside = await world.fails('do_build() {\n  (\n    exit 5\n  )\n}\n');
    expect(inside.result).toMatchObject({ status: 5, place: { phase: 'do_build', line: expect.any(Number) } });
    const library = join(world.write('lib', { 'lib.sh': 'giveup() {\n  exit 8\n}\n' }), 'lib.sh');
    const elsewhere = await world.fails(`source ${library}\ndo_install() { giveup; }\ndo_build() { :; }\n`);
    expect(elsewhere.result).toMatchObject({
      status: 8,
      place: { phase: 'do_install', file: library, line: 2, command: 'exit 8' },
    });
  });

  test('a helper that gives up names the line that called it', async () => {
    const { result, output } = await world.fails('do_build() {\n  set_runtime_env PATH x\n}\n');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({
      status: 1,
      place: { phase: 'do_build', file, line: 5, command: 'set_runtime_env' },
    });
    expect(output).toContain(`  at ${file}:5 (do_build)\n`);
  });

  test('exit_with says it in its own words', async () => {
    const { result, output } = await world.fails('do_build() {\n  exit_with "no good" 9\n}\n');
    expect(result).toMatchObject({ status: 9, error: { message: 'no good' }, place: { line: 5 } });
    expect(output).toContain('   zee: ERROR: no good\n');
  });

  test('an unset variable under set -u', async () => {
    const { result } = await world.fails('set -u\ndo_build() {\n  echo "$nope"\n}\n');
    const file = join(world.root, 'zee/plan.sh');
    expect(result).toMatchObject({ status: 1, place: { phase: 'do_build', file, line: 6, command: 'echo "$nope"' } });
  });
});

describe('while the plan is read', () => {
  test('a syntax error', async () => {
    const { result, output, errors } = await world.fails('do_build() {\n  if true; then\n}\n');
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
    const { result, output } = await world.fails(body);
    const { line, command, file = 'zee/plan.sh' } = expected;
    const place = { phase: 'load', file: expect.stringMatching(new RegExp(`${file}$`)), line, command };
    expect(result).toMatchObject({ error: { code: 'BUILD_PLAN_LOAD' }, place });
    expect(output).toMatch(/ERROR: Failed to load Plan\n.*Reading .* ended with status \d+/);
    expect(output).toContain(`:${line}: ${command}`);
  });

  test('a plan with a trap of its own for commands names the phase alone', async () => {
    const { result, output } = await world.fails('true\ntrap : DEBUG\n[[ a == b ]]\n');
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
    expect(await world.fails('[[ a == b ]]\n')).toMatchObject({
      result: { status: 1, error: { code: 'BUILD_PLAN_LOAD' } },
    });
    expect(await world.fails('return 7\n')).toMatchObject({ result: { status: 7 } });
    const { output } = await world.fails('false\nnosuchcommand\npkg_license=(MIT)\ndo_begin() { return 4; }\n');
    expect(output).toContain('Plan loaded');
  });

  test('exit ends everything', async () => {
    expect((await world.fails('exit 4\n')).result).toMatchObject({
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
    const { result, output } = await world.fails(`${assignment}\n`);
    expect(result).toMatchObject({ status: 1 });
    expect(output).toContain(message);
  });

  test('a binary, a huge plan, Windows line ends', async () => {
    expect((await world.fails('x=\0\n')).result).toMatchObject({ error: { code: 'BUILD_PLAN_UNREADABLE' } });
    expect((await world.fails(`# ${'x'.repeat(4 * 1024 * 1024)}\n`)).result).toMatchObject({ status: 1 });
    const { output } = await world.fails('pkg_license=(MIT)\r\n');
    expect(output).toContain('has Windows line ends');
  });

  test('a list where a text belongs', async () => {
    const { errors } = await world.fails('pkg_svc_user=(root)\ndo_begin() { false; }\n');
    expect(errors).toContain('WARN: pkg_svc_user takes one value, not a list');
    expect((await world.fails('pkg_description=(a b)\n')).result).toMatchObject({
      error: { code: 'BUILD_METADATA_INVALID' },
    });
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
    const { result, output } = await world.fails(
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
    const { result, output } = await world.fails(
      'do_build() { exit 0; }\ndo_after_success() { echo "in success"; }\ndo_after_failure() { echo "in failure"; }\n',
    );
    expect(result).toMatchObject({ type: 'stopped', status: 0, phase: 'do_build' });
    expect(output).toContain("   zee: ERROR: 'exit 0' in do_build ended the build here: no artifact was made\n");
    expect(output).toContain(`  at ${join(world.root, 'zee/plan.sh')}:4\n`);
    expect(output).not.toContain('in success');
    expect(output).not.toContain('in failure');
  });
});
