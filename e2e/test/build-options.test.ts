import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { Root } from './harness.ts';

const PLAN = `pkg_name=note
pkg_origin=example
pkg_version=1.0
do_build() { return 0; }
do_install() { echo note > "$pkg_prefix/note"; }
`;

function planFolder(text: string = PLAN): string {
  const path = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  chmodSync(path, 0o777);
  writeFileSync(join(path, 'plan.sh'), text);
  return path;
}

async function keyed(): Promise<Root> {
  const root = new Root();
  await root.ok(['origin', 'key', 'generate', 'example']);
  return root;
}

test('--release says which release is built, and the same bytes come out each time', async () => {
  await using root = await keyed();
  const plan = planFolder();
  const words = ['pkg', 'build', plan, '--release', '20260102030405'];
  await root.ok(words, { cwd: plan });
  const artifact = join(plan, 'results/example-note-1.0-20260102030405-x86_64-linux.hart');
  const first = readFileSync(artifact);
  await root.ok(words, { cwd: plan });
  expect(readFileSync(artifact).equals(first)).toBe(true);
  for (const bad of ['2026', '20260231000000', 'now']) {
    const refused = await root.hab(['pkg', 'build', plan, '--release', bad]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('YYYYMMDDhhmmss') });
  }
});

test('cli.toml says whose package it is where the environment does not; folders that are not there are no folders', async () => {
  await using root = await keyed();
  await root.ok(['origin', 'key', 'generate', 'stored']);
  await root.ok(['origin', 'key', 'generate', 'given']);
  const { HOME: home } = root.env;
  const config = home === undefined ? root.path('etc') : join(home, '.hab/etc');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'cli.toml'), 'origin = "stored"\n');
  const plan = planFolder();
  await root.ok(['pkg', 'build', plan, '--release', '20260101000000'], { cwd: plan });
  expect(readdirSync(root.path('pkgs'))).toEqual(['stored']);
  const env = { HAB_ORIGIN: 'given' };
  await root.ok(['pkg', 'build', plan, '--release', '20260101000000'], { cwd: plan, env });
  expect(readdirSync(root.path('pkgs')).sort()).toEqual(['given', 'stored']);
  const refused = await root.hab(['pkg', 'build', plan, '--artifacts', 'nowhere'], { cwd: plan });
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--artifacts nowhere: there is no such') });
});

test('--lock keeps dependencies at their releases', async () => {
  await using root = await keyed();
  const plan = planFolder();
  const upper = planFolder(`${PLAN.replace('pkg_name=note', 'pkg_name=book')}pkg_deps=(example/note)\n`);
  const lock = join(upper, 'releases.lock');
  const build = async (release: string): Promise<string> => {
    await root.ok(['pkg', 'build', upper, '--lock', lock, '--release', release], { cwd: upper });
    return readFileSync(root.path('pkgs/example/book/1.0', release, 'DEPS'), 'utf8');
  };
  await root.ok(['pkg', 'build', plan, '--release', '20260101000000'], { cwd: plan });
  const first = await build('20260102000000');
  await root.ok(['pkg', 'build', plan, '--release', '20260103000000'], { cwd: plan });
  expect(first).toBe('example/note/1.0/20260101000000\n');
  expect(await build('20260104000000')).toBe(first);
  writeFileSync(lock, 'nonsense\n');
  const broken = await root.hab(['pkg', 'build', upper, '--lock', lock], { cwd: upper });
  expect(broken.code).toBe(1);
  expect(broken.stdout + broken.stderr).toContain(lock);
});

