import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { habProgram, run } from './harness.ts';

function plans(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hab-plans-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
const read = (cwd: string, ...args: string[]): ReturnType<typeof run> =>
  run(habProgram, ['plan', 'read', ...args], { cwd });

const FILES = {
  'a/plan.sh':
    'pkg_name=a\npkg_origin=acme\npkg_version=1.2\npkg_deps=(core/x "core/y z")\npkg_exports=([port]=srv.port)\npkg_svc_run="run ${pkg_svc_config_path}"\npkg_shasum=$(curl x)\ntouch ran\ndo_install() { :; }\ndo_build() { :; }\n',
  'b/habitat/plan.sh': 'source ../../a/plan.sh\npkg_name=b\nunset -f do_build\n',
  'c/plan.ps1':
    '$pkg_name="c"\n$pkg_version="1"\n$pkg_source="x/$pkg_name-$pkg_version.zip"\nfunction Invoke-Install { }\n',
};

test('one line of JSON for each plan, and nothing was run', async () => {
  const folder = plans(FILES);
  const { code, stdout, stderr } = await read(folder, 'a/plan.sh', 'b', 'c', '--json');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const settings = {
    pkg_deps: ['core/x', 'core/y z'],
    pkg_exports: { port: 'srv.port' },
    pkg_name: 'a',
    pkg_origin: 'acme',
    pkg_shasum: null,
    pkg_svc_run: 'run /hab/svc/a/config',
    pkg_version: '1.2',
  };
  const unknown = { pkg_shasum: 'the output of curl' };
  expect(
    stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line)),
  ).toEqual([
    { path: 'a/plan.sh', settings, unknown, callbacks: ['do_build', 'do_install'] },
    {
      path: 'b/habitat/plan.sh',
      settings: { ...settings, pkg_name: 'b', pkg_svc_run: 'run /hab/svc/b/config' },
      unknown,
      callbacks: ['do_install'],
    },
    {
      path: 'c/plan.ps1',
      settings: { pkg_name: 'c', pkg_source: 'x/c-1.zip', pkg_version: '1' },
      unknown: {},
      callbacks: ['Invoke-Install'],
    },
  ]);
  expect(readdirSync(folder).sort()).toEqual(['a', 'b', 'c']);
});

test('a page for people, with reasons', async () => {
  const { code, stdout } = await read(plans(FILES), 'a');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}pkg_deps +core\/x\n {2} +core\/y z$/m);
  expect(stdout).toMatch(/^ {2}pkg_shasum +\? \(depends on the output of curl\)$/m);
});

test('what is no plan is told, the others are read', async () => {
  const { code, stdout, stderr } = await read(
    plans({ ...FILES, 'd/plan.sh': 'pkg_name=d\npkg_deps=(\n' }),
    'none',
    'd',
    '--json',
  );
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ path: 'd/plan.sh', settings: { pkg_name: 'd' } });
  expect(stderr).toContain('none: There is no plan');
  expect(stderr).toMatch(/d\/plan\.sh:\d+:\d+: .* \(PLAN_SYNTAX\)/);
});

test('a plan of others does not steer the terminal, nor hold up who reads it', async () => {
  const folder = plans({ 'plan.sh': 'pkg_name="a\u001b[2Jb"\nsource /dev/zero\npkg_\u001bx\n' });
  for (const command of ['read', 'lint']) {
    const { stdout, stderr } = await run(habProgram, ['plan', command, '.'], { cwd: folder });
    expect(stdout + stderr).not.toContain('\u001b[2J');
    expect(stdout).toContain('\\u001b[2J');
  }
});

test('names are explained, and a slip of the keyboard is seen', async () => {
  const explain = (...args: string[]): ReturnType<typeof run> => run(habProgram, ['plan', 'explain', ...args]);
  expect((await explain('pkg_exports')).stdout).toMatch(
    /^pkg_exports \(setting of a plan\)\n {2}What a running service/,
  );
  expect(JSON.parse((await explain('do_default_build', '--json')).stdout)).toMatchObject([{ name: 'do_build' }]);
  expect((await explain('pkg_dpes')).stderr).toContain('Did you mean pkg_deps?');
  expect((await explain()).stdout.split('\n').length).toBeGreaterThan(100);
});

test('output that nobody reads is no failure; output that is lost is one', () => {
  const folder = plans(FILES);
  const hab = (words: string, status: number): void => {
    const script = `set -o pipefail; "$0" ${words}`;
    const { status: code, stderr } = spawnSync('bash', ['--norc', '-c', script, habProgram], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect({ words, code }).toEqual({ words, code: status });
    expect(stderr).not.toMatch(/node:|^\s+at /m);
  };
  for (const words of ['plan explain', 'plan read a b c', 'plan read --json a', '--version', '--help', 'plan --help'])
    hab(`${words} | true`, 0);
  hab('plan lint a | true', 2);
  hab('plan lint none 2>&1 | true', 1);
  hab('plan explain > /dev/full', 1);
});
