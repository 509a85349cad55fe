import { copyFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { libraryBuild } from '../../tsup.base.ts';

/** Read by the Node entry, from beside it. */
const GRAMMAR = ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-powershell/tree-sitter-powershell.wasm'];

export default defineConfig({
  ...libraryBuild({
    index: 'src/index.ts',
    'node/index': 'src/node/index.ts',
    'lint/index': 'src/lint/index.ts',
    'reference/index': 'src/reference-index.ts',
    'powershell/index': 'src/powershell/index.ts',
  }),
  async onSuccess(): Promise<void> {
    for (const file of GRAMMAR) copyFileSync(`node_modules/${file}`, `dist/node/${file.split('/')[1]}`);
  },
});
