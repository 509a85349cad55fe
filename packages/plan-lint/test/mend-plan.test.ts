import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { lintPlan } from '../src/index.ts';
import { mendPlan, readPlanSources } from '../src/node/index.ts';

const PLAN = 'pkg_binds=( [db] = "port" )\ndo_install() { rm -r $pkg_prefix/a; }\n';
const MENDED = 'pkg_binds=( [db]="port" )\ndo_install() { rm -r "$pkg_prefix/a"; }\n';

function fresh(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hab-mend-'));
  mkdirSync(join(folder, 'hooks'));
  writeFileSync(join(folder, 'plan.sh'), PLAN);
  return folder;
}
const read = (folder: string, name: string): string => readFileSync(join(folder, name), 'utf8');

test('a file that changed since it was looked at is left alone; the others are mended', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'hooks/run.sh'), '#!/bin/sh\r\n');
  const plan = await readPlanSources(folder);
  const findings = lintPlan(plan);
  writeFileSync(join(folder, 'plan.sh'), `# mine\n${PLAN}`);
  expect(await mendPlan(plan, findings)).toEqual([{ file: 'plan.sh', reason: 'has changed meanwhile' }]);
  expect([read(folder, 'plan.sh'), read(folder, 'hooks/run.sh')]).toEqual([`# mine\n${PLAN}`, '#!/bin/sh\n']);
});

test('modes stay, hooks become executable for whoever may read them, links stay links', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'real.sh'), PLAN);
  const linked = mkdtempSync(join(tmpdir(), 'hab-mend-'));
  symlinkSync(join(folder, 'real.sh'), join(linked, 'plan.sh'));
  mkdirSync(join(linked, 'hooks'));
  writeFileSync(join(linked, 'hooks/run'), '#!/bin/sh\n');
  chmodSync(join(linked, 'hooks/run'), 0o640);
  chmodSync(join(folder, 'real.sh'), 0o604);
  const plan = await readPlanSources(linked);
  expect(await mendPlan(plan, lintPlan(plan))).toEqual([]);
  expect(read(folder, 'real.sh')).toBe(MENDED);
  expect(statSync(join(folder, 'real.sh')).mode & 0o777).toBe(0o604);
  expect(statSync(join(linked, 'hooks/run')).mode & 0o777).toBe(0o750);
});

test('hooks that nobody may execute: a slip, unless all the plans around keep them so', async () => {
  const around = mkdtempSync(join(tmpdir(), 'hab-mend-'));
  const add = (plan: string, hook: string, mode: number): void => {
    mkdirSync(join(around, plan, 'hooks'), { recursive: true });
    writeFileSync(join(around, plan, 'plan.sh'), 'pkg_name=x\n');
    writeFileSync(join(around, plan, 'hooks', hook), '#!/bin/sh\n', { mode });
  };
  const found = async (): Promise<readonly string[]> => (await readPlanSources(join(around, 'mine'))).unexecutable;
  add('mine', 'run.sh', 0o644);
  add('mine', 'init', 0o755);
  for (let i = 0; i < 19; i++) add(`plan${i}`, 'run', 0o644);
  expect(await found()).toEqual(['run']);
  add('plan19', 'run', 0o644);
  expect(await found()).toEqual([]);
  for (let i = 0; i < 3; i++) add(`plan${i}`, 'init', 0o755);
  expect(await found()).toEqual(['run']);
});

test('a plan with other bytes than those of UTF-8 is left alone to the last byte', async () => {
  const folder = fresh();
  const bytes = Buffer.concat([Buffer.from('# caf'), Buffer.of(0xe9), Buffer.from(`\n${PLAN}`)]);
  writeFileSync(join(folder, 'plan.sh'), bytes);
  const plan = await readPlanSources(folder);
  const left = await mendPlan(plan, lintPlan(plan));
  expect(left).toEqual([{ file: 'plan.sh', reason: expect.stringContaining('UTF-8') }]);
  expect(readFileSync(join(folder, 'plan.sh')).equals(bytes)).toBe(true);
});

test('a byte-order mark and the line ends of a plan stay', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'plan.sh'), `\ufeff# first\r\n${PLAN}`);
  const plan = await readPlanSources(folder);
  expect(await mendPlan(plan, lintPlan(plan))).toEqual([]);
  expect(read(folder, 'plan.sh')).toBe(`\ufeff# first\r\n${MENDED}`);
});

test('nothing outside of the plan becomes executable', async () => {
  const folder = fresh();
  const outside = join(mkdtempSync(join(tmpdir(), 'hab-mend-')), 'precious');
  writeFileSync(outside, '#!/bin/sh\n', { mode: 0o600 });
  symlinkSync(outside, join(folder, 'hooks/init'));
  writeFileSync(join(folder, 'hooks/run'), '#!/bin/sh\n', { mode: 0o600 });
  const plan = await readPlanSources(folder);
  expect(await mendPlan(plan, lintPlan(plan))).toEqual([{ file: 'hooks/init', reason: 'is a link' }]);
  expect(statSync(outside).mode & 0o777).toBe(0o600);
  expect(statSync(join(folder, 'hooks/run')).mode & 0o777).toBe(0o700);
});

test.runIf(process.geteuid?.() === 0)('files stay with whom they belong to', async () => {
  const folder = fresh();
  chownSync(join(folder, 'plan.sh'), 65534, 65533);
  const plan = await readPlanSources(folder);
  await mendPlan(plan, lintPlan(plan));
  const { uid, gid } = statSync(join(folder, 'plan.sh'));
  expect([read(folder, 'plan.sh'), uid, gid]).toEqual([MENDED, 65534, 65533]);
});

test('a file that cannot be written stops no other', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'hooks/run'), '#!/bin/sh\r\n');
  const plan = await readPlanSources(folder);
  const findings = lintPlan(plan);
  rmSync(join(folder, 'plan.sh'));
  const left = await mendPlan(plan, findings);
  expect(left).toEqual([{ file: 'plan.sh', reason: expect.stringMatching(/^cannot be mended: ENOENT/) }]);
  expect(read(folder, 'hooks/run')).toBe('#!/bin/sh\n');
});

test('defaults that are a pipe or a device are told of at once, and the rest is looked at', async () => {
  for (const plant of [
    (path: string) => spawnSync('mkfifo', [path]),
    (path: string) => symlinkSync('/dev/zero', path),
    (path: string) => spawnSync('truncate', ['-s', '1G', path]),
  ]) {
    const folder = fresh();
    plant(join(folder, 'default.toml'));
    const plan = await readPlanSources(folder, { lenient: true });
    expect(plan.unreadable.map(({ file }) => file)).toEqual(['default.toml']);
    expect(plan.texts.length).toBe(1);
  }
});
