import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tsup.base.ts';

export default defineConfig(
  libraryBuild({
    index: 'src/index.ts',
    'config/index': 'src/config/index.ts',
    'node/index': 'src/node/index.ts',
    'offline/index': 'src/offline/index.ts',
    'schemas/index': 'src/schemas/index.ts',
    'testing/index': 'src/testing/index.ts',
  }),
);
