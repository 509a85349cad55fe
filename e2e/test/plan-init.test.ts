import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { type CommandResult, habProgram, Root, run } from './harness.ts';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'hab-init-'));
const init = (cwd: string, args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> =>
  run(habProgram, ['plan', 'init', ...args], { cwd, env: { HAB_ORIGIN: 'acme', ...env } });
const read = (...parts: readonly string[]): string => readFileSync(join(...parts), 'utf8');
const findings = async (folder: string): Promise<unknown> => {
  const { code, stdout } = await run(habProgram, ['plan', 'lint', folder, '--json']);
  return [code, JSON.parse(stdout)];
};
const EMPTY = [0, []];

test('in habitat/, named after the folder', async () => {
  const folder = join(fresh(), 'my-shop');
  mkdirSync(folder);
  const { code, stdout, stderr } = await init(folder, ['-s', 'none']);
  expect([code, stderr]).toEqual([0, '']);
  expect(readdirSync(join(folder, 'habitat')).sort()).toEqual([
    'README.md',
    'config',
    'default.toml',
    'hooks',
    'plan.sh',
  ]);
  expect(stdout).toMatch(
    /^» Constructing a cozy habitat for your app\.\.\.\n\nΩ Creating file: habitat\/plan\.sh\n {2}The plan /,
  );
  expect(stdout).toContain('Ω Creating directory: habitat/hooks/\n');
  expect(stdout).toMatch(/★ An abode for your code is initialized!\n$/);
  expect(read(folder, 'habitat/plan.sh')).toContain('\npkg_name=my-shop\n');
  expect(await findings(folder)).toEqual(EMPTY);
});

test.each([
  [[]],
  [['--min']],
  [['--min', '--with-docs']],
  [['--with-all', '--min']],
  [['--windows']],
  [['-s', 'acme/own']],
])('what comes of %o is without blemish', async (words) => {
  const folder = fresh();
  await init(folder, ['thing', ...words]);
  expect(await findings(join(folder, 'thing'))).toEqual(EMPTY);
  const { stdout } = await run(habProgram, ['plan', 'read', 'thing', '--json'], { cwd: folder });
  expect(JSON.parse(stdout)).toMatchObject({ settings: { pkg_name: 'thing', pkg_version: '0.1.0' }, unknown: {} });
});

test('the example of the documents', async () => {
  const folder = fresh();
  const given = {
    pkg_svc_user: 'someuser',
    pkg_deps: '(core/make core/coreutils)',
    pkg_license: "('MIT' 'Apache-2.0')",
    pkg_bin_dirs: '(bin sbin)',
    pkg_version: '1.0.0',
    pkg_description: 'foo',
    pkg_maintainer: 'you',
  };
  await init(folder, ['yourplan'], given);
  const lines = read(folder, 'yourplan/plan.sh').split('\n');
  for (const line of [
    'pkg_svc_user="someuser"',
    'pkg_deps=(core/make core/coreutils)',
    "pkg_license=('MIT' 'Apache-2.0')",
    'pkg_bin_dirs=(bin sbin)',
    'pkg_version="1.0.0"',
    'pkg_description="foo"',
    'pkg_maintainer="you"',
  ])
    expect(lines).toContain(line);
  expect(await findings(join(folder, 'yourplan'))).toEqual(EMPTY);
});

test('--windows writes PowerShell, beside what is there', async () => {
  const folder = fresh();
  await init(folder, ['thing']);
  const { stdout } = await init(folder, ['thing', '--windows', '-o', 'other']);
  expect(stdout).toContain('Creating file: thing/plan.ps1');
  expect(stdout).toContain('Using existing file: thing/default.toml');
  expect(stdout).toContain('Using existing directory: thing/config/');
  const plan = read(folder, 'thing/plan.ps1');
  expect(plan).toContain('\n$pkg_origin="other"\n');
  expect(plan).toContain('\nfunction Invoke-Check { }\n');
  const alone = fresh();
  await init(alone, ['own', '--windows', '-o', 'other', '-s', 'none']);
  expect(readdirSync(join(alone, 'own'))).toContain('plan.ps1');
  expect(await findings(join(alone, 'own'))).toEqual(EMPTY);
});

test('the scaffolding: asked for, found, or none', async () => {
  const folder = fresh();
  const scaffolding = (name: string): string | undefined =>
    /^pkg_scaffolding=(.*)$/m.exec(read(folder, name, 'plan.sh'))?.[1];
  expect((await init(folder, ['a', '-s', 'Go'])).stdout).toContain("Using Go Scaffolding 'core/scaffolding-go'");
  expect((await init(folder, ['b', '-s', 'acme/own'])).stdout).toContain("Using custom Scaffolding: 'acme/own'");
  expect((await init(folder, ['c'])).stderr).toContain('Unable to determine the type of app in your current directory');
  writeFileSync(join(folder, 'package.json'), '{}');
  const found = await init(folder, ['d']);
  expect(found.stdout).toMatch(
    /» Attempting autodiscovery \n» We've detected a Node\.js codebase\n→ Using Scaffolding package: 'core\/scaffolding-node'/,
  );
  await init(folder, ['e', '-s', 'none']);
  await init(folder, ['f', '--windows']);
  expect(['a', 'b', 'c', 'd', 'e'].map(scaffolding)).toEqual([
    '"core/scaffolding-go"',
    '"acme/own"',
    undefined,
    '"core/scaffolding-node"',
    undefined,
  ]);
  expect(read(folder, 'f/plan.ps1')).toContain('# $pkg_scaffolding=');
});

test('names and origins that cannot be are told before anything is written', async () => {
  const folder = fresh();
  const refused = async (args: readonly string[], env: Record<string, string>, text: string): Promise<void> => {
    const { code, stderr } = await init(folder, args, env);
    expect(stderr).toContain(text);
    expect([code, readdirSync(folder)]).toEqual([text.includes('No origin') ? 1 : 2, []]);
  };
  await refused(['a b'], {}, '"a b" is no package name');
  await refused([], { pkg_name: 'a/b' }, '"a/b" is no package name');
  await refused(['x', '-s', 'cobol'], {}, '"cobol" is no scaffolding');
  await refused(['x'], { pkg_deps: '(a); id' }, 'pkg_deps is given a text that is no plain list');
  await refused(['x', '-o', 'A B'], {}, 'Invalid origin: "A B"');
  await refused(['x'], { HAB_ORIGIN: '', HOME: fresh() }, 'No origin specified');
});

test('a path is a folder, and its last part the name; a folder without a fitting name asks for one', async () => {
  const folder = fresh();
  await init(folder, ['deep/er/thing/', '--min']);
  expect(read(folder, 'deep/er/thing/plan.sh')).toMatch(/^pkg_name=thing\n/);
  const odd = join(folder, 'my app');
  mkdirSync(odd);
  expect((await init(odd, [])).stderr).toContain('env pkg_name=my-app hab plan init');
  await init(odd, [], { pkg_name: 'my-app' });
  expect(read(odd, 'habitat/plan.sh')).toContain('pkg_name=my-app\n');
});

test('in a repository, results of builds are left out', async () => {
  const folder = fresh();
  mkdirSync(join(folder, '.git'));
  mkdirSync(join(folder, 'app'));
  expect((await init(join(folder, 'app'), [])).stdout).toContain('Creating file: habitat/../.gitignore');
  expect(read(folder, 'app/.gitignore')).toBe('results/\n');
  writeFileSync(join(folder, '.gitignore'), 'dist');
  expect((await init(folder, ['x'])).stdout).toContain('Using existing file: x/../.gitignore (1 lines appended)');
  expect((await init(folder, ['y'])).stdout).toContain('Using existing file: y/../.gitignore (0 lines appended)');
  expect(read(folder, '.gitignore')).toBe('dist\nresults/\n');
});

test('--dry-run only tells', async () => {
  const folder = fresh();
  const { stdout } = await init(folder, ['x', '--dry-run']);
  expect(stdout).toContain('Creating file: x/plan.sh');
  expect(readdirSync(folder)).toEqual([]);
});

test('filled in, a new plan builds', async () => {
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'acme']);
  for (const words of [[], ['--min']]) {
    const folder = fresh();
    await init(folder, ['greet', '-s', 'none', ...words], {
      pkg_deps: '()',
      pkg_build_deps: '()',
      pkg_bin_dirs: '(bin)',
    });
    const plan = join(folder, 'greet/plan.sh');
    const filled = read(plan)
      .replace('do_default_build', "printf '#!/bin/sh\\necho hello\\n' > greet")
      .replace('do_default_install', 'install -m 755 greet "$pkg_prefix/bin/greet"')
      .replace('do_default_strip', 'return 0');
    writeFileSync(plan, filled);
    await root.ok(['pkg', 'build', 'greet'], { cwd: folder });
    const last = read(folder, 'results/last_build.env');
    const artifact = /^pkg_artifact=(.*)$/m.exec(last)?.[1] ?? '';
    await root.ok(['pkg', 'install', join(folder, 'results', artifact)]);
    expect((await root.ok(['pkg', 'exec', 'acme/greet', 'greet'])).stdout).toContain('hello');
  }
});
