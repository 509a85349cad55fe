import { defineConfig } from 'vitest/config';
import { unitTests } from '../vitest.base.ts';

/** Each test starts real programs; two files at a time is what two cores carry. */
export default defineConfig({
  test: { ...unitTests.test, testTimeout: 300_000, hookTimeout: 300_000 },
});
