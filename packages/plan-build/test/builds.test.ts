import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '@hab/core';
import { FakeClock } from '@hab/core/testing';
import { listHart, verifyHart } from '@hab/hart/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BuiltPackage } from '../src/node/index.ts';
import { type BuildRecord, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

const NOTHING = 'do_build() { :; }\ndo_install() { :; }\n';

async function builds(
  ...args: Parameters<World['build']>
): Promise<BuildRecord & { readonly built: BuiltPackage; readonly read: (path: string) => string }> {
  const record = await world.build(...args);
  const { result } = record;
  if (result.type !== 'built') throw new Error(`${record.output}\n${record.errors}`);
  return { ...record, built: result, read: (path) => readFileSync(join(result.prefix, path), 'utf8') };
}

describe('an ordinary build', () => {
  test('calls back in order, each in its directory', async () => {
    const names =
      'begin setup_environment before download verify clean unpack prepare build check install build_config build_service strip after end after_success after_failure';
    const callbacks = names.split(' ').map((name) => `do_${name}() { echo "CALL do_${name} $PWD"; }\n`);
    const context = world.plan('zee', callbacks.join(''));
    const { output, built } = await builds(context, { DO_CHECK: '1' });
    const calls = output
      .split('\n')
      .filter((line) => line.startsWith('CALL'))
      .map((line) => line.slice(5).split(' '));
    expect(calls.map(([name]) => name)).toEqual(
      names
        .split(' ')
        .filter((name) => name !== 'after_failure')
        .map((name) => `do_${name}`),
    );
    expect(new Set(calls.map(([, directory]) => directory))).toEqual(new Set([context]));
    expect(built.phases.map(({ phase }) => phase).slice(0, 3)).toEqual([
      'do_begin',
      'do_setup_environment',
      'do_before',
    ]);
  });

  test('ends with the summary', async () => {
    const { output, built } = await builds(world.plan('zee', NOTHING));
    expect(output.split('\n').slice(-12)).toEqual([
      '   zee: ',
      `   zee: Source Path: ${join(world.root, 'zee')}`,
      `   zee: Installed Path: ${built.prefix}`,
      `   zee: Artifact: ${built.result}`,
      `   zee: Build Report: ${join(world.results, 'last_build.env')}`,
      `   zee: SHA256 Checksum: ${built.sha256}`,
      `   zee: Blake2b Checksum: ${built.blake2b}`,
      '   zee: ',
      '   zee: I love it when a plan.sh comes together.',
      '   zee: ',
      expect.stringMatching(/^ {3}zee: Build time: \d+m\d+s$/),
      '',
    ]);
  });

  test('leaves the artifact and the report, and no trace of having begun', async () => {
    const { built } = await builds(world.plan('zee', NOTHING));
    expect(readdirSync(world.results).sort()).toEqual([
      `acme-zee-1.0-${built.ident.release}-x86_64-linux.hart`,
      'last_build.env',
    ]);
    const report = readFileSync(join(world.results, 'last_build.env'), 'utf8');
    expect(report).toContain(
      `pkg_sha256sum=${execFileSync('sha256sum', [built.result], { encoding: 'utf8' }).slice(0, 64)}\n`,
    );
    expect(report).toContain(`pkg_blake2bsum=${built.blake2b}\n`);
    expect((await verifyHart(built.artifact, world.keys)).keyName).toMatch(/^acme-\d{14}$/);
  });

  test('belongs to whoever owns the plan', async () => {
    const context = world.plan('zee', NOTHING);
    execFileSync('chown', ['12345:54321', join(context, 'plan.sh')]);
    const { built } = await builds(context);
    for (const path of [world.results, built.result, join(world.results, 'last_build.env')]) {
      expect([statSync(path).uid, statSync(path).gid]).toEqual([12345, 54321]);
    }
  });

  test('in a directory with a name that needs care', async () => {
    const context = world.write("it's a $(plan) & more", {
      'plan.sh': `pkg_name=zee\npkg_origin=acme\npkg_version=1\n${NOTHING}`,
      'config/a b.conf': 'x',
    });
    const { read } = await builds(context);
    expect(read('config/a b.conf')).toBe('x');
  });

  test('gives the same bytes at the same time, whatever the tree was like before', async () => {
    const body =
      'do_build() { :; }\ndo_install() { mkdir -p "$pkg_prefix/a/b"; echo hi > "$pkg_prefix/a/b/c"; ln -s c "$pkg_prefix/a/b/d"; }\n';
    const clock: Clock = new FakeClock(Date.UTC(2026, 10, 21, 11, 50, 58));
    const one = await builds(world.plan('zee', body), {}, {}, { clock });
    const first = readFileSync(one.built.result);
    execFileSync('rm', ['-rf', one.built.prefix]);
    const two = await builds(join(world.root, 'zee'), {}, {}, { clock });
    expect(readFileSync(two.built.result).equals(first)).toBe(true);
    const times = new Set((await listHart(two.built.artifact)).map(({ mtimeSec }) => mtimeSec));
    expect(times).toEqual(new Set([Date.UTC(2026, 10, 21, 11, 50, 58) / 1000]));
    execFileSync('rm', ['-rf', one.built.prefix]);
    const three = await builds(join(world.root, 'zee'), { SOURCE_DATE_EPOCH: '1500000000' }, {}, { clock });
    expect((await listHart(three.built.artifact))[0]?.mtimeSec).toBe(1_500_000_000);
  });

  test('tells programs how it goes', async () => {
    const events: string[] = [];
    await builds(world.plan('zee', NOTHING), {}, { onProgress: (event) => events.push(event.type) });
    expect(events).toContain('build:phase');
  });
});

describe('sources', () => {
  /** A project in the usual shape: configure, make, make install, make check. */
  function tarball(
    top: string,
    command: readonly string[] = ['tar', 'czf'],
    name = `${top}.tar.gz`,
  ): { path: string; sha256: string } {
    const directory = world.write(`sources/${top}`, {
      configure: '#!/bin/sh\nfor a; do case $a in --prefix=*) echo "PREFIX=${a#--prefix=}" > config.mk;; esac; done\n',
      Makefile:
        'include config.mk\nall: hello\nhello: hello.c\n\tcc -g -o hello hello.c\ncheck: hello\n\t./hello | grep -q hi\ninstall: hello\n\tinstall -D hello $(PREFIX)/bin/hello\n\tinstall -D -m 0755 hello $(PREFIX)/bin/kept && chmod 0555 $(PREFIX)/bin/kept\n',
      'hello.c': '#include <stdio.h>\nint main(void) { puts("hi"); return 0; }\n',
      'build-aux/ltmain.sh': 'before\n  eval sys_lib_search_path=/usr/lib\nafter eval sys_lib_dlsearch_path= x\n',
    });
    chmodSync(join(directory, 'configure'), 0o755);
    const path = join(world.root, name);
    execFileSync(command[0] ?? '', [...command.slice(1), path, top], {
      cwd: join(world.root, 'sources'),
      stdio: 'ignore',
    });
    return { path, sha256: execFileSync('sha256sum', [path], { encoding: 'utf8' }).slice(0, 64) };
  }

  test('a project from a web server is fetched, configured, made, checked, installed and stripped', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    const server = createServer((_request, response) => response.end(readFileSync(path)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hello-1.0.tar.gz`;
    const body = `pkg_source=${url}\npkg_shasum=${sha256.toUpperCase()}\npkg_bin_dirs=(bin)\ndo_check() { make check; }\n`;
    const { built, output } = await builds(world.plan('hello', body), { DO_CHECK: '1' });
    server.close();
    expect(execFileSync(join(built.prefix, 'bin/hello'), { encoding: 'utf8' })).toBe('hi\n');
    expect(output).toContain('Running post-compile tests');
    const kinds = execFileSync('file', ['-b', join(built.prefix, 'bin/hello'), join(built.prefix, 'bin/kept')], {
      encoding: 'utf8',
    });
    expect(kinds.split('\n')[0]).toContain(', stripped');
    expect(kinds.split('\n')[1]).toContain('not stripped');
    const fixed = readFileSync(join(world.layout.sourceCache, 'hello-1.0/build-aux/ltmain.sh'), 'utf8');
    expect(fixed).toBe('before\n  \nafter \n');
    expect(existsSync(join(world.layout.sourceCache, 'hello-1.0.tar.gz'))).toBe(true);
  });

  test('a second build uses what the first one fetched', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    const body = `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`;
    await builds(world.plan('hello', body));
    execFileSync('rm', [path]);
    const { output } = await builds(join(world.root, 'hello'));
    expect(output).toContain("Found previous file 'hello-1.0.tar.gz', attempting to re-use");
    expect(output).toContain("Using cached and verified 'hello-1.0.tar.gz'");
  });

  test('a damaged file in the cache is fetched again', async () => {
    const { path, sha256 } = tarball('hello-1.0');
    mkdirSync(world.layout.sourceCache, { recursive: true });
    writeFileSync(join(world.layout.sourceCache, 'hello-1.0.tar.gz'), '');
    const { output } = await builds(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`),
    );
    expect(output).toContain("Clearing previous 'hello-1.0.tar.gz' file and re-attempting download");
  });

  test.for([
    ['tar.bz2', ['tar', 'cjf']],
    ['tar.xz', ['tar', 'cJf']],
    ['tar.zst', ['tar', '--zstd', '-cf']],
    ['tar', ['tar', 'cf']],
    ['zip', ['zip', '-qr']],
  ] as const)('an archive of kind %s', async ([ending, command]) => {
    const { path, sha256 } = tarball('hello-1.0', command, `hello-1.0.${ending}`);
    const { built } = await builds(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`),
    );
    expect(existsSync(join(built.prefix, 'bin/hello'))).toBe(true);
    expect(existsSync(join(world.layout.sourceCache, `hello-1.0.${ending}`))).toBe(true);
  });

  test.for([
    ['data.gz', 'gzip -k'],
    ['data.bz2', 'bzip2 -k'],
    ['data.xz', 'xz -k'],
    ['data.zst', 'zstd -q -k'],
  ] as const)('one compressed file, %s: unpacked beside the archive, twice', async ([name, compress]) => {
    const directory = world.write('sources', { data: 'content\n' });
    execFileSync('sh', ['-c', `${compress} ${join(directory, 'data')}`]);
    const body = `pkg_source=${pathToFileURL(join(directory, name)).href}\ndo_verify() { :; }\ndo_build() { :; }\ndo_install() { cp "$HAB_CACHE_SRC_PATH/data" "$pkg_prefix/"; }\n`;
    for (let round = 0; round < 2; round++) {
      const { read } = await builds(world.plan('data', body));
      expect(read('data')).toBe('content\n');
    }
    expect(existsSync(join(world.layout.sourceCache, name))).toBe(true);
  });

  test('a single directory with another name is found', async () => {
    const { path, sha256 } = tarball('Hello-v1.0-final');
    const { built, output } = await builds(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\n`),
    );
    expect(output).toContain("The archive holds one directory, 'Hello-v1.0-final': building there");
    expect(existsSync(join(built.prefix, 'bin/hello'))).toBe(true);
  });

  test('a wrong pkg_dirname is told, with the right one', async () => {
    const { path, sha256 } = tarball('Hello-v1.0-final');
    const record = await world.build(
      world.plan('hello', `pkg_source=${pathToFileURL(path).href}\npkg_shasum=${sha256}\npkg_dirname=hello\n`),
    );
    expect(record.result.type).toBe('failed');
    expect(record.errors).toContain('set pkg_dirname=Hello-v1.0-final');
  });

  test('a tree of the user is never changed', async () => {
    const context = world.plan('local', NOTHING, { 'ltmain.sh': 'eval sys_lib_search_path=/usr/lib\n' });
    utimesSync(join(context, 'ltmain.sh'), 1000, 1000);
    await builds(context);
    expect(readFileSync(join(context, 'ltmain.sh'), 'utf8')).toBe('eval sys_lib_search_path=/usr/lib\n');
    expect(statSync(join(context, 'ltmain.sh')).mtimeMs).toBe(1_000_000);
  });

  test('do_clean leaves alone what holds more than this build', async () => {
    const other = join(world.layout.sourceCache, 'other');
    mkdirSync(other, { recursive: true });
    for (const assignment of ['pkg_dirname=', 'pkg_dirname=.', 'pkg_dirname=../..', 'pkg_dirname=../../../zee']) {
      const { errors } = await builds(world.plan('zee', `${assignment}\n${NOTHING}`));
      expect(errors).toContain('alone: removing it would take');
      expect(existsSync(other)).toBe(true);
    }
  });
});

