import { defineConfig } from 'tsup';
import { programBuild } from '../../tsup.base.ts';

export default defineConfig(
  programBuild({
    hab: 'src/hab.ts',
    'hab-plan-build': 'src/hab-plan-build.ts',
    'unpack-worker': '../../packages/hart-format/src/node/unpack-worker.ts',
  }),
);
