import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
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

const report = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(world.results, name), 'utf8')) as Record<string, unknown>; // written by the build

describe('the report for programs', () => {
  test('what was built, out of what, and how long each step took', async () => {
    world.install('core/lib/1/20190115002733');
    const body = `pkg_deps=(core/lib)\n${NOTHING}`;
    const { built } = await world.builds(world.plan('zee', body));
    const { phases, ...rest } = report('last_build.json');
    expect(rest).toMatchObject({
      version: 1,
      ident: `acme/zee/1.0/${built.ident.release}`,
      target: 'x86_64-linux',
      started: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      durationMs: expect.any(Number),
      result: {
        type: 'built',
        sha256: built.sha256,
        blake2b: built.blake2b,
        artifact: `acme-zee-1.0-${built.ident.release}-x86_64-linux.hart`,
      },
      dependencies: [
        { kind: 'dependency', wanted: 'core/lib', ident: 'core/lib/1/20190115002733', from: 'already installed' },
      ],
    });
    const names = (phases as { phase: string; durationMs: number }[]).map(({ phase }) => phase);
    expect(names.slice(0, 4)).toEqual(['do_begin', 'dependencies', 'do_setup_environment', 'do_before']);
    expect(names.slice(-2)).toEqual(['artifact', 'do_end']);
    for (const { durationMs } of phases as { durationMs: number }[]) expect(durationMs).toBeGreaterThanOrEqual(0);
  });

  test('why a build failed, until the next one succeeds', async () => {
    const plan = world.plan('zee', 'do_build() {\n  false\n}\n');
    await world.build(plan);
    expect(report('failed_build.json')).toMatchObject({
      result: {
        type: 'failed',
        status: 1,
        code: 'BUILD_PHASE_FAILED',
        place: { phase: 'do_build', file: join(plan, 'plan.sh'), line: 5, command: 'false' },
      },
      phases: expect.arrayContaining([{ phase: 'do_build', durationMs: expect.any(Number) }]),
    });
    expect(existsSync(join(world.results, 'last_build.json'))).toBe(false);
    await world.builds(world.plan('zee', NOTHING));
    expect(existsSync(join(world.results, 'failed_build.json'))).toBe(false);
  });

  test('a plan that ends its own build did not build anything', async () => {
    await world.build(world.plan('zee', 'do_build() {\n  exit 0\n}\n'));
    expect(report('failed_build.json')).toMatchObject({
      result: { type: 'stopped', place: { phase: 'do_build', line: 5, command: 'exit 0' } },
    });
  });

  test('is there for everybody to read, whatever the umask', async () => {
    const before = process.umask(0o077);
    try {
      await world.builds(world.plan('zee', NOTHING));
    } finally {
      process.umask(before);
    }
    for (const name of readdirSync(world.results)) {
      expect([name, statSync(join(world.results, name)).mode & 0o777]).toEqual([name, 0o644]);
    }
  });
});

describe('the log', () => {
  const onlyLog = (directory: string): string => {
    const [name = '', more] = readdirSync(directory);
    expect(more).toBeUndefined();
    expect(name).toMatch(/^(zee|unknown)\.\d{4}-\d\d-\d\d-\d{6}\.log$/);
    return readFileSync(join(directory, name), 'utf8');
  };

  test('has everything that was printed, on both streams', async () => {
    const body = 'do_build() { echo to output; echo to errors >&2; }\ndo_install() { :; }\n';
    const { output, errors } = await world.builds(world.plan('zee', body), {}, { log: true });
    expect(output).toContain('to output');
    expect(errors).toContain('to errors');
    const log = onlyLog(join(world.results, 'logs'));
    for (const line of `${output}${errors}`.split('\n')) expect(log).toContain(line);
    expect(log).toMatch(/^ {3}: Loading /);
    expect(output).toContain(`Build Log: ${join(world.results, 'logs')}/zee.`);
  });

  test('goes where LOGDIR says; a plan that cannot be read has one, too', async () => {
    const LOGDIR = join(world.root, 'elsewhere');
    await world.build(world.plan('zee', 'pkg_name=\nreturn 3\n'), { LOGDIR }, { log: true });
    expect(onlyLog(LOGDIR)).toContain('Failed to load Plan');
  });

  test('that cannot be written is worth a warning', async () => {
    mkdirSync(world.results);
    writeFileSync(join(world.results, 'logs'), '');
    const { errors } = await world.builds(world.plan('zee', NOTHING), {}, { log: true });
    expect(errors).toContain('WARN: No log of this build: ');
  });

  test('keeps the order of two streams that end in one place', async () => {
    const body = 'do_build() { for i in {1..50}; do echo "line $i"; echo "LINE $i" >&2; done; }\ndo_install() { :; }\n';
    await world.builds(world.plan('zee', body), {}, { log: true, stdio: { output: 'ignore', errors: 'ignore' } });
    expect(onlyLog(join(world.results, 'logs'))).toContain('line 50\n');
  });
});

test('record keeps a copy of what a command of a plan prints', async () => {
  const body =
    'do_build() {\n  record "$PLAN_CONTEXT" sh -c "echo recorded; exit 4" || echo "status $?"\n  record || echo "usage $?"\n}\ndo_install() { :; }\n';
  const { output, errors } = await world.builds(world.plan('zee', body));
  expect(output).toContain('recorded\nstatus 4\nusage 1\n');
  expect(errors).toContain('Use: record SESSION [COMMAND...]');
  const [name = ''] = readdirSync(join(world.results, 'logs'));
  expect(name).toMatch(/^zee\.\d{4}-\d\d-\d\d-\d{6}\.log$/);
  expect(readFileSync(join(world.results, 'logs', name), 'utf8')).toBe('recorded\n');
});
