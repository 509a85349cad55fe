import { cpSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { programBuild } from '../../tsup.base.ts';

export default defineConfig({
  ...programBuild({
    hab: 'src/hab.ts',
    'hab-plan-build': 'src/hab-plan-build.ts',
    'unpack-worker': '../../packages/hart-format/src/node/unpack-worker.ts',
  }),
  // `hab pkg wrap-host` builds these wherever the program is installed.
  onSuccess: async () => cpSync('../../plans/host', 'dist/plans/host', { recursive: true }),
});
