import { fileURLToPath } from 'node:url';
import type { ViteUserConfig } from 'vitest/config';

/** Settings of every package's unit tests. Time limits find what hangs, on a machine that does much else. */
export const unitTests: ViteUserConfig = {
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: [fileURLToPath(new URL('./vitest.temporary.ts', import.meta.url))],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    pool: 'forks',
    maxWorkers: 2,
  },
};
