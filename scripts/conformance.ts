// `npm run conformance -- SUITE PATH`: language-neutral cases against the built libraries. Prints every failing case and
// closes with `N passed, M failed`; status 1 when M > 0, 2 for a wrong call.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A case that does not hold. */
export interface Failure {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

/** What a suite found. */
export interface Report {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

const folder = join(import.meta.dirname, 'conformance');
const suites = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => name.slice(0, -3))
  .sort();

async function main(words: readonly string[]): Promise<number> {
  const [suite = '', path = ''] = words;
  if (words.length !== 2 || !suites.includes(suite)) {
    console.error(`usage: npm run conformance -- SUITE PATH\nsuites: ${suites.join(', ')}`);
    return 2;
  }
  if (!existsSync(path)) {
    console.error(`no such file or folder: ${path}`);
    return 2;
  }
  // Every file of that folder exports this function.
  const { run } = (await import(join(folder, `${suite}.ts`))) as { run: (path: string) => Promise<Report> };
  const { passed, failures } = await run(path);
  for (const { name, expected, got } of failures)
    console.log(`FAIL ${name}\n  expected: ${expected}\n  got:      ${got}`);
  if (passed + failures.length === 0) {
    console.error(`no cases for ${suite} in ${path}`);
    return 2;
  }
  console.log(`${passed} passed, ${failures.length} failed`);
  return failures.length === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
