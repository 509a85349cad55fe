import { fileURLToPath } from 'node:url';
import { defineConfig, mergeConfig } from 'vitest/config';
import { unitTests } from '../../vitest.base.ts';

// Examples import the package by its name; they run against its sources.
const alias: Record<string, string> = {
  '@hab/plan-lint/node': fileURLToPath(new URL('./src/node/index.ts', import.meta.url)),
  '@hab/plan-lint': fileURLToPath(new URL('./src/index.ts', import.meta.url)),
};

export default mergeConfig(unitTests, defineConfig({ resolve: { alias } }));
