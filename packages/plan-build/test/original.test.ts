import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runInPrivateRoot } from './support/private-root.ts';
import type { CaseReport } from './support/recorded-case.ts';
import { vectorUrl } from './support/vectors.ts';

test('the plans that the original built give the same packages', async () => {
  const main = fileURLToPath(new URL('./support/recorded-main.ts', import.meta.url));
  const output = await runInPrivateRoot(process.execPath, [main, fileURLToPath(vectorUrl('original'))]);
  const { passed, failures } = JSON.parse(output) as CaseReport; // printed by our own program
  expect(failures).toEqual([]);
  expect(passed).toBeGreaterThan(150);
});
