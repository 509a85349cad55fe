import { readFileSync } from 'node:fs';

import { expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

const examples: Readonly<Record<string, () => Promise<unknown>>> = {
  'render-one.ts': () => import('../examples/render-one.ts'),
  'merge-layers.ts': () => import('../examples/merge-layers.ts'),
  'service-context.ts': () => import('../examples/service-context.ts'),
};

/** What the README says an example prints: the block after its code. */
function promised(example: string): string {
  const code = readFileSync(new URL(`../examples/${example}`, import.meta.url), 'utf8');
  const start = readme.indexOf(code);
  expect(start, `${example} is quoted in the README`).toBeGreaterThan(0);
  return /```text\n([\s\S]*?)```/.exec(readme.slice(start + code.length))?.[1] ?? '';
}

test.for(Object.entries(examples))('%s prints what the README says', async ([example, run]) => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await run();
  const printed = log.mock.calls.map((line) => `${line.join(' ')}\n`).join('');
  log.mockRestore();
  expect(printed).toBe(promised(example));
});
