// The suite `plan-build`: folders of cases as vectors/plan-build/original, built by @hab/plan-build where /hab is private.
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runInPrivateRoot } from '../../packages/plan-build/test/support/private-root.ts';
import type { CaseReport } from '../../packages/plan-build/test/support/recorded-case.ts';

const MAIN = fileURLToPath(new URL('../../packages/plan-build/test/support/recorded-main.ts', import.meta.url));

/** Builds the cases of a folder, each after those that it depends on. One check is one metafile, member or result. */
export async function run(path: string): Promise<CaseReport> {
  const output = await runInPrivateRoot(process.execPath, [MAIN, resolve(path)]);
  return JSON.parse(output) as CaseReport; // printed by our own program
}
