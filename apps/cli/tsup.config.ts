import { cpSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { programBuild } from '../../tsup.base.ts';

const GRAMMAR = ['web-tree-sitter.wasm', 'tree-sitter-powershell.wasm'];

export default defineConfig({
  ...programBuild({
    hab: 'src/hab.ts',
    'hab-plan-build': 'src/hab-plan-build.ts',
    'unpack-worker': '../../packages/hart-format/src/node/unpack-worker.ts',
  }),
  // `hab pkg wrap-host` builds these wherever the program is installed.
  // Chunks of the reader of plans look for its grammar beside them.
  async onSuccess(): Promise<void> {
    cpSync('../../plans/host', 'dist/plans/host', { recursive: true });
    for (const file of GRAMMAR) cpSync(`../../packages/plan-parser/dist/node/${file}`, `dist/${file}`);
  },
});
