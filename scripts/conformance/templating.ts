// The suite `templating`: case files of vectors/templating/README.md against @hab/templating.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { checkTemplateCase, parseTemplateCases } from '../../packages/templating/src/testing/index.ts';

/** A case that does not hold. */
interface Failure {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Checks the cases of one file, or of every `.json` file of a folder. A case in two dialects is one case. */
export async function run(path: string): Promise<{ readonly passed: number; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  let passed = 0;
  for (const file of await caseFiles(path)) {
    for (const given of parseTemplateCases(await readFile(file, 'utf8'), file)) {
      const found = checkTemplateCase(given, sha256);
      if (found.length === 0) passed++;
      else failures.push(joined(given.name, found));
    }
  }
  return { passed, failures };
}

async function caseFiles(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.json'));
  return names.sort().map((name) => join(path, name));
}

/** One case may fail in two dialects. */
function joined(name: string, found: readonly Failure[]): Failure {
  const [first] = found;
  if (first !== undefined && found.length === 1) return first;
  return {
    name,
    expected: found.map((failure) => `${failure.name}: ${failure.expected}`).join('; '),
    got: found.map((failure) => `${failure.name}: ${failure.got}`).join('; '),
  };
}
