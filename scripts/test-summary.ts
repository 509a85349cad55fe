import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface TestSummary {
  readonly passed: number;
  readonly failed: number;
}

/** Adds up what every package's last test run said; turbo keeps those logs, also of runs it did not repeat. */
export function summarizeTests(root: string): TestSummary {
  let passed = 0;
  let failed = 0;
  for (const file of globSync(
    ['packages/*/.turbo/turbo-test.log', 'apps/*/.turbo/turbo-test.log', 'e2e/.turbo/turbo-e2e.log'],
    { cwd: root },
  )) {
    const text = stripColors(readFileSync(join(root, file), 'utf8'));
    for (const line of text.match(/^.*\bTests\b.*$/gm) ?? []) {
      passed += Number(/(\d+) passed/.exec(line)?.[1] ?? 0);
      failed += Number(/(\d+) failed/.exec(line)?.[1] ?? 0);
    }
  }
  return { passed, failed };
}

const stripColors = (text: string): string => text.replace(/\u001b\[[0-9;]*m/g, '');
