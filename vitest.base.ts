import type { ViteUserConfig } from 'vitest/config';

/** Settings of every package's unit tests. */
export const unitTests: ViteUserConfig = {
  test: { include: ['test/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000, pool: 'forks', maxWorkers: 2 },
};