describe('configuration and hooks', () => {
  const files = {
    'default.toml': 'port = 1\n',
    'config/a.conf': 'a',
    'config/.hidden': 'h',
    'config/skip.bak': 's',
    'config/old~/deep/file': 'o',
    'config/deep/b.conf': 'b',
    'config_install/once': '1',
    'hooks/init': '#!/bin/sh\n',
    'hooks/health-check.sh': '#!/bin/sh\n',
  };

  test('are copied with their modes, links and odd names', async () => {
    const context = world.plan('my.app', `pkg_name=app\n${NOTHING}`, {
      ...files,
      'hooks/run': '#!/bin/sh\nexec true\n',
    });
    symlinkSync('a.conf', join(context, 'config/link'));
    symlinkSync('deep', join(context, 'config/deeplink'));
    chmodSync(join(context, 'hooks/init'), 0o777);
    const { built, read, output } = await builds(context);
    const config = readdirSync(join(built.prefix, 'config')).sort();
    expect(config).toEqual(['.hidden', 'a.conf', 'deep', 'deeplink', 'link']);
    expect(readlinkSync(join(built.prefix, 'config/link'))).toBe('a.conf');
    expect(readdirSync(join(built.prefix, 'hooks')).sort()).toEqual(['health-check', 'init', 'run']);
    expect(statSync(join(built.prefix, 'hooks/init')).mode & 0o777).toBe(0o755);
    expect(read('config_install/once')).toBe('1');
    expect(read('SVC_USER')).toBe('hab\n');
    expect(output).toContain(`Using run hook ${join(context, 'hooks/run')}`);
    expect(existsSync(join(built.prefix, 'run'))).toBe(false);
  });

  test('HAB_CONFIG_EXCLUDE replaces the usual exclusions', async () => {
    const { built } = await builds(world.plan('app', NOTHING, files), { HAB_CONFIG_EXCLUDE: '*.conf,deep' });
    expect(readdirSync(join(built.prefix, 'config')).sort()).toEqual(['.hidden', 'old~', 'skip.bak']);
  });

  test('a run hook with an extension wins over a command', async () => {
    const { built, read } = await builds(
      world.plan('app', `pkg_svc_run=x\n${NOTHING}`, { 'hooks/run.sh': '#!/bin/sh\n' }),
    );
    expect(existsSync(join(built.prefix, 'run'))).toBe(false);
    expect(read('hooks/run')).toBe('#!/bin/sh\n');
  });

  test('a run hook that the plan installs itself makes a service', async () => {
    const { read } = await builds(
      world.plan('app', 'do_build() { :; }\ndo_install() { install -D /dev/null "$pkg_prefix/hooks/run"; }\n'),
    );
    expect(read('SVC_GROUP')).toBe('hab\n');
  });

  test('the start script goes to the service, and drops root with chpst', async () => {
    const command = 'sh -c "echo run in $PWD home $HOME; echo err >&2"';
    const { built } = await builds(world.plan('app', `pkg_svc_run='${command}'\npkg_svc_user=nobody\n${NOTHING}`));
    const data = join(world.layout.hab, 'svc/app/data');
    mkdirSync(data, { recursive: true });
    const tools = world.write('tools', {
      chpst: '#!/bin/sh\necho "chpst $1 $2 $3 $4"\nshift 4\nexec "$@"\n',
      id: '#!/bin/sh\necho ${FAKE_UID}\n',
    });
    for (const tool of ['chpst', 'id']) chmodSync(join(tools, tool), 0o755);
    const run = (uid: string): string =>
      execFileSync('sh', [join(built.prefix, 'run')], {
        encoding: 'utf8',
        env: { PATH: `${tools}:${process.env['PATH'] ?? ''}`, FAKE_UID: uid },
      });
    const service = join(world.layout.hab, 'svc/app');
    expect(run('0')).toBe(`chpst -U nobody:hab -u nobody:hab\nrun in ${service} home ${data}\nerr\n`);
    expect(run('1000')).toBe(`run in ${service} home ${data}\nerr\n`);
    expect(statSync(join(built.prefix, 'run')).mode & 0o777).toBe(0o644);
  });
});

