import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

const text = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the README quotes the example, and it prints what the README says', async () => {
  const readme = text('../README.md');
  const start = readme.indexOf(text('../examples/build.ts'));
  expect(start).toBeGreaterThan(0);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/build.ts');
  const printed = log.mock.calls.map((words) => `${words.join(' ')}\n`).join('');
  log.mockRestore();
  expect(printed).toBe(/```text\n([\s\S]*?)```/.exec(readme.slice(start))?.[1]);
});
