import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
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
    const { read } = await world.builds(world.plan('app', body));
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
    const { read } = await world.builds(world.plan('zee', body), {
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
    const { read } = await world.builds(world.plan('zee', `shopt -s extglob\n${body}`));
    expect(read('seen')).toBe('helped yes bar 1\n');
  });

  test('declare at the top of a plan makes variables of the plan', async () => {
    const { read } = await world.builds(
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
    const { read } = await world.builds(world.plan('derived', body));
    expect(read('MANIFEST')).toContain('inherited');
    expect(read('IDENT')).toMatch(/^acme\/derived\/1.0\//);
  });

  test('HAB_ORIGIN wins over pkg_origin', async () => {
    const { built } = await world.builds(world.plan('zee', `pkg_origin=other\n${NOTHING}`), { HAB_ORIGIN: 'acme' });
    expect(built.ident.origin).toBe('acme');
  });

  test('every path has a variable', async () => {
    const names = [
      ...['HAB_ROOT_PATH', 'HAB_PKG_PATH', 'HAB_CACHE_SRC_PATH', 'HAB_CACHE_ARTIFACT_PATH', 'HAB_CACHE_KEY_PATH'],
      ...[
        'PLAN_CONTEXT',
        'SRC_PATH',
        'CACHE_PATH',
        'PREFIX',
        'pkg_prefix',
        'pkg_artifact',
        'pkg_output_path',
        'pkg_dirname',
      ],
      ...['', '_data', '_files', '_var', '_config', '_config_install', '_static'].map((part) => `pkg_svc${part}_path`),
    ];
    const echo = names.map((name) => `echo "${name} is $${name}"`).join('\n');
    const body = `pkg_output_path=$PLAN_CONTEXT/elsewhere\ndo_build() {\n${echo}\n}\ndo_install() { :; }\n`;
    const context = world.plan('zee', body, { 'config/a': '' });
    const { built, output } = await world.builds(context);
    const { layout } = world;
    const service = layout.service('zee');
    const expected: Record<string, string> = {
      HAB_ROOT_PATH: layout.hab,
      HAB_PKG_PATH: layout.packages,
      HAB_CACHE_SRC_PATH: layout.sourceCache,
      HAB_CACHE_ARTIFACT_PATH: layout.artifactCache,
      HAB_CACHE_KEY_PATH: layout.keyCache,
      PLAN_CONTEXT: context,
      SRC_PATH: context,
      CACHE_PATH: join(layout.sourceCache, 'zee-1.0'),
      PREFIX: built.prefix,
      pkg_prefix: built.prefix,
      pkg_artifact: built.artifact,
      pkg_output_path: join(context, 'elsewhere'),
      pkg_dirname: 'zee-1.0',
      pkg_svc_path: service.directory,
      pkg_svc_data_path: service.data,
      pkg_svc_files_path: service.files,
      pkg_svc_var_path: service.var,
      pkg_svc_config_path: service.config,
      pkg_svc_config_install_path: service.configInstall,
      pkg_svc_static_path: service.static,
    };
    for (const name of names) expect(output).toContain(`\n${name} is ${expected[name]}\n`);
    expect(readdirSync(join(context, 'elsewhere'))).toContain('last_build.env');
  });

  test('do_X_default, as the manual calls them', async () => {
    const names = ['begin', 'before', 'download', 'verify'];
    const body = names.map((name) => `do_${name}() { do_${name}_default; echo "did ${name}"; }\n`).join('');
    const { output } = await world.builds(world.plan('zee', body + NOTHING));
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
    const { built, read, output } = await world.builds(world.plan('zee', body));
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
    const { built } = await world.builds(world.plan('zee', body));
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
    const { read, errors } = await world.builds(world.plan('zee', body));
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

  test('nothing that would change how bash reads a plan comes in from the caller', async () => {
    const intruder = join(world.write('intruder', { env: 'echo intruder; exit 7\n' }), 'env');
    const { output } = await world.builds(world.plan('zee', NOTHING), {
      BASH_ENV: intruder,
      ENV: intruder,
      SHELLOPTS: 'noexec:nounset',
      POSIXLY_CORRECT: '1',
    });
    expect(output).not.toContain('intruder');
  });

  test('DEBUG traces commands and shows debug lines', async () => {
    const { output, errors } = await world.builds(
      world.plan('zee', 'do_build() { debug "look"; }\ndo_install() { :; }\n'),
      { DEBUG: '0' },
    );
    expect(output).toContain('   zee: DEBUG: look\n');
    expect(errors).toContain('+ debug look');
  });

  test('several downloads at the same time', async () => {
    const directory = world.write('sources', { a: 'A', b: 'B', c: 'C' });
    const body = `do_download() {\n  for f in a b c; do download_file file://${directory}/$f $f & done\n  wait\n}\ndo_build() { :; }\ndo_install() { cat "$HAB_CACHE_SRC_PATH"/[abc] > "$pkg_prefix/all"; }\n`;
    const { read, output } = await world.builds(world.plan('zee', body));
    expect(read('all')).toBe('ABC');
    expect(output).toContain("Downloaded 'c'");
  });

  test('a background program that outlives the build does not hold it up', async () => {
    const body = 'do_build() { sleep 600 & echo $! > pid; }\ndo_install() { cp pid "$pkg_prefix/"; }\n';
    const { read } = await world.builds(world.plan('zee', body));
    process.kill(Number(read('pid')));
  });

  test('output of any length and kind arrives', async () => {
    const body = "do_build() { head -c 3000000 /dev/zero | tr '\\0' x; echo; printf 'ünï\\n'; }\ndo_install() { :; }\n";
    const { output } = await world.builds(world.plan('zee', body));
    expect(output).toContain('x'.repeat(3_000_000));
    expect(output).toContain('ünï\n');
  });
});
