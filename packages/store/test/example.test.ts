import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';

const code = readFileSync(new URL('../examples/install.ts', import.meta.url), 'utf8');

test('the README quotes the example', () => {
  expect(readFileSync(new URL('../README.md', import.meta.url), 'utf8')).toContain(code);
});

test('the example prints what its comments say', async () => {
  const promised = [...code.matchAll(/^console\.log\(.*\); \/\/ (.*)$/gm)].map((line) => line[1]);
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/install.ts');
  const printed = log.mock.calls.map((words) => words.map(String).join(' '));
  log.mockRestore();
  expect(printed.length).toBeGreaterThan(0);
  expect(printed).toEqual(promised);
});
