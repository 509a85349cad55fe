import { expect, test, vi } from 'vitest';

test('the example of the README prints a status', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await import('../examples/status.ts');
  expect(log.mock.calls).toEqual([
    [{ type: 'ServiceStatus', ident: { origin: 'acme', name: 'redis' }, process: { state: 1, pid: 42 } }],
  ]);
  log.mockRestore();
});
