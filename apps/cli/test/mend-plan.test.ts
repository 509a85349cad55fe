import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { mendPlan } from '../src/mend-plan.ts';
import { lintPlan } from '../src/plan-rules.ts';
import { readPlanSources } from '../src/plan-sources.ts';

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
  expect(await mendPlan(plan, findings)).toEqual(['plan.sh']);
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
