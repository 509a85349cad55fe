import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync } from 'node:fs';
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
    const { built, read, output } = await world.builds(context);
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
    const { built } = await world.builds(world.plan('app', NOTHING, files), { HAB_CONFIG_EXCLUDE: '*.conf,deep' });
    expect(readdirSync(join(built.prefix, 'config')).sort()).toEqual(['.hidden', 'old~', 'skip.bak']);
  });

  test('a run hook with an extension wins over a command', async () => {
    const { built, read } = await world.builds(
      world.plan('app', `pkg_svc_run=x\n${NOTHING}`, { 'hooks/run.sh': '#!/bin/sh\n' }),
    );
    expect(existsSync(join(built.prefix, 'run'))).toBe(false);
    expect(read('hooks/run')).toBe('#!/bin/sh\n');
  });

  test('a run hook that the plan installs itself makes a service', async () => {
    const { read } = await world.builds(
      world.plan('app', 'do_build() { :; }\ndo_install() { install -D /dev/null "$pkg_prefix/hooks/run"; }\n'),
    );
    expect(read('SVC_GROUP')).toBe('hab\n');
  });

  test('the start script goes to the service, and drops root with chpst', async () => {
    const command = 'sh -c "echo run in $PWD home $HOME; echo err >&2"';
    const { built } = await world.builds(
      world.plan('app', `pkg_svc_run='${command}'\npkg_svc_user=nobody\n${NOTHING}`),
    );
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
