import { expect, test, vi } from 'vitest';

test('the example of the README prints what became of two versions', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/config-apply.ts');
  expect(log.mock.calls).toEqual([
    ['changed', 'stale', 7n],
    [133, 7n],
  ]);
  log.mockRestore();
});
