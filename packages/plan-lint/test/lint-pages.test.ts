import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { lintPlan } from '../src/index.ts';
import { readPlanSources } from '../src/node/index.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/plans.md'), 'utf8');

/** What a plan has that nothing is to be said of. */
const ORDINARY: Readonly<Record<string, string>> = {
  pkg_name: 'thing',
  pkg_origin: 'acme',
  pkg_version: '1.0',
  pkg_maintainer: 'me',
  pkg_license: '(MIT)',
  pkg_description: 'thing',
  pkg_upstream_url: 'https://example.com',
};

interface Example {
  readonly file: string;
  readonly text: string;
  readonly executable: boolean;
}

const examplesOf = (text: string): readonly Example[] =>
  [...text.matchAll(/^```\w+ (\S+)([^\n]*)\n(.*?)^```$/gms)].map(([, file = '', mode = '', content = '']) => ({
    file,
    text: content,
    executable: mode !== ' (-rw-r--r--)',
  }));

const SECTIONS = PAGE.split(/^### /m)
  .slice(1)
  .map((section) => {
    const [rule = ''] = section.split('\n');
    const [bad = '', good = ''] = section.split('\nWrite:\n');
    return [rule, examplesOf(bad), examplesOf(good)] as const;
  });

/** Rules that are found in a plan of these files, where the settings of `named` are nobody else's. */
async function rulesOf(examples: readonly Example[], named: string): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'hab-pages-'));
  const ordinary = Object.entries(ORDINARY).filter(([name]) => !new RegExp(`^${name}=`, 'm').test(named));
  const base = ordinary.map(([name, value]) => `${name}=${value}\n`).join('');
  writeFileSync(join(folder, 'plan.sh'), base);
  for (const { file, text, executable } of examples) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    const isBinary = text.startsWith('bytes that are no UTF-8');
    const content = file === 'plan.sh' ? base + text : text.replaceAll('␍', '\r');
    writeFileSync(path, isBinary ? Uint8Array.of(0xff, 0xfe, 0xc0) : content);
    chmodSync(path, executable ? 0o755 : 0o644);
  }
  return lintPlan(await readPlanSources(folder, { lenient: true })).map((finding) => finding.rule);
}

test('each rule of the table has its section, in the same order', () => {
  const table = [...PAGE.matchAll(/^\| \[`([\w-]+)`\]\(#([\w-]+)\)/gm)].map(([, name, anchor]) => [name, anchor]);
  expect(table).toEqual(SECTIONS.map(([rule]) => [rule, rule]));
  expect(table.length).toBeGreaterThan(20);
});

test.each(SECTIONS)('%s', async (rule, bad, good) => {
  const named = [...bad, ...good].map(({ text }) => text).join('');
  expect(await rulesOf(bad, named)).toEqual([rule]);
  expect(await rulesOf(good, named)).toEqual([]);
});
