import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runInPrivateRoot } from './support/private-root.ts';

test('a missing dependency comes out of a folder of artifacts', async () => {
  const main = fileURLToPath(new URL('./support/install-main.ts', import.meta.url));
  const { missing, installed, deps, library, cameFromFolder } = JSON.parse(
    await runInPrivateRoot(process.execPath, [main]),
  );
  expect(missing).toBe(true);
  expect(installed).toContain(library);
  expect(deps).toEqual([library]);
  expect(cameFromFolder).toBe(true);
});
