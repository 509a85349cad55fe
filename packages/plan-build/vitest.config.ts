import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { unitTests } from '../../vitest.base.ts';

export default mergeConfig(
  unitTests,
  // Examples import the package by its name; they run against its sources.
  defineConfig({
    resolve: { alias: { '@hab/plan-build/node': fileURLToPath(new URL('./src/node/index.ts', import.meta.url)) } },
  }),
);
