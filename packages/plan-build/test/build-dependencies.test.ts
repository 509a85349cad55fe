import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NOTHING, World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
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
    const { errors } = await world.builds(world.plan('zee', `pkg_deps=(acme/greeter)\n${NOTHING}`));
    expect(errors).toContain('so acme/zee would depend on itself');
  });

  test('a package that lists itself before it was ever built is told so', async () => {
    const { result, output } = await world.build(world.plan('zee', `pkg_deps=(acme/zee)\n${NOTHING}`));
    expect(result.status).toBe(1);
    expect(output).toContain('acme/zee would need itself, and no release of it is there yet');
  });

  test('the newest installed release that satisfies is taken', async () => {
    for (const ident of ['core/a/1.9/20200101000000', 'core/a/1.10/20190101000000', 'core/a/1.10/20180101000000'])
      world.install(ident);
    const { read } = await world.builds(world.plan('zee', `pkg_deps=(core/a core/a/1.10/20190101000000)\n${NOTHING}`));
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
    const { read, output } = await world.builds(
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
    const { read } = await world.builds(world.plan('zee', `pkg_deps=(acme/a)\n${NOTHING}`), {}, {}, { dependencies });
    expect(read('DEPS')).toBe('acme/a/3/20200101000000\n');
    const { output } = await world.build(world.plan('yee', 'pkg_deps=(acme/b)\n'), {}, {}, { dependencies });
    expect(output).toContain('could not be had from stable (https://bldr.habitat.sh): offline');
  });
});
