import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, run } from './harness.ts';

const conformance = (path: string): ReturnType<typeof run> =>
  run(process.execPath, [join(checkout, 'scripts/conformance.ts'), 'templating', path]);

test('the cases of the templating suite hold, and those that do not are told of', async () => {
  const all = await conformance(join(checkout, 'vectors/templating'));
  expect(all.stdout).toMatch(/^[1-9][0-9]{2,} passed, 0 failed\n$/);
  expect(all.code).toBe(0);
  const folder = mkdtempSync(join(tmpdir(), 'hab-conformance-'));
  const cases = [
    { name: 'right', template: '{{x}}', context: { x: 1 }, expected: '1' },
    { name: 'wrong', template: '{{x}}', context: { x: 1 }, expected: '2' },
  ];
  writeFileSync(join(folder, 'cases.json'), JSON.stringify({ cases }));
  // Folders of recordings hold cases of other suites too.
  const others = ['{"cases": [{"name": "x", "ident": "a/b"}]}', '{}', '[]', '1', 'null'];
  for (const [index, text] of others.entries()) writeFileSync(join(folder, `other-${index}.json`), text);
  const { code, stdout } = await conformance(folder);
  expect(stdout).toContain('FAIL wrong');
  expect([code, stdout.trimEnd().split('\n').at(-1)]).toEqual([1, '1 passed, 1 failed']);
});
