import { defineConfig } from 'tsup';
import { programBuild } from '../../tsup.base.ts';

export default defineConfig(
  programBuild({
    'hab-launch': 'src/hab-launch.ts',
    'hab-sup': 'src/hab-sup.ts',
    'unpack-worker': '../../packages/hart-format/src/node/unpack-worker.ts',
  }),
);
