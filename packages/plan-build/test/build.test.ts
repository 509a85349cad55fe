import { execFileSync } from 'node:child_process';
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '@hab/core';
import { FakeClock } from '@hab/core/testing';
import { listHart, verifyHart } from '@hab/hart/node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

describe('an ordinary build', () => {
  test('calls back in order, each in its directory', async () => {
    const names =
      'begin setup_environment before download verify clean unpack prepare build check install build_config build_service strip after end after_success after_failure';
    const callbacks = names.split(' ').map((name) => `do_${name}() { echo "CALL do_${name} $PWD"; }\n`);
    const context = world.plan('zee', callbacks.join(''));
    const { output, built } = await world.builds(context, { DO_CHECK: '1' });
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
      'dependencies',
      'do_setup_environment',
    ]);
  });

  test('ends with the summary', async () => {
    const { output, built } = await world.builds(world.plan('zee', NOTHING));
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
    const { built } = await world.builds(world.plan('zee', NOTHING));
    expect(readdirSync(world.results).sort()).toEqual([
      `acme-zee-1.0-${built.ident.release}-x86_64-linux.hart`,
      'last_build.env',
      'last_build.json',
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
    // Only root gives files away; everybody else owns the plan and what comes of it.
    const { geteuid = () => 0, getegid = () => 0 } = process;
    const owner = geteuid() === 0 ? [12345, 54321] : [geteuid(), getegid()];
    execFileSync('chown', [owner.join(':'), join(context, 'plan.sh')]);
    const { built } = await world.builds(context);
    for (const path of [world.results, built.result, join(world.results, 'last_build.env')]) {
      expect([statSync(path).uid, statSync(path).gid]).toEqual(owner);
    }
  });

  test('in a directory with a name that needs care', async () => {
    const context = world.write("it's a $(plan) & more", {
      'plan.sh': `pkg_name=zee\npkg_origin=acme\npkg_version=1\n${NOTHING}`,
      'config/a b.conf': 'x',
    });
    const { read } = await world.builds(context);
    expect(read('config/a b.conf')).toBe('x');
  });

  test('gives the same bytes at the same time, whatever the tree was like before', async () => {
    const body =
      'do_build() { :; }\ndo_install() { mkdir -p "$pkg_prefix/a/b"; echo hi > "$pkg_prefix/a/b/c"; ln -s c "$pkg_prefix/a/b/d"; }\n';
    const clock: Clock = new FakeClock(Date.UTC(2026, 10, 21, 11, 50, 58));
    const one = await world.builds(world.plan('zee', body), {}, {}, { clock });
    const first = readFileSync(one.built.result);
    execFileSync('rm', ['-rf', one.built.prefix]);
    const two = await world.builds(join(world.root, 'zee'), {}, {}, { clock });
    expect(readFileSync(two.built.result).equals(first)).toBe(true);
    const times = new Set((await listHart(two.built.artifact)).map(({ mtimeSec }) => mtimeSec));
    expect(times).toEqual(new Set([Date.UTC(2026, 10, 21, 11, 50, 58) / 1000]));
    execFileSync('rm', ['-rf', one.built.prefix]);
    const three = await world.builds(join(world.root, 'zee'), { SOURCE_DATE_EPOCH: '1500000000' }, {}, { clock });
    expect((await listHart(three.built.artifact))[0]?.mtimeSec).toBe(1_500_000_000);
  });

  test('stays a success when the callback for it is broken', async () => {
    const { output } = await world.builds(
      world.plan(
        'zee',
        `${NOTHING}do_after_success() { echo "in success"; false; }\ndo_after_failure() { echo "in failure"; }\n`,
      ),
    );
    expect(output).toContain("'do_after_success' callback failed; overall build is successful, though");
    expect(output).not.toContain('in failure');
    expect(output).toContain('I love it when a plan.sh comes together.');
  });

  test('that fails in its last callback has a package, and a status that says so', async () => {
    const { result } = await world.build(world.plan('zee', `${NOTHING}do_end() { return 6; }\n`));
    expect(result).toMatchObject({ type: 'failed', status: 6, place: { phase: 'do_end' } });
    expect(readdirSync(world.results).sort().at(-1)).toBe('last_build.env');
    expect(await world.store.list()).toHaveLength(1);
  });

  test('says when HAB_ROOT_PATH is not where it works', async () => {
    const { output } = await world.builds(world.plan('zee', NOTHING), { HAB_ROOT_PATH: '/elsewhere' });
    expect(output).toContain('HAB_ROOT_PATH=/elsewhere is not the tree of this program');
  });

  test('tells programs how it goes', async () => {
    const events: string[] = [];
    await world.builds(world.plan('zee', NOTHING), {}, { onProgress: (event) => events.push(event.type) });
    expect(events).toContain('build:phase');
  });
});

