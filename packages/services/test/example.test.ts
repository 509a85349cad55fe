import { expect, test, vi } from 'vitest';

test('the example of the README prints a life', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/lifecycle.ts');
  expect(log.mock.calls.map((words) => words.join(' '))).toEqual([
    'begin -> initialize',
    'init-finished -> start-process',
    'started -> run-post-run, start-health',
    'exited -> cancel-hooks, run-post-stop',
    'post-stop-finished -> initialize',
  ]);
  log.mockRestore();
});
