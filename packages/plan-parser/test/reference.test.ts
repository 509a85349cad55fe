import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { CALLBACKS, HELPERS } from '../src/index.ts';
import { explain, formatReferencePage, REFERENCE, REFERENCE_KINDS } from '../src/reference-index.ts';

test('every callback and helper is explained', () => {
  const names = (kind: string): string[] => REFERENCE.filter((entry) => entry.kind === kind).map(({ name }) => name);
  expect(names('callback').sort()).toEqual([...CALLBACKS].sort());
  expect(names('helper').sort()).toEqual([...HELPERS].sort());
});

test('no name is explained twice in its kind, and each meaning is a sentence', () => {
  const keys = REFERENCE.map(({ kind, name }) => `${kind} ${name}`);
  expect(new Set(keys).size).toBe(keys.length);
  for (const { meaning } of REFERENCE) expect(meaning).toMatch(/[.:]( |$)|\.$/);
});

test.each([
  ['pkg_name', 'pkg_name'],
  ['$pkg_svc_run', 'pkg_svc_run'],
  ['${pkg_prefix', 'pkg_prefix'],
  ['{{pkg.path}}', 'pkg.path'],
  ['{{#eachAlive}}', 'eachAlive'],
  ['cfg.server.port', 'cfg'],
  ['do_default_build', 'do_build'],
  ['health-check', 'health-check'],
])('%s', (asked, name) => {
  expect(explain(asked).map((entry) => entry.name)).toEqual([name]);
});

test('a name that is none', () => {
  expect(explain('nothing.of.that')).toEqual([]);
  expect(explain('')).toEqual([]);
});

test.each(REFERENCE_KINDS)('the page of %ss is what the data gives; `node scripts/reference.ts` writes it', (kind) => {
  const page = readFileSync(new URL(`../../../docs/reference/${kind}s.md`, import.meta.url), 'utf8');
  expect(page).toBe(formatReferencePage(kind));
});
