import { existsSync, readdirSync, readFileSync } from 'node:fs';
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

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

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
    const { result, output } = await world.fails(`${assignment}\npkg_source=http://127.0.0.1:9/x.tar.gz\n`);
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
  const { result, output } = await world.fails('pkg_type=composite\npkg_services=(acme/web)\n');
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
    const { result, output, errors } = await world.fails(`pkg_source=${url}\npkg_shasum=1234\n`);
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
    const { errors } = await world.fails(`pkg_source=${pathToFileURL(source).href}\n`);
    expect(errors).toContain('WARN:    Expected: \n');
    expect(errors).toContain('2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881');
  });

  test('an archive that is missing, or of an unknown kind', async () => {
    const missing = await world.fails('pkg_filename=nope.tar.gz\ndo_verify() { :; }\n');
    expect(missing.output).toContain("'nope.tar.gz' is not a valid file!");
    const unknown = await world.fails(
      'pkg_filename=a.xyz\ndo_download() { echo > "$HAB_CACHE_SRC_PATH/a.xyz"; }\ndo_verify() { :; }\n',
    );
    expect(unknown.result).toMatchObject({ status: 1, error: { code: 'BUILD_ARCHIVE_INVALID' } });
    expect(unknown.errors).toContain("Error: unknown archive format '.xyz'\n");
  });

  test('a name that leads out of the cache', async () => {
    const { result } = await world.fails('pkg_filename=../../escaped.tar.gz\npkg_source=file:///etc/hostname\n');
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_ARCHIVE_INVALID' } });
    expect(existsSync(join(world.layout.sourceCache, '../../escaped.tar.gz'))).toBe(false);
  });

  test('an address that nobody can download', async () => {
    const { result, output } = await world.fails('pkg_source=git://ann:secret@host/x.tar.gz\n');
    expect(result).toMatchObject({ error: { code: 'BUILD_DOWNLOAD_FAILED' } });
    expect(output).not.toContain('secret');
  });

  test('an answer that is no file: status 8, as other downloaders have it', async () => {
    const server = createServer((_request, response) => response.writeHead(404).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { result, output } = await world.fails(
      `pkg_source=http://127.0.0.1:${(server.address() as AddressInfo).port}/a.tar.gz\npkg_shasum=1234\n`,
    );
    server.close();
    expect(result).toMatchObject({ status: 8, error: { code: 'BUILD_DOWNLOAD_FAILED' } });
    expect(output).toContain('The server answered 404 Not Found');
    expect(readdirSync(world.layout.sourceCache)).toEqual([]);
  });

  test('a missing tool is found before the download', async () => {
    const { result, output } = await world.fails('pkg_source=file:///nonexistent/a.rar\n');
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_TOOL_MISSING', details: { tool: 'rar' } } });
    expect(output).not.toContain('Downloading');
  });
});

describe('dependencies', () => {
  test('one that is unknown', async () => {
    const { result, output } = await world.fails('pkg_deps=(acme/none)\n');
    expect(result).toMatchObject({
      status: 1,
      error: { code: 'BUILD_DEPENDENCY_UNRESOLVED', details: { ident: 'acme/none' } },
    });
    expect(output).toContain("ERROR: Resolving 'acme/none' failed, should this be built first?");
  });

  test('one without origin', async () => {
    const { result, errors } = await world.fails('pkg_build_deps=(zlib)\n');
    expect(result).toMatchObject({ status: 1 });
    expect(errors).toContain("Origin required for 'zlib' in plan 'acme/zee' (example: acme/zlib)");
  });

  test.for(['acme/../../../etc', 'acme/', '/', 'a/b/c/d/e', 'acme/x\n/etc'])('%j is none', async (ident) => {
    const { result } = await world.fails(`pkg_deps=($'${ident.replace('\n', '\\n')}')\n`);
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_DEPENDENCY_UNRESOLVED' } });
  });

  test('two releases of one package: status 31 and the chains that lead there', async () => {
    world.install('core/glibc/2.22/20180115002733');
    world.install('core/glibc/2.27/20190115002733');
    world.install('core/a/1/20190115002733', {
      DEPS: 'core/glibc/2.22/20180115002733',
      TDEPS: 'core/glibc/2.22/20180115002733',
    });
    const { result, output, errors } = await world.fails('pkg_deps=(core/a core/glibc/2.27)\n');
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
    expect((await world.fails('pkg_deps=(core/a)\n')).result).toMatchObject({
      error: { code: 'BUILD_DEPENDENCY_MALFORMED' },
    });
    world.install('core/b/1/20190115002733', { RUNTIME_ENVIRONMENT: 'a[$(touch owned)]=x' });
    expect((await world.fails('pkg_deps=(core/b)\n')).result).toMatchObject({
      error: { code: 'BUILD_DEPENDENCY_MALFORMED' },
    });
    expect(existsSync(join(world.root, 'zee/owned'))).toBe(false);
  });

  test('one behind another that is not installed', async () => {
    world.install('core/a/1/20190115002733', { TDEPS: 'core/gone/1/20190115002733' });
    const { output } = await world.fails('pkg_deps=(core/a)\n');
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
    const { result, output } = await world.fails('pkg_version=\npkg_version() { echo 2; }\n');
    expect(result).toMatchObject({ status: 2, error: { code: 'BUILD_VERSION' } });
    expect(output).toContain("Plan did not set 'pkg_version' and did not call 'update_pkg_version()'");
    expect(readFileSync(join(world.results, 'pre_build.env'), 'utf8')).toContain(
      'pkg_version=__pkg__version__unset__\n',
    );
  });

  test('set too late: status 21', async () => {
    const { result } = await world.fails('pkg_version() { echo 2; }\ndo_prepare() {\n  update_pkg_version\n}\n');
    expect(result).toMatchObject({ status: 21, error: { code: 'BUILD_VERSION' }, place: { phase: 'do_prepare' } });
  });

  test('a function that fails', async () => {
    const { result } = await world.fails('pkg_version() { return 6; }\ndo_before() { update_pkg_version; }\n');
    expect(result).toMatchObject({ status: 6, place: { phase: 'do_before' } });
  });
});

describe('hooks', () => {
  const build = 'do_build() { :; }\ndo_install() { :; }\n';

  test('with Windows line ends', async () => {
    const { result, output } = await world.fails(build, {}, { 'hooks/run': '#!/bin/sh\r\nexec x\r\n' });
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_HOOKS_INVALID' } });
    expect(output).toContain('Incorrect CR+LF line ending detected in package hook file(s).');
    expect(output).not.toContain('Resolving build dependencies');
    expect(output).toContain(join(world.root, 'zee/hooks/run'));
  });

  test('two for one name', async () => {
    const { output } = await world.fails(build, {}, { 'hooks/run': 'x', 'hooks/run.sh': 'y' });
    expect(output).toContain('Multiple hook files found for run hook.');
  });
});
