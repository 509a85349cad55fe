import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { createPlanFiles, ignoreResults } from '../src/index.ts';
import { ignoreBuildResults, projectFiles, writePlan } from '../src/node/index.ts';

const fresh = (): string => mkdtempSync(join(tmpdir(), 'hab-init-'));
const FILES = createPlanFiles({ name: 'thing', origin: 'acme' });

test('everything is written, and a second time nothing is', async () => {
  const folder = join(fresh(), 'deep/thing');
  const first = await writePlan(folder, FILES);
  expect(first.map(({ path, outcome }) => `${outcome} ${path}`)).toEqual([
    'created plan.sh',
    'created default.toml',
    'created README.md',
    'created config/',
    'created hooks/',
  ]);
  writeFileSync(join(folder, 'plan.sh'), 'mine');
  const second = await writePlan(folder, FILES);
  expect(second.every(({ outcome }) => outcome === 'kept')).toBe(true);
  expect(readFileSync(join(folder, 'plan.sh'), 'utf8')).toBe('mine');
});

test('a link that leads nowhere is somebody’s work as well', async () => {
  const folder = fresh();
  symlinkSync('elsewhere', join(folder, 'plan.sh'));
  const [plan] = await writePlan(folder, FILES);
  expect(plan?.outcome).toBe('kept');
  expect(readdirSync(folder)).not.toContain('elsewhere');
});

test('a dry run tells the same and writes nothing', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'README.md'), '');
  const dry = await writePlan(folder, FILES, { dryRun: true });
  expect(readdirSync(folder)).toEqual(['README.md']);
  expect(dry).toEqual(await writePlan(folder, FILES));
});

test('a file where the folder should be', async () => {
  const folder = fresh();
  writeFileSync(join(folder, 'thing'), '');
  for (const path of ['thing', 'thing/below'])
    await expect(writePlan(join(folder, path), FILES)).rejects.toMatchObject({ code: 'PLAN_INIT_NOT_A_FOLDER' });
});

test('.gitignore beside the plan', async () => {
  const folder = fresh();
  const plan = join(folder, 'habitat');
  const file = join(folder, '.gitignore');
  expect(await ignoreBuildResults(plan)).toBeUndefined();
  mkdirSync(join(folder, '.git'));
  expect(await ignoreBuildResults(plan, { dryRun: true })).toMatchObject({ outcome: 'created' });
  expect(await ignoreBuildResults(plan)).toEqual({ path: file, outcome: 'created' });
  expect(readFileSync(file, 'utf8')).toBe('results/\n');
  expect(await ignoreBuildResults(plan)).toMatchObject({ outcome: 'kept' });
  writeFileSync(file, 'node_modules');
  expect(await ignoreBuildResults(plan)).toMatchObject({ outcome: 'appended' });
  expect(readFileSync(file, 'utf8')).toBe('node_modules\nresults/\n');
});

test.each([
  ['', 'results/\n'],
  ['a\r\nb\r\n', 'a\r\nb\r\nresults/\r\n'],
  ['/results/\n', undefined],
  ['results\r\n', undefined],
  ['my-results/', 'my-results/\nresults/\n'],
])('%j', (before, after) => {
  expect(ignoreResults(before)).toBe(after);
});

test('names that tell what a folder holds', async () => {
  const folder = fresh();
  mkdirSync(join(folder, 'vendor'));
  mkdirSync(join(folder, 'main.go'));
  writeFileSync(join(folder, 'vendor/vendor.json'), '');
  writeFileSync(join(folder, 'Gemfile'), '');
  expect([...(await projectFiles(folder))].sort()).toEqual(['Gemfile', 'vendor/vendor.json']);
});