describe('the finished package', () => {
  test('metafiles replace what the software put there, links too', async () => {
    const target = join(world.write('outside', { victim: 'untouched' }), 'victim');
    const body = `do_build() { :; }\ndo_install() { echo junk > "$pkg_prefix/IDENT"; ln -s ${target} "$pkg_prefix/TARGET"; ln -s ${target} "$pkg_prefix/FILES"; }\n`;
    const { read, built } = await world.builds(world.plan('zee', body));
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
    const { built, read, errors } = await world.builds(world.plan('zee', body));
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

  test('names that are no UTF-8 are packed as they are, and the rest is stripped and listed as ever', async () => {
    const body = `
do_build() { :; }
do_install() {
  mkdir "$pkg_prefix/"$'d\\xe9'
  : > "$pkg_prefix/"$'d\\xe9/f'
  : > "$pkg_prefix/"$'f\\xe9'
  printf 'int main(void) { return 0; }' | gcc -x c - -o "$pkg_prefix/tool"
}
`;
    const { built, read, errors } = await world.builds(world.plan('zee', body));
    expect(errors).toContain('FILES leaves out');
    expect(read('FILES')).toContain(`${built.prefix}/tool\n`);
    const kind = execFileSync('file', ['-b', join(built.prefix, 'tool')], { encoding: 'utf8' });
    expect(kind).toMatch(/, stripped\n$/);
    const list = `tail -n +6 '${built.result}' | xz -dc | tar tf - --quoting-style=escape`;
    const members = execFileSync('bash', ['-c', list], { encoding: 'utf8' }).split('\n');
    expect(members.filter((name) => name.includes('\\351')).map((name) => name.split(/[/]1[.]0[/]\d+[/]/)[1])).toEqual([
      'd\\351/',
      'd\\351/f',
      'f\\351',
    ]);
  });

  test('a package that cannot be finished does not look installed', async () => {
    const { result } = await world.build(
      world.plan('zee', 'do_build() { :; }\ndo_install() { mkfifo "$pkg_prefix/pipe"; }\n'),
    );
    expect(result).toMatchObject({ status: 1, error: { code: 'BUILD_OUTPUT_FAILED' } });
    const [release = ''] = readdirSync(join(world.layout.packages, 'acme/zee/1.0'));
    expect(readdirSync(join(world.layout.packages, 'acme/zee/1.0', release))).not.toContain('TARGET');
    expect(readdirSync(world.results)).toEqual(['failed_build.json', 'pre_build.env']);
  });

  test('a prefix of its own must still be a place for a package', async () => {
    const { result } = await world.build(world.plan('zee', `pkg_prefix=/usr\n${NOTHING}`));
    expect(result).toMatchObject({ error: { code: 'BUILD_METADATA_INVALID', details: { variable: 'pkg_prefix' } } });
  });

  test('a cache that cannot be made', async () => {
    world.write('hab', { cache: 'a file' });
    const { result, output } = await world.build(world.plan('zee', NOTHING));
    expect(result).toMatchObject({ type: 'failed', status: 1, error: { code: 'BUILD_OUTPUT_FAILED' } });
    expect(output).toContain('ERROR: The build cannot go on: ENOTDIR');
  });

  test('an output directory that cannot be made', async () => {
    const file = join(world.write('x', { file: '' }), 'file');
    const { result } = await world.build(world.plan('zee', NOTHING), { HAB_OUTPUT_PATH: join(file, 'out') });
    expect(result).toMatchObject({ error: { code: 'BUILD_OUTPUT_FAILED' } });
  });

  test('is for the target that the caller chose, or that the environment names', async () => {
    const target = 'aarch64-linux';
    const plan =
      'pkg_name=zee\npkg_origin=acme\npkg_version=1\ndo_build() { echo "for $pkg_target"; }\ndo_install() { :; }\n';
    const context = world.write('zee', { [`${target}/plan.sh`]: plan, 'x86_64-linux/plan.sh': 'false\n' });
    const { built, output, read } = await world.builds(context, {}, { target });
    expect(output).toContain('for aarch64-linux\n');
    expect(read('TARGET')).toBe('aarch64-linux\n');
    expect(built.result).toMatch(/-aarch64-linux\.hart$/);
    expect(readFileSync(join(world.results, 'last_build.env'), 'utf8')).toContain('pkg_target=aarch64-linux\n');
    const named = await world.builds(context, { BUILD_PKG_TARGET: target }, { target: undefined });
    expect(named.built.target).toBe(target);
    expect(named.output).toContain("Setting pkg_target='aarch64-linux' from $BUILD_PKG_TARGET");
  });

  test('native packages say so', async () => {
    const { read, output } = await world.builds(world.plan('zee', NOTHING), { HAB_NATIVE_PACKAGE: 'true' });
    expect(read('PACKAGE_TYPE')).toBe('native\n');
    expect(output).toContain('Building native package');
  });

  test('stripping can be switched off', async () => {
    const body = `pkg_strip=false\ndo_build() { echo 'int main(void){return 0;}' > m.c; cc -g -o m m.c; }\ndo_install() { install m "$pkg_prefix/"; }\n`;
    const { built } = await world.builds(world.plan('zee', body));
    expect(execFileSync('file', ['-b', join(built.prefix, 'm')], { encoding: 'utf8' })).toContain('not stripped');
  });
});
