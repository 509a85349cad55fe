import { fileURLToPath } from 'node:url';

import { defineConfig, mergeConfig } from 'vitest/config';
import { unitTests } from '../../vitest.base.ts';

export default mergeConfig(
  unitTests,
  // Examples import the package by its name; they run against its sources.
  defineConfig({
    resolve: {
      alias: [
        {
          find: '@hab/templating/config',
          replacement: fileURLToPath(new URL('./src/config/index.ts', import.meta.url)),
        },
        { find: '@hab/templating', replacement: fileURLToPath(new URL('./src/index.ts', import.meta.url)) },
      ],
    },
  }),
);
