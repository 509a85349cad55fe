import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { stillAlive } from '../src/node/process-tree.ts';
import { World } from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

/** Builds, and stops as soon as the plan prints `started`. */
async function interrupt(body: string, name: string) {
  const stop = new AbortController();
  const plan = world.plan('zee', body);
  mkdirSync(world.results, { recursive: true });
  writeFileSync(join(world.results, 'last_build.env'), 'pkg_name=earlier\n');
  let [output, errors] = ['', ''];
  const { result } = await world.build(
    plan,
    {},
    {
      signal: stop.signal,
      stdio: {
        output: (chunk) => {
          output += new TextDecoder().decode(chunk);
          if (output.includes('started')) stop.abort(new DOMException(name, 'AbortError'));
        },
        errors: (chunk) => {
          errors += new TextDecoder().decode(chunk);
        },
      },
    },
  );
  expect(readFileSync(join(world.results, 'last_build.env'), 'utf8')).toBe('pkg_name=earlier\n');
  return { result, output, errors };
}

test.for([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('%s while a command runs: %i, and the plan may clean up', async ([name, status]) => {
  const { result, output } = await interrupt(
    'do_build() {\n  echo $BASHPID >pid\n  sleep 600 & echo $! >child\n  echo started\n  sleep 600\n}\ndo_after_failure() { echo "cleaning"; }\n',
    name,
  );
  expect(result).toMatchObject({
    type: 'failed',
    status,
    error: { code: 'BUILD_INTERRUPTED', details: { signal: name } },
  });
  expect(output).toContain(`   zee: Interrupted by ${name}\n`);
  expect(output).toContain(`${world.results} has the results of earlier builds\n`);
  expect(output).toContain(`To build again from the start: hab-plan-build ${join(world.root, 'zee')}\n`);
  expect(output).toContain('cleaning');
  expect(existsSync(join(world.layout.packages, 'acme'))).toBe(false);
  const child = Number(readFileSync(join(world.root, 'zee/child'), 'utf8'));
  await expect.poll(() => stillAlive([child])).toEqual([]);
});

test('while the plan is read', async () => {
  const { result } = await interrupt('echo started\nsleep 600\n', 'SIGINT');
  expect(result).toMatchObject({ status: 130, error: { code: 'BUILD_INTERRUPTED' } });
});

test('a program in the background that shrugs signals off', async () => {
  const { result } = await interrupt(
    `do_build() {\n  bash -c 'trap "" INT TERM; echo $$ >child; echo started; exec >&- 2>&-; sleep 600' &\n  wait\n}\n`,
    'SIGINT',
  );
  expect(result).toMatchObject({ status: 130 });
  const child = Number(readFileSync(join(world.root, 'zee/child'), 'utf8'));
  await expect.poll(() => stillAlive([child])).toEqual([]);
});

test('while a download waits for its server', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const { result } = await interrupt(
    `pkg_source=http://127.0.0.1:${port}/a.tar.gz\ndo_download() { echo started; do_default_download; }\n`,
    'SIGTERM',
  );
  server.closeAllConnections();
  server.close();
  expect(result).toMatchObject({ status: 143, error: { code: 'BUILD_INTERRUPTED' } });
  expect(existsSync(join(world.layout.sourceCache, 'a.tar.gz'))).toBe(false);
});

test('a signal that only bash gets, as from a terminal', async () => {
  const { result } = await world.build(world.plan('zee', 'do_build() { kill -INT $$; sleep 5; }\n'));
  expect(result).toMatchObject({ status: 130, error: { code: 'BUILD_INTERRUPTED', details: { signal: 'SIGINT' } } });
});

test('while the package is written down: it does not look installed', async () => {
  const stop = new AbortController();
  const onProgress = (event: { type: string; phase?: string }): void => {
    if (event.phase === 'do_after') stop.abort(new DOMException('SIGINT', 'AbortError'));
  };
  const body = 'do_build() { :; }\ndo_install() { :; }\n';
  const { result } = await world.build(world.plan('zee', body), {}, { signal: stop.signal, onProgress });
  expect(result).toMatchObject({ status: 130, error: { code: 'BUILD_INTERRUPTED' } });
  expect(await world.store.list()).toEqual([]);
});

test('a build that is not wanted any more before it begins', async () => {
  const signal = AbortSignal.abort(new Error('no'));
  await expect(world.build(world.plan('zee', ''), {}, { signal })).rejects.toThrow('no');
});
