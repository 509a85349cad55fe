import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { type CommandResult, habProgram, run } from './harness.ts';

const PLAN = {
  'plan.sh':
    'pkg_name=web\npkg_origin=acme\npkg_version=1.2.3\npkg_deps=(\n  core/jre8 # java\n)\npkg_exports=([port]=port)\npkg_binds=([db]="port host")\n',
  'default.toml': 'port = 80\nname = "web"\n',
  'config/web.conf':
    'port {{cfg.port}}\n{{> parts/db.conf}}\n{{#each pkg.exposes}}{{this}}{{/each}}{{pkgPathFor "core/jre8"}}\n',
  'config/parts/db.conf':
    '{{#eachAlive bind.db.members as |m| ~}}\ndb {{m.cfg.host}}:{{m.cfg.port}}\n{{/eachAlive ~}}\n',
  'config_install/first.conf': '{{pkg.svc_config_install_path}}[{{svc.group}}]\n',
  'hooks/run.sh': '#!/bin/sh\nexec sleep {{cfg.port}} {{pkg.ident}}\n',
};

function planOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
    if (name.includes('hooks/') && name !== 'hooks/init') chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const hab = (cwd: string, ...args: readonly string[]): Promise<CommandResult> => run(habProgram, args, { cwd });

const DB = 'db host:8080\n';
const WEB = `port 80\n${DB}/hab/pkgs/core/jre8/1.0.0/20240102030405\n`;
const RUN = '#!/bin/sh\nexec sleep 80 acme/web/1.2.3/20240102030405\n';

test('every template and hook of a plan, partials included', async () => {
  const plan = planOf(PLAN);
  const result = await hab(plan, 'plan', 'render');
  expect([result.code, result.stderr]).toEqual([0, '']);
  const read = (name: string): string => readFileSync(join(plan, 'results', name), 'utf8');
  expect(['config/web.conf', 'config/parts/db.conf', 'config_install/first.conf', 'hooks/run'].map(read)).toEqual([
    WEB,
    DB,
    '/hab/svc/web/config_install[]\n',
    RUN,
  ]);
  expect(statSync(join(plan, 'results/hooks/run')).mode & 0o777).toBe(0o755);
});

test('the plan above its habitat folder; made-up data, several members, JSON', async () => {
  const plan = planOf(Object.fromEntries(Object.entries(PLAN).map(([name, text]) => [`habitat/${name}`, text])));
  writeFileSync(join(plan, 'mock.json'), '{"cfg": {"port": 9007199254740993}, "pkg": {"exposes": ["1", "2"]}}');
  const { code, stdout } = await hab(plan, 'plan', 'render', '--json', '-m', 'mock.json', '--members', '2');
  const files = new Map(JSON.parse(stdout).map(({ name, text }: { name: string; text: string }) => [name, text]));
  expect(code).toBe(0);
  expect(files.get('config/web.conf')).toBe(
    `port 9007199254740993\n${DB}${DB}12/hab/pkgs/core/jre8/1.0.0/20240102030405\n`,
  );
});

test('one template, as every release renders it', async () => {
  const plan = planOf(PLAN);
  writeFileSync(join(plan, 'user.toml'), 'port = 81\n');
  const { code, stdout, stderr } = await hab(
    plan,
    'plan',
    'render',
    'config/web.conf',
    '-u',
    'user.toml',
    '-p',
    '-n',
    '-q',
  );
  expect([code, stdout, stderr]).toEqual([0, WEB.replace('80', '81').replace('8180', '8080'), '']);
  await hab(plan, 'plan', 'render', 'config/web.conf', '-r', 'out');
  expect(readFileSync(join(plan, 'out/web.conf'), 'utf8')).toBe(WEB);
});

test.for([
  ['legacy', 'a\n\nb\n\nc\n'],
  ['2.1', 'a\nb\nc\n'],
])('dialect %s', async ([dialect = '', expected]) => {
  const plan = planOf({ 'default.toml': '', 'config/a': 'a\n{{#if true}}\nb\n{{/if}}\nc\n' });
  expect((await hab(plan, 'plan', 'render', '-p', '-n', '-q', '--dialect', dialect)).stdout).toBe(expected);
});

test('templates that fail are all told of, and nothing is written', async () => {
  const plan = planOf({ ...PLAN, 'config/a': '{{#if x}}', 'config/b': 'ok\n{{toUppercase 1}}' });
  const { code, stderr } = await hab(plan, 'plan', 'render');
  expect(code).toBe(1);
  expect(stderr).toMatch(/2 templates do not render[\s\S]*a, line 1, column 1[\s\S]*b, line 2, column 1/);
  expect(() => statSync(join(plan, 'results'))).toThrow('ENOENT');
});

