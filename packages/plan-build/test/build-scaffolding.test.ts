import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
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
    const { read, output } = await world.builds(world.plan('app', 'pkg_scaffolding=acme/scaffolding-x\n'));
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
    const { read } = await world.builds(
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
    const { built, read, output } = await world.builds(world.plan('all', body));
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
    expect(readdirSync(world.results)).toHaveLength(3);
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
