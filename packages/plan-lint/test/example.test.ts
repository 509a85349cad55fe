import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

test.each(['folder', 'memory', 'mend'])('the README quotes %s, which prints what its comments say', async (name) => {
  const code = readFileSync(new URL(`../examples/${name}.ts`, import.meta.url), 'utf8');
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(code);
  const promised = [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map((found) => found[1]);
  const { inspect } = await import('node:util');
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import(`../examples/${name}.ts`);
  const printed = log.mock.calls.map((words) =>
    words.map((word) => (typeof word === 'string' ? word : inspect(word))).join(' '),
  );
  log.mockRestore();
  expect(printed.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