describe('what a plan sees', () => {
  test('the mark for the name is gone from every variable', async () => {
    const body = `
pkg_svc_run="serve $pkg_svc_config_path"
_mine=$pkg_svc_data_path
_list=("$pkg_svc_var_path" plain)
declare -A _map=([k]="$pkg_svc_static_path")
do_build() { printf '%s\\n' "$pkg_svc_run" "$_mine" "\${_list[@]}" "\${_map[k]}" "$pkg_svc_path" > seen; }
do_install() { cp seen "$pkg_prefix"; }
`;
    const { read } = await builds(world.plan('app', body));
    const svc = join(world.layout.hab, 'svc/app');
    expect(read('seen').split('\n')).toEqual([
      `serve ${svc}/config`,
      `${svc}/data`,
      `${svc}/var`,
      'plain',
      `${svc}/static`,
      svc,
      '',
    ]);
  });

  test('nothing private is exported, and stray variables of the caller do not become the plan', async () => {
    const body = `do_build() { env | cut -d= -f1 | sort > "$CACHE_PATH/names"; }\ndo_install() { cp "$CACHE_PATH/names" "$pkg_prefix"; }\n`;
    const { read } = await builds(world.plan('zee', body), {
      pkg_source: 'http://stray/',
      pkg_deps: 'core/stray',
      PLAN_CONTEXT: '/stray',
      SRC_PATH: '/stray',
      HAB_CACHE_SRC_PATH: '/stray',
      BUILD_PKG_TARGET: 'x86_64-linux',
      TERMINFO: '/stray',
    });
    const names = read('names').split('\n');
    expect(
      names.filter((name) =>
        /^(pkg_|SRC_PATH|CACHE_PATH|PLAN_CONTEXT|HAB_PKG|HAB_CACHE_(SRC|ART)|BUILD_PKG|TERMINFO|__hab)/.test(name),
      ),
    ).toEqual([]);
    expect(names).toContain('PREFIX');
    expect(names).toContain('HAB_BLDR_CHANNEL');
    expect(names).toContain('HAB_CACHE_KEY_PATH');
  });

  test('variables, directories, options and traps live through all callbacks', async () => {
    const body = `
do_begin() { _clean=yes; shopt -s extglob; export FOO=bar; helper() { echo "helped $1"; }; }
do_build() { rm -f !(plan.sh|keep); declare -g _later=1; }
do_install() { helper "$_clean $FOO $_later" > "$pkg_prefix/seen"; }
`;
    const { read } = await builds(world.plan('zee', `shopt -s extglob\n${body}`));
    expect(read('seen')).toBe('helped yes bar 1\n');
  });

  test('declare at the top of a plan makes variables of the plan', async () => {
    const { read } = await builds(
      world.plan(
        'zee',
        `declare -A table=([a]=b)\ndeclare word=x\ndo_build() { :; }\ndo_install() { echo "$word \${table[a]}" > "$pkg_prefix/seen"; }\n`,
      ),
    );
    expect(read('seen')).toBe('x b\n');
  });

  test('another plan that is sourced, and a callback that is dropped again', async () => {
    world.plan('base', 'pkg_description=inherited\ndo_build() { return 9; }\ndo_install() { :; }\n');
    const body = `source "$(dirname "\${BASH_SOURCE[0]}")/../base/plan.sh"\npkg_name=derived\nunset -f do_build\ndo_build() { :; }\n`;
    const { read } = await builds(world.plan('derived', body));
    expect(read('MANIFEST')).toContain('inherited');
    expect(read('IDENT')).toMatch(/^acme\/derived\/1.0\//);
  });

  test('HAB_ORIGIN wins over pkg_origin', async () => {
    const { built } = await builds(world.plan('zee', `pkg_origin=other\n${NOTHING}`), { HAB_ORIGIN: 'acme' });
    expect(built.ident.origin).toBe('acme');
  });

  test('do_X_default, as the manual calls them', async () => {
    const names = ['begin', 'before', 'download', 'verify'];
    const body = names.map((name) => `do_${name}() { do_${name}_default; echo "did ${name}"; }\n`).join('');
    const { output } = await builds(world.plan('zee', body + NOTHING));
    for (const name of names) expect(output).toContain(`did ${name}\n`);
  });

  test('a version that is found while building', async () => {
    const body = `
pkg_version=
pkg_bin_dirs=(bin)
pkg_version() { echo 3.1.4; }
do_setup_environment() { push_runtime_env GEM_PATH "$pkg_prefix/gems"; }
do_before() { update_pkg_version; }
do_build() { printf '%s\\n' "$pkg_prefix" "$pkg_dirname" "$pkg_artifact" "$PATH" > seen; }
do_install() { cp seen "$pkg_prefix/"; }
`;
    const { built, read, output } = await builds(world.plan('zee', body));
    expect(built.ident.version).toBe('3.1.4');
    expect(output).toContain("Version updated to '3.1.4'");
    const [prefix, dirname, artifact, path] = read('seen').split('\n');
    expect([prefix, dirname, artifact]).toEqual([built.prefix, 'zee-3.1.4', built.artifact]);
    expect(path?.split(':')[0]).toBe(`${built.prefix}/bin`);
    expect(read('RUNTIME_ENVIRONMENT')).toBe(`GEM_PATH=${built.prefix}/gems\nPATH=${built.prefix}/bin\n`);
    expect(readdirSync(`${world.layout.packages}/acme/zee`)).toEqual(['3.1.4']);
  });

  test('update_pkg_version stays a function that a plan may replace', async () => {
    const body = `pkg_version=dummy\nupdate_pkg_version() { pkg_version=2.5; pkg_prefix=$HAB_PKG_PATH/$pkg_origin/$pkg_name/$pkg_version/$pkg_release; }\ndo_before() { update_pkg_version; }\n${NOTHING}`;
    const { built } = await builds(world.plan('zee', body));
    expect(built.ident.version).toBe('2.5');
    expect(built.prefix).toContain('/acme/zee/2.5/');
  });

  test('helpers for the environment, with types that the plan gives', async () => {
    world.install('acme/ea/1/20200101000000', { RUNTIME_ENVIRONMENT: 'MYP=/a\nFOO=fromA\n' });
    world.install('acme/eb/1/20200101000000', { RUNTIME_ENVIRONMENT: 'MYP=/b\nFOO=fromB\n' });
    const body = `
pkg_deps=(acme/ea acme/eb)
HAB_ENV_MYP_TYPE=aggregate
HAB_ENV_MYP_SEPARATOR="|"
do_setup_environment() { push_runtime_env MYP "/mine"; set_runtime_env -f FOO forced; set_buildtime_env ONLY build; }
do_build() { echo "$MYP $FOO $ONLY" > seen; }
do_install() { cp seen "$pkg_prefix"; }
`;
    const { read, errors } = await builds(world.plan('zee', body));
    expect(read('seen')).toBe('/mine|/b|/a forced build\n');
    expect(read('RUNTIME_ENVIRONMENT')).toBe('FOO=forced\nMYP=/mine|/b|/a\n');
    expect(read('BUILDTIME_ENVIRONMENT')).toBe('ONLY=build\n');
    expect(errors).toContain('Overwriting $FOO originally set from acme/ea/1/20200101000000');
  });

  test('a helper that refuses ends the build where it was called', async () => {
    const { result, output } = await world.build(
      world.plan('zee', 'do_setup_environment() {\n  set_runtime_env A 1\n  set_runtime_env A 2\n}\n'),
    );
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_ENVIRONMENT_INVALID' }, place: { line: 6 } });
    expect(output).toContain('ERROR: Already have a value for $A, set by acme/zee/1.0/');
  });
});

describe('dependencies', () => {
  test('a dependency that needs this package is worth a warning, not an end without end', async () => {
    world.install('acme/zee/0.9/20200101000000', {
      DEPS: 'acme/greeter/1/20200101000000',
      TDEPS: 'acme/greeter/1/20200101000000',
    });
    world.install('acme/greeter/1/20200101000000', {
      DEPS: 'acme/zee/0.9/20200101000000',
      TDEPS: 'acme/zee/0.9/20200101000000',
    });
    const { errors } = await builds(world.plan('zee', `pkg_deps=(acme/greeter)\n${NOTHING}`));
    expect(errors).toContain('so acme/zee would depend on itself');
  });

  test('the newest installed release that satisfies is taken', async () => {
    for (const ident of ['core/a/1.9/20200101000000', 'core/a/1.10/20190101000000', 'core/a/1.10/20180101000000'])
      world.install(ident);
    const { read } = await builds(world.plan('zee', `pkg_deps=(core/a core/a/1.10/20190101000000)\n${NOTHING}`));
    expect(read('DEPS')).toBe('core/a/1.10/20190101000000\n');
  });

  test('an installer is asked with channel and Builder, and its answer is what is used', async () => {
    const asked: unknown[] = [];
    const dependencies = {
      install: async (ident: { origin: string; name: string }, request: object) => {
        asked.push([`${ident.origin}/${ident.name}`, request]);
        if (asked.length === 1) throw new Error('not there');
        world.install(`${ident.origin}/${ident.name}/2/20200101000000`);
        return { ...ident, version: '2', release: '20200101000000' };
      },
    };
    world.install('acme/a/3/20200101000000');
    const { read, output } = await builds(
      world.plan('zee', `pkg_build_deps=(acme/a)\npkg_deps=(core/b)\n${NOTHING}`),
      { HAB_BLDR_CHANNEL: 'dev', HAB_BLDR_URL: 'https://depot.example' },
      { builderUrl: 'https://other.example' },
      { dependencies },
    );
    const request = { builderUrl: 'https://other.example', signal: undefined };
    expect(asked).toEqual([
      ['acme/a', { ...request, channel: 'dev', ignoreLocal: false, runInstallHooks: true }],
      ['acme/a', { ...request, channel: 'stable', ignoreLocal: false, runInstallHooks: true }],
      ['core/b', { ...request, channel: 'stable', ignoreLocal: true, runInstallHooks: false }],
    ]);
    expect(output).toContain("Trying to install 'acme/a' from 'stable'");
    expect(read('BUILD_DEPS')).toBe('acme/a/2/20200101000000\n');
  });

  test('what no channel has may still be installed', async () => {
    world.install('acme/a/3/20200101000000');
    const dependencies = { install: () => Promise.reject(new Error('offline')) };
    const { read } = await builds(world.plan('zee', `pkg_deps=(acme/a)\n${NOTHING}`), {}, {}, { dependencies });
    expect(read('DEPS')).toBe('acme/a/3/20200101000000\n');
    const { output } = await world.build(world.plan('yee', 'pkg_deps=(acme/b)\n'), {}, {}, { dependencies });
    expect(output).toContain('gave none from stable: stable: offline');
  });
});

describe('scaffolding', () => {
  const scaffolding = `
scaffolding_load() {
  pkg_deps=(acme/minimal "\${pkg_deps[@]}")
  pkg_build_deps+=(acme/tool)
  declare -gA scaffolding_env
  tool=$(pkg_path_for jq)
}
do_default_build() { echo "scaffolded $tool" > "$CACHE_PATH/built"; }
do_default_install() { cp "$CACHE_PATH/built" "$pkg_prefix/"; }
do_install() { echo "a plan's own wins"; }
`;
  beforeEach(() => {
    world.install('acme/jq/1/20200101000000');
    world.install('acme/minimal/1/20200101000000');
    world.install('acme/tool/1/20200101000000');
    world.install('acme/scaffolding-x/1/20200101000000', {
      DEPS: 'acme/jq/1/20200101000000\n',
      TDEPS: 'acme/jq/1/20200101000000\n',
      'lib/scaffolding.sh': scaffolding.replace(/do_install[^\n]*\n/, ''),
    });
  });

  test('brings build dependencies, changes the plan and supplies defaults', async () => {
    const { read, output } = await builds(world.plan('app', 'pkg_scaffolding=acme/scaffolding-x\n'));
    expect(read('BUILD_DEPS')).toBe(
      'acme/scaffolding-x/1/20200101000000\nacme/jq/1/20200101000000\nacme/tool/1/20200101000000\n',
    );
    expect(read('DEPS')).toBe('acme/minimal/1/20200101000000\n');
    expect(read('built')).toBe(`scaffolded ${join(world.layout.packages, 'acme/jq/1/20200101000000')}\n`);
    expect(output).toContain('Resolving scaffolding dependencies');
    expect(output).toContain(
      `Loading Scaffolding ${join(world.layout.packages, 'acme/scaffolding-x/1/20200101000000/lib/scaffolding.sh')}`,
    );
  });

  test('the plan wins', async () => {
    const { read } = await builds(
      world.plan(
        'app',
        'pkg_scaffolding=acme/scaffolding-x\ndo_build() { do_default_build; echo more >> "$CACHE_PATH/built"; }\n',
      ),
    );
    expect(read('built')).toMatch(/^scaffolded .*\nmore\n$/);
  });

  test('that fails to load: status 17', async () => {
    const path = world.install('acme/scaffolding-y/1/20200101000000', { 'lib/scaffolding.sh': 'return 3\n' });
    const { result, output } = await world.build(world.plan('app', 'pkg_scaffolding=acme/scaffolding-y\n'));
    expect(result).toMatchObject({ status: 17, error: { code: 'BUILD_SCAFFOLDING' } });
    expect(output).toContain(`ERROR: Failed to load Scaffolding from ${path}/lib/scaffolding.sh`);
    world.install('acme/scaffolding-z/1/20200101000000');
    expect((await world.build(world.plan('app', 'pkg_scaffolding=acme/scaffolding-z\n'))).result.status).toBe(17);
  });

  test('that fails in its callback is told like a callback', async () => {
    world.install('acme/scaffolding-y/1/20200101000000', {
      'lib/scaffolding.sh': 'scaffolding_load() {\n  exit_with "no Gemfile" 5\n}\n',
    });
    const { result } = await world.build(world.plan('app', 'pkg_scaffolding=acme/scaffolding-y\n'));
    expect(result).toMatchObject({
      status: 5,
      error: { message: 'no Gemfile' },
      place: { phase: 'scaffolding_load', line: 2 },
    });
  });
});

describe('a composite', () => {
  beforeEach(() => {
    world.install('acme/web/1.0/20200101000001', { BINDS: 'database=port host\n', run: '#!/bin/sh\n' });
    world.install('acme/db/2.0/20200101000002', { EXPORTS: 'port=p\nhost=h\n', 'hooks/run': '#!/bin/sh\n' });
  });
  const head = 'pkg_type=composite\n';

  test('is metadata, signed', async () => {
    const body = `${head}pkg_services=(acme/web acme/db/2.0)\npkg_bind_map=([acme/web]="database:acme/db/2.0")\ndo_end() { echo ended; }\n`;
    const { built, read, output } = await builds(world.plan('all', body));
    expect(readdirSync(built.prefix).sort()).toEqual([
      'BIND_MAP',
      'FILES',
      'IDENT',
      'MANIFEST',
      'RESOLVED_SERVICES',
      'SERVICES',
      'TARGET',
      'TYPE',
    ]);
    expect(read('BIND_MAP')).toBe('acme/web=database:acme/db/2.0\n');
    expect(read('RESOLVED_SERVICES')).toBe('acme/db/2.0/20200101000002\nacme/web/1.0/20200101000001\n');
    expect(output).toContain(
      `Resolved service 'acme/web' to ${join(world.layout.packages, 'acme/web/1.0/20200101000001')}`,
    );
    expect(output).toContain('ended');
    expect(readdirSync(world.results)).toHaveLength(2);
  });

  test.for([
    ['pkg_services=(acme/web)', 'at least two services'],
    ['pkg_services=(acme/web acme/none)', "Resolving 'acme/none' failed"],
    ['pkg_services=(acme/web acme/db)\npkg_bind_map=([acme/web]="queue:acme/db")', "The bind 'queue' specified"],
  ] as const)('%s', async ([body, message]) => {
    const { result, output } = await world.build(world.plan('all', `${head}${body}\n`));
    expect(result.status).toBe(1);
    expect(output).toContain(message);
  });
});

describe('the finished package', () => {
  test('metafiles replace what the software put there, links too', async () => {
    const target = join(world.write('outside', { victim: 'untouched' }), 'victim');
    const body = `do_build() { :; }\ndo_install() { echo junk > "$pkg_prefix/IDENT"; ln -s ${target} "$pkg_prefix/TARGET"; ln -s ${target} "$pkg_prefix/FILES"; }\n`;
    const { read, built } = await builds(world.plan('zee', body));
    expect(read('IDENT')).toBe(`acme/zee/1.0/${built.ident.release}\n`);
    expect(read('TARGET')).toBe('x86_64-linux\n');
    expect(lstatSync(join(built.prefix, 'FILES')).isFile()).toBe(true);
    expect(readFileSync(target, 'utf8')).toBe('untouched');
  });

  test('FILES lists every regular file but itself and MANIFEST, signed', async () => {
    const install = [
      'mkdir "$pkg_prefix/b"',
      ': > "$pkg_prefix/b/z"',
      ': > "$pkg_prefix/a file"',
      'ln -s z "$pkg_prefix/b/link"',
    ];
    const body = `do_build() { :; }\ndo_install() { ${install.join('; ')}; : > "$pkg_prefix/"$'new\\nline'; }\n`;
    const { built, read, errors } = await builds(world.plan('zee', body));
    await verifyHart(join(built.prefix, 'FILES'), world.keys);
    const listed = read('FILES').split('\n').slice(5, -1);
    expect(listed.map((line) => line.slice(66).replace(`${built.prefix}/`, ''))).toEqual([
      'IDENT',
      'TARGET',
      'a file',
      'b/z',
    ]);
    const empty = '0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8';
    expect(listed[2]).toBe(`${empty}  ${built.prefix}/a file`);
    expect(errors).toContain('FILES leaves out');
  });

  test('a package that cannot be finished does not look installed', async () => {
    const { result } = await world.build(
      world.plan('zee', 'do_build() { :; }\ndo_install() { mkfifo "$pkg_prefix/pipe"; }\n'),
    );
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_OUTPUT_FAILED' } });
    const [release = ''] = readdirSync(join(world.layout.packages, 'acme/zee/1.0'));
    expect(readdirSync(join(world.layout.packages, 'acme/zee/1.0', release))).not.toContain('TARGET');
    expect(readdirSync(world.results)).toEqual(['pre_build.env']);
  });

  test('a prefix of its own must still be a place for a package', async () => {
    const { result } = await world.build(world.plan('zee', `pkg_prefix=/usr\n${NOTHING}`));
    expect(result).toMatchObject({ error: { code: 'BUILD_METADATA_INVALID', details: { variable: 'pkg_prefix' } } });
  });

  test('an output directory that cannot be made', async () => {
    const file = join(world.write('x', { file: '' }), 'file');
    const { result } = await world.build(world.plan('zee', NOTHING), { HAB_OUTPUT_PATH: join(file, 'out') });
    expect(result).toMatchObject({ error: { code: 'BUILD_OUTPUT_FAILED' } });
  });

  test('native packages say so', async () => {
    const { read, output } = await builds(world.plan('zee', NOTHING), { HAB_NATIVE_PACKAGE: 'true' });
    expect(read('PACKAGE_TYPE')).toBe('native\n');
    expect(output).toContain('Building native package');
  });

  test('stripping can be switched off', async () => {
    const body = `pkg_strip=false\ndo_build() { echo 'int main(void){return 0;}' > m.c; cc -g -o m m.c; }\ndo_install() { install m "$pkg_prefix/"; }\n`;
    const { built } = await builds(world.plan('zee', body));
    expect(execFileSync('file', ['-b', join(built.prefix, 'm')], { encoding: 'utf8' })).toContain('not stripped');
  });
});
