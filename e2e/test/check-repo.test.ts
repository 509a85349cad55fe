import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { checkRepo } from '../../scripts/check-repo.ts';
import { checkout } from './harness.ts';

/** Two packages of this repository, as they are. */
function copyOfTheHouse(): string {
  const root = mkdtempSync(join(tmpdir(), 'hab-house-'));
  for (const path of ['packages/core', 'packages/ident', 'apps/supervisor']) {
    for (const part of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'src']) {
      cpSync(join(checkout, path, part), join(root, path, part), { recursive: true });
    }
  }
  return root;
}
const plant = (root: string, path: string, text: string): void => {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
};

test('this house holds its rules', () => {
  expect(checkRepo(checkout)).toEqual([]);
});

test.for<[string, string, string, string]>([
  ['an upward import', 'packages/core/src/up.ts', "import { parseIdent } from '@hab/ident';\n", 'floors'],
  [
    'an import over several lines',
    'packages/core/src/up.ts',
    "import {\n  parseIdent,\n} from '@hab/ident';\n",
    'floors',
  ],
  ['node:fs in a pure module', 'packages/ident/src/impure.ts', "import { readFileSync } from 'node:fs';\n", 'pure'],
  ['the clock in a pure module', 'packages/ident/src/impure.ts', 'export const now: number = Date.now();\n', 'pure'],
  ['eval', 'packages/ident/src/impure.ts', "export const two: unknown = new Function('return 2')();\n", 'pure'],
  [
    'the environment in a library',
    'packages/core/src/node/env.ts',
    "export const home = process.env['HOME'];\n",
    'injected',
  ],
  ['a path outside the layout', 'packages/ident/src/path.ts', "export const path = '/hab/pkgs';\n", 'layout'],
  ['a library that prints', 'packages/ident/src/print.ts', "console.log('x');\n", 'silent'],
  ['an endless file', 'packages/ident/src/long.ts', '//\n'.repeat(500), 'size'],
  ['an undeclared dependency', 'packages/ident/src/other.ts', "import type { X } from '@hab/store';\n", 'manifest'],
])('finds %s', ([, path, text, rule]) => {
  const root = copyOfTheHouse();
  expect(checkRepo(root)).toEqual([]);
  plant(root, path, text);
  expect(checkRepo(root)).toContainEqual(expect.objectContaining({ file: path, rule }));
});

test('finds manifests out of order, without a licence, with a version of their own, and circles', () => {
  const root = copyOfTheHouse();
  const path = join(root, 'packages/ident/package.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(
    path,
    JSON.stringify({ ...manifest, license: 'MIT', dependencies: { zod: '4.6.7', '@hab/core': 'workspace:^' } }),
  );
  const core = join(root, 'packages/core/package.json');
  const coreManifest = JSON.parse(readFileSync(core, 'utf8'));
  writeFileSync(core, JSON.stringify({ ...coreManifest, dependencies: { '@hab/ident': 'workspace:^' } }));
  const texts = checkRepo(root).map(({ text }) => text);
  expect(texts).toContain('license is not Apache-2.0');
  expect(texts).toContain('zod should be "catalog:"');
  expect(texts.some((text) => text.startsWith('circle: '))).toBe(true);
  expect(texts.some((text) => text.includes('out of order'))).toBe(true);
});
