import { execFileSync } from 'node:child_process';
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

test('a file that cannot be written whole is not left there as somebody’s work', () => {
  const folder = fresh();
  const module = JSON.stringify(new URL('../src/node/index.ts', import.meta.url).href);
  const words = [JSON.stringify(folder), JSON.stringify([{ path: 'plan.sh', text: 'pkg_name=thing\n', about: '' }])];
  const program = `const { writePlan } = await import(${module});
    await writePlan(${words.join(', ')}).catch((error) => console.log(error.code));`;
  // As on a full disk: no byte more can be written to any file.
  const limited = `trap '' XFSZ; ulimit -f 0; exec "$@"`;
  const command = ['sh', process.execPath, '--input-type=module', '-e', program];
  expect(execFileSync('sh', ['-c', limited, ...command], { encoding: 'utf8' })).toBe('EFBIG\n');
  expect(readdirSync(folder)).toEqual([]);
});

test('a pipe for .gitignore is not waited for', async () => {
  const folder = fresh();
  mkdirSync(join(folder, '.git'));
  execFileSync('mkfifo', [join(folder, '.gitignore')]);
  await expect(ignoreBuildResults(join(folder, 'habitat'))).rejects.toMatchObject({ code: 'CORE_FILE_REFUSED' });
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