test.for<[string, Record<string, string>, string[], RegExp]>([
  ['no plan', {}, [], /There is no plan/],
  ['defaults that are no TOML', { 'default.toml': 'a = no' }, [], /default\.toml/],
  ['mock data that is none', { 'default.toml': '', 'm.json': '{' }, ['-m', 'm.json'], /m\.json/],
  ['mock data that is not there', { 'default.toml': '' }, ['-m', 'nowhere'], /Cannot read nowhere/],
  ['no such template', { 'default.toml': '' }, ['config/none'], /There is no config\/none/],
])('%s is an error that names the file', async ([, files, args, words]) => {
  const { code, stderr } = await hab(planOf(files), 'plan', 'render', ...args);
  expect(code).toBe(1);
  expect(stderr).toMatch(words);
});

/** Nothing in it that the linter minds. */
const CLEAN = {
  ...PLAN,
  'plan.sh': `${PLAN['plan.sh']}pkg_maintainer=me\npkg_license=(MIT)\npkg_description=x\npkg_upstream_url=x\n`,
  'config_install/first.conf': '{{pkg.svc_config_install_path}}\n',
};

const below = (folder: string, files: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));

test('a plan without blemish', async () => {
  const { code, stdout } = await hab(planOf(CLEAN), 'plan', 'lint', '--json');
  expect([code, JSON.parse(stdout)]).toEqual([0, []]);
});

test('a setting that is asked for first may be absent; one that looks misspelt is told', async () => {
  const plan = planOf({
    ...CLEAN,
    'config/web.conf':
      '{{#if cfg.socket_perm}}perm {{cfg.socket_perm}}{{/if}}\n{{#if cfg.prt}}{{cfg.prt}}{{/if}}\n{{cfg.other}}\n',
  });
  const { stdout } = await hab(plan, 'plan', 'lint', '--json');
  const found = JSON.parse(stdout).map(({ line, message }: { line: number; message: string }) => `${line} ${message}`);
  expect(found.map((one: string) => one.replace(/ names nothing.*/, ''))).toEqual([
    '2 cfg.prt',
    '2 cfg.prt',
    '3 cfg.other',
  ]);
});

test('findings of every kind of file, with their places', async () => {
  const plan = planOf({
    ...CLEAN,
    'default.toml': 'port = 80\nname = "web"\n[web]\n\n[[servers]]\nhost = "h"\n',
    'config/bad.conf': '{{cfg.prot}} {{pkgPathFor "core/nginx"}}\n{{bind.cache.first}}',
    'hooks/init': '#!/bin/sh\nsleep 3\nhab pkg path core/jre8\n',
  });
  const { code, stdout } = await hab(plan, 'plan', 'lint', '--json');
  const seen = JSON.parse(stdout).map(
    ({ file, line, rule }: { file: string; line: number; rule: string }) => `${file}:${line} ${rule}`,
  );
  expect(code).toBe(2);
  expect(seen).toEqual([
    'config/bad.conf:1 unknown-path',
    'config/bad.conf:1 undeclared-dependency',
    'config/bad.conf:2 deprecated-first',
    'config/bad.conf:2 unknown-path',
    'default.toml:3 table-left-empty',
    'hooks/init:1 hook-run-bit',
    'hooks/init:2 hook-sleeps',
    'hooks/init:3 hook-calls-hab',
  ]);
  const text = await hab(plan, 'plan', 'lint', '.');
  expect(text.stdout).toContain('config/bad.conf:1:1: warning:');
  expect(text.stdout).toContain('Did you mean "port"?');
});