test('--log keeps the output, -N marks the package, and a failure outside a terminal opens no shell', async () => {
  await using root = await keyed();
  const plan = planFolder();
  await root.ok(['pkg', 'build', plan, '--log', '-N', '--release', '20260101000000'], { cwd: plan });
  const [log = ''] = readdirSync(join(plan, 'results/logs'));
  expect(readFileSync(join(plan, 'results/logs', log), 'utf8')).toContain('note: Plan loaded');
  const file = root.path('pkgs/example/note/1.0/20260101000000/PACKAGE_TYPE');
  expect(readFileSync(file, 'utf8')).toBe('native\n');
  const failing = planFolder(PLAN.replace('return 0', 'return 3'));
  const failed = await root.hab(['pkg', 'build', failing, '--on-failure', 'shell'], { cwd: failing });
  expect(failed.code).toBe(3);
  expect(await root.hab(['pkg', 'build', failing, '--on-failure', 'dance'])).toMatchObject({ code: 2 });
});

test('every origin after -k must have its key, however the names are joined', async () => {
  await using root = await keyed();
  await root.ok(['origin', 'key', 'generate', 'second']);
  const plan = planFolder();
  for (const keys of [
    ['-k', 'example,second'],
    ['-k', 'example second'],
    ['-k', 'example', '-k', 'second'],
  ]) {
    await root.ok(['pkg', 'build', plan, ...keys], { cwd: plan });
  }
  const missing = await root.hab(['pkg', 'build', plan, '-k', 'example,third'], { cwd: plan });
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('third') });
});

test('flags of the Studio say that they arrive with it', async () => {
  await using root = new Root();
  for (const flags of [['-R'], ['-D'], ['-w'], ['-r', '/studio']]) {
    const refused = await root.hab(['pkg', 'build', '.', ...flags]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('arrives with the Studio') });
  }
  const help = await root.ok(['pkg', 'build', '--help']);
  for (const flag of ['--release', '--lock', '--on-failure', '--log', '--native-package', '--refresh-channel']) {
    expect(help.stdout).toContain(flag);
  }
});

test('--json tells programs how the build ended, and nothing else on standard output', async () => {
  await using root = await keyed();
  const plan = planFolder();
  const built = await root.ok(['pkg', 'build', plan, '--json', '--release', '20260102030405'], { cwd: plan });
  expect(JSON.parse(built.stdout)).toMatchObject({
    type: 'built',
    status: 0,
    ident: 'example/note/1.0/20260102030405',
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(built.stderr).toContain('note: Plan loaded');
  const failing = planFolder(PLAN.replace('return 0', 'return 3'));
  const failed = await root.hab(['pkg', 'build', failing, '--json'], { cwd: failing });
  expect(failed.code).toBe(3);
  expect(JSON.parse(failed.stdout)).toMatchObject({
    type: 'failed',
    code: 'BUILD_PHASE_FAILED',
    phase: 'do_build',
    place: { phase: 'do_build', file: join(failing, 'plan.sh'), line: 4 },
  });
  const lost = planFolder(`${PLAN}pkg_deps=(example/none)\n`);
  const unresolved = await root.hab(['pkg', 'build', lost, '--json'], { cwd: lost });
  expect(JSON.parse(unresolved.stdout)).toMatchObject({ status: 1, phase: 'dependencies' });
  const report = JSON.parse(readFileSync(join(lost, 'results/failed_build.json'), 'utf8'));
  expect(report).toMatchObject({ result: { phase: 'dependencies' } });
});

test('-s says what the context is relative to; -f is the channel of core packages', async () => {
  await using root = await keyed();
  const plan = planFolder();
  const elsewhere = planFolder();
  await root.ok(['pkg', 'build', '-s', dirname(plan), basename(plan)], { cwd: elsewhere });
  const built = readFileSync(join(elsewhere, 'results/last_build.env'), 'utf8');
  expect(built).toContain('pkg_name=note\n');
  const needy = planFolder(`${PLAN}pkg_deps=(core/none)\n`);
  const refused = await root.hab(['pkg', 'build', needy, '-f', 'nightly'], { cwd: needy });
  expect(refused.code).toBe(1);
  expect(refused.stdout).toContain("Resolving 'core/none' failed, should this be built first?");
  expect(refused.stdout).toContain('nightly');
});
