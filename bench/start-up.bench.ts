import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import type { BenchIo } from './main.ts';
import { interleave } from './measure.ts';

/** `hab --version` and a query, beside a Node that does nothing. Goal: at most 20 ms more for the version. */
export default async function run({ print }: BenchIo): Promise<void> {
  const hab = join(import.meta.dirname, '..', 'bin', 'hab');
  const times = await interleave(
    {
      node: () => spawnSync(process.execPath, ['-e', '0']),
      version: () => spawnSync(hab, ['--version']),
      help: () => spawnSync(hab, ['svc', '--help']),
    },
    31,
  );
  const { node = 0, version = 0, help = 0 } = times;
  print(`node -e 0        ${node.toFixed(1)} ms`);
  print(`hab --version    ${version.toFixed(1)} ms  (+${(version - node).toFixed(1)} ms)`);
  print(`hab svc --help   ${help.toFixed(1)} ms  (+${(help - node).toFixed(1)} ms)`);
}
