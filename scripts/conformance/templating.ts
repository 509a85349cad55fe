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

/** Checks the cases of one file, or of every file of a folder that has any. A case in two dialects is one case. */
export async function run(path: string): Promise<{ readonly passed: number; readonly failures: readonly Failure[] }> {
  const failures: Failure[] = [];
  let passed = 0;
  for (const { file, text } of await caseFiles(path)) {
    for (const given of parseTemplateCases(text, file)) {
      const found = checkTemplateCase(given, sha256);
      if (found.length === 0) passed++;
      else failures.push(joined(given.name, found));
    }
  }
  return { passed, failures };
}

interface CaseFile {
  readonly file: string;
  readonly text: string;
}

async function caseFiles(path: string): Promise<CaseFile[]> {
  if (!(await stat(path)).isDirectory()) return [{ file: path, text: await readFile(path, 'utf8') }];
  const names = (await readdir(path)).filter((name) => name.endsWith('.json')).sort();
  const found: CaseFile[] = [];
  for (const file of names.map((name) => join(path, name))) {
    const text = await readFile(file, 'utf8');
    if (hasTemplateCases(text)) found.push({ file, text });
  }
  return found;
}

/** A folder may hold the cases of other suites too. */
function hasTemplateCases(text: string): boolean {
  const { cases } = Object(JSON.parse(text)) as { readonly cases?: unknown };
  return Array.isArray(cases) && cases.some((given) => typeof Object(given).template === 'string');
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
