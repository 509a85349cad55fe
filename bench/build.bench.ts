import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BenchIo } from './main.ts';
import { interleave } from './measure.ts';

const ROUNDS = 15;
const GOAL_MS = 350;

/**
 * `hab pkg build` of a small recorded plan, from its start to the signed artifact, with and without a private root, beside
 * a Node and a bash that do nothing.
 */
export default async function run({ print }: BenchIo): Promise<void> {
  const checkout = join(import.meta.dirname, '..');
  const hab = join(checkout, 'bin', 'hab');
  const work = mkdtempSync(join(tmpdir(), 'hab-bench-'));
  try {
    const plan = join(work, 'plan');
    cpSync(join(checkout, 'vectors/plan-build/original/zee/plan'), plan, { recursive: true });
    const env = { ...process.env, HAB_ORIGIN: 'acme', HOME: join(work, 'home'), HAB_ROOT: join(work, 'root') };
    const must = (file: string, words: readonly string[], environment: NodeJS.ProcessEnv): void => {
      const { status, stdout, stderr } = spawnSync(file, words, { env: environment, cwd: plan, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${words.join(' ')} -> ${status}\n${stdout}${stderr}`);
    };
    must(hab, ['origin', 'key', 'generate', 'acme'], env);
    // The same build in a tree of its own, without the namespaces of a private root.
    const plain = {
      ...env,
      HAB_ROOT: undefined,
      HAB_ROOT_PATH: join(work, 'tree'),
      HAB_CACHE_KEY_PATH: join(work, 'keys'),
    };
    must(hab, ['origin', 'key', 'generate', 'acme'], plain);
    const times = await interleave(
      {
        node: () => must(process.execPath, ['-e', '0'], env),
        bash: () => must('bash', ['-c', ':'], env),
        build: () => must(hab, ['pkg', 'build', plan], plain),
        root: () => must(hab, ['pkg', 'build', plan], env),
      },
      ROUNDS,
    );
    const { node = 0, bash = 0, build = 0, root = 0 } = times;
    print(`node -e 0                         ${node.toFixed(0).padStart(5)} ms`);
    print(`bash -c :                         ${bash.toFixed(0).padStart(5)} ms`);
    print(`hab pkg build zee                 ${build.toFixed(0).padStart(5)} ms  (goal: at most ${GOAL_MS} ms)`);
    print(`hab pkg build zee, private root   ${root.toFixed(0).padStart(5)} ms`);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
