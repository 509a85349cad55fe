import { defineConfig } from 'vitest/config';

/** Each test starts real programs; two files at a time is what two cores carry. */
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000, pool: 'forks', maxWorkers: 2 },
});
