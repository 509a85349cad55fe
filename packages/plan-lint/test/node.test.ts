import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { rejectionOf } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { isPlanLintError, lintPlan, type PlanFinding } from '../src/index.ts';
import { mendPlan, readPlanMetadata, readPlanSources, readTemplateFolders } from '../src/node/index.ts';

function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'hab-plan-lint-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

test.each(['.', 'plan.sh', 'habitat', 'habitat/plan.sh'])('a plan is found from %s', async (path) => {
  const folder = folderOf({ [path.startsWith('h') ? 'habitat/plan.sh' : 'plan.sh']: 'pkg_name=x\n' });
  for (const given of [folder, join(folder, path), relative(process.cwd(), join(folder, path))]) {
    const plan = await readPlanSources(given);
    expect([plan.metadata.name, plan.texts.map(({ file }) => file)]).toEqual(['x', ['plan.sh']]);
  }
});

test('a folder without a plan is an error that names it', async () => {
  const folder = folderOf({ 'config/a': '' });
  const error = await rejectionOf(readPlanSources(folder));
  expect(error).toMatchObject({ details: { path: folder }, message: `There is no plan in ${folder}` });
  expect(isPlanLintError(error, 'PLAN_LINT_NO_PLAN')).toBe(true);
});

test('defaults alone, a plan for each shell, and a plan beside the one that it reads', async () => {
  const both = { 'plan.sh': 'pkg_name=a\n', 'plan.ps1': '$pkg_name="b"\n$pkg_bin_dir=@("x")\n' };
  const folder = folderOf({
    'only/default.toml': 'a = \n',
    'both/plan.sh': both['plan.sh'],
    'both/plan.ps1': both['plan.ps1'],
    'more/plan.sh': 'source ../both/plan.sh\npkg_version=2\n',
  });
  const only = await readPlanSources(join(folder, 'only'));
  expect(lintPlan(only).map(({ file, rule }) => `${file} ${rule}`)).toEqual(['default.toml toml-syntax']);
  const plan = await readPlanSources(join(folder, 'both'));
  expect([plan.metadata.name, plan.texts.map(({ file }) => file)]).toEqual(['a', ['plan.sh', 'plan.ps1']]);
  expect(lintPlan(plan).filter(({ file, rule }) => file === 'plan.ps1' && rule === 'unknown-setting').length).toBe(1);
  expect(await readPlanMetadata(join(folder, 'more/plan.sh'))).toMatchObject({ name: 'a', version: '2' });
});

test('a part that cannot be read: an error, or with lenient a finding', async () => {
  const folder = folderOf({ 'plan.sh': 'pkg_name=x\n', 'config/ok': 'x' });
  writeFileSync(join(folder, 'config/picture'), Uint8Array.of(0xff, 0xfe, 0xc0));
  expect(await rejectionOf(readPlanSources(folder))).toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID' });
  expect(await rejectionOf(readTemplateFolders(folder))).toMatchObject({ code: 'TEMPLATE_DIRECTORY_INVALID' });
  const [first] = lintPlan(await readPlanSources(folder, { lenient: true }));
  expect(first).toMatchObject({ file: 'config', rule: 'plan-part-unreadable', severity: 'error', line: 1 });
});

test('a plan as long as is read, and one byte more', async () => {
  const folder = folderOf({ 'plan.sh': `#${'x'.repeat(7_999_998)}\n` });
  const plan = await readPlanSources(folder);
  expect(plan.texts[0]?.reading.problems).toMatchObject([{ code: 'PLAN_TOO_LARGE' }]);
  writeFileSync(join(folder, 'plan.sh'), `#${'x'.repeat(7_999_999)}\n`);
  expect(await rejectionOf(readPlanSources(folder))).toMatchObject({ code: 'CORE_FILE_REFUSED' });
});

test('findings from elsewhere reach no file that is none of the plan', async () => {
  const outside = folderOf({ precious: 'abc', 'plan/plan.sh': 'pkg_name=x\n', 'plan/note': 'abc' });
  for (const name of ['precious', 'plan/note']) chmodSync(join(outside, name), 0o600);
  const finding = lintPlan(await readPlanSources(join(outside, 'plan'))).at(0);
  const plan = await readPlanSources(join(outside, 'plan'));
  const fix = { start: 0, end: 1, text: 'X' };
  const evil = (more: Partial<PlanFinding>): PlanFinding => ({ ...(finding as PlanFinding), ...more }); // there is one
  const reason = 'is no file of this plan';
  const names = ['../precious', 'note', 'config/../../precious', `${outside}/precious`, 'hooks/../note'];
  for (const file of names) expect(await mendPlan(plan, [evil({ file, fix })])).toEqual([{ file, reason }]);
  const execute = ['../../precious', '../note'];
  expect(await mendPlan(plan, [evil({ execute })])).toEqual(execute.map((one) => ({ file: `hooks/${one}`, reason })));
  const beyond = { start: 0, end: 99, text: '' };
  expect((await mendPlan(plan, [evil({ file: 'plan.sh', fix: beyond })]))[0]?.reason).toMatch(/^cannot be mended: /);
  for (const name of ['precious', 'plan/note']) {
    expect([readFileSync(join(outside, name), 'utf8'), statSync(join(outside, name)).mode & 0o777]).toEqual([
      'abc',
      0o600,
    ]);
  }
  expect(readFileSync(join(outside, 'plan/plan.sh'), 'utf8')).toBe('pkg_name=x\n');
});

test('links in config are no templates; files in the place of folders are passed over', async () => {
  const folder = folderOf({ 'plan.sh': 'pkg_name=x\n', 'config/own': '', hooks: 'a file' });
  symlinkSync('/etc/passwd', join(folder, 'config/passwd'));
  const { templates } = await readPlanSources(folder);
  expect([...templates].map(([name, all]) => [name, all.map((one) => one.name)])).toEqual([
    ['config', ['own']],
    ['config_install', []],
    ['hooks', []],
  ]);
});

test('the grammar of PowerShell is loaded for a plan.ps1 alone', () => {
  const folder = folderOf({ 'a/plan.sh': 'pkg_name=x\n', 'b/plan.ps1': '$pkg_name="x"\n' });
  const loaded = (plan: string): boolean => {
    const script = `
      import { registerHooks } from 'node:module';
      let loaded = false;
      registerHooks({ resolve(name, context, next) { loaded ||= name === 'web-tree-sitter'; return next(name, context); } });
      const { lintPlan } = await import('@hab/plan-lint');
      const { readPlanSources } = await import('@hab/plan-lint/node');
      lintPlan(await readPlanSources(${JSON.stringify(join(folder, plan))}));
      console.log(loaded);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    return JSON.parse(stdout) as boolean; // it prints nothing else
  };
  expect([loaded('a'), loaded('b')]).toEqual([false, true]);
});