test('several plans at once: files below the paths that were given, one list, each plan once', async () => {
  const all = planOf({
    ...below('clean', CLEAN),
    ...below('a', { ...CLEAN, 'config/web.conf': '{{cfg.prot}}\n' }),
    ...below('b/habitat', {
      ...CLEAN,
      'config/web.conf': '{{cfg.prot}}\n',
      'plan.sh': `${CLEAN['plan.sh']}pkg_bin_dir=(bin)\n`,
    }),
  });
  const found = ['a/config/web.conf:1 unknown-path', 'b/habitat/config/web.conf:1 unknown-path'];
  const [first, ...others] = found;
  const lint = async (...words: string[]): Promise<readonly [number | null, readonly string[], string]> => {
    const { code, stdout, stderr } = await hab(all, 'plan', 'lint', '--json', ...words);
    const list: readonly { file: string; line: number; rule: string }[] = JSON.parse(stdout);
    return [code, list.map(({ file, line, rule }) => `${file}:${line} ${rule}`), stderr];
  };
  const other = 'b/habitat/plan.sh:13 unknown-setting';
  expect((await lint('clean', 'a', './b/')).slice(0, 2)).toEqual([2, [first, ...others, other]]);
  expect((await lint('a/plan.sh', 'b/habitat/plan.sh', 'a')).slice(0, 2)).toEqual([2, [first, ...others, other]]);
  expect((await lint('clean', 'clean')).slice(0, 2)).toEqual([0, []]);
  expect((await lint('b')).slice(0, 2)).toEqual([2, ['config/web.conf:1 unknown-path', 'plan.sh:13 unknown-setting']]);
  const [code, list, stderr] = await lint('none', 'a', 'nor');
  expect([code, list]).toEqual([1, [first]]);
  for (const path of ['none', 'nor']) expect(stderr).toContain(`There is no plan in ${join(all, path)}\n`);
  const text = await hab(all, 'plan', 'lint', 'a', 'none');
  expect([text.code, text.stdout.split(':')[0]]).toEqual([1, 'a/config/web.conf']);
  expect(await hab(all, 'plan', 'lint', 'none', 'nor')).toMatchObject({ code: 1, stdout: '' });
});

test('--fix mends each of several plans', async () => {
  const slip = { ...CLEAN, 'hooks/stop': '#!/bin/sh\r\n', 'hooks/post-stop': '#!/bin/sh\r\n' };
  const all = planOf({ ...below('a', slip), ...below('b/habitat', slip), ...below('c', CLEAN) });
  const { code, stdout } = await hab(all, 'plan', 'lint', '--fix', '--json', 'a', 'none', 'b', 'c');
  const files = JSON.parse(stdout).map(({ file, rule }: { file: string; rule: string }) => `${file} ${rule}`);
  expect([code, files]).toEqual([1, ['a/hooks/stop hook-name', 'b/habitat/hooks/stop hook-name']]);
  for (const plan of ['a', 'b/habitat'])
    expect(readFileSync(join(all, plan, 'hooks/post-stop'), 'utf8')).toBe('#!/bin/sh\n');
});

test('what the plan itself and its hooks do not mean to say; --fix mends what is safe', async () => {
  const plan = planOf({
    ...CLEAN,
    'plan.sh':
      'pkg_name=web\npkg_origin=acme\npkg_version=1\npkg_maintainer=me\npkg_license=(Apache2)\npkg_description=x\npkg_upstream_url=x\npkg_deps=(core/jre8)\n' +
      'pkg_source=http://acme.example/web.tgz\npkg_exports=([port]=nowhere)\npkg_binds=( [db] = "port host" )\ndo_install() { rm -r $SRC_PATH; }\n',
    'hooks/health_check': '#!/bin/sh\r\nexit 0\r\n',
    'hooks/init': 'exit 0\n',
  });
  const seen = async (...words: string[]): Promise<string[]> => {
    const { stdout } = await hab(plan, 'plan', 'lint', '--json', ...words);
    return JSON.parse(stdout).map(
      ({ file, line, rule }: { file: string; line: number; rule: string }) => `${file}:${line} ${rule}`,
    );
  };
  const before = await seen();
  expect(before).toEqual([
    'hooks/health_check:1 hook-name',
    'hooks/health_check:1 hook-line-ends',
    'hooks/init:1 hook-shebang',
    'hooks/init:1 hook-run-bit',
    'plan.sh:5 unknown-licence',
    'plan.sh:9 source-without-checksum',
    'plan.sh:10 export-without-default',
    'plan.sh:11 spaced-pairs',
    'plan.sh:12 unquoted-expansion',
  ]);
  const mended = [
    'hooks/health_check:1 hook-line-ends',
    'hooks/init:1 hook-run-bit',
    'plan.sh:11 spaced-pairs',
    'plan.sh:12 unquoted-expansion',
  ];
  chmodSync(join(plan, 'plan.sh'), 0o640);
  chmodSync(join(plan, 'hooks/init'), 0o604);
  expect(await seen('--fix')).toEqual(before.filter((finding) => !mended.includes(finding)));
  expect(['plan.sh', 'hooks/init'].map((name) => statSync(join(plan, name)).mode & 0o777)).toEqual([0o640, 0o705]);
  expect(readFileSync(join(plan, 'plan.sh'), 'utf8')).toContain(
    'pkg_binds=( [db]="port host" )\ndo_install() { rm -r "$SRC_PATH"; }\n',
  );
});
