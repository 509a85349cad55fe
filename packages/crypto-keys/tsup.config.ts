import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tsup.base.ts';

export default defineConfig(
  libraryBuild({
    index: 'src/index.ts',
    blake2b: 'src/blake2b-stream.ts',
    'node/index': 'src/node/index.ts',
    'testing/index': 'src/testing/index.ts',
  }),
);
