// What `npm start`, `npm test` and the others do, once bootstrap.mjs has installed the dependencies.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { summarizeTests } from './test-summary.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [what, ...words] = process.argv.slice(2);
process.env['TURBO_TELEMETRY_DISABLED'] = '1';
process.env['DO_NOT_TRACK'] = '1';

/** Runs a program in the root; its output goes where ours does. */
function run(file: string, args: readonly string[], quiet = false): number {
  const result = spawnSync(file, args, { cwd: root, stdio: ['inherit', quiet ? 'ignore' : 'inherit', 'inherit'] });
  if (result.error) throw result.error;
  return result.status ?? 128;
}

const turbo = (...args: readonly string[]): number => run('turbo', ['run', ...args, '--output-logs=errors-only']);
const script = (name: string, ...args: readonly string[]): number =>
  run(process.execPath, [join('scripts', name), ...args]);

interface Step {
  readonly name: string;
  readonly run: () => number;
}

/** Cheap and telling first; everything that turbo knows is a matter of seconds when nothing changed. */
const TEST_STEPS: readonly Step[] = [
  { name: 'format and lint', run: () => run('biome', ['check', '--error-on-warnings', '.']) },
  { name: 'house rules: floors, purity, manifests', run: () => script('check-repo.ts') },
  { name: 'build and typecheck', run: () => turbo('build', 'typecheck') },
  { name: 'package checks', run: () => turbo('check:package') },
  { name: 'unit tests, vectors and malformed input', run: () => turbo('test') },
  { name: 'packed libraries in an empty project; end to end', run: () => turbo('e2e') },
];

function test(): number {
  const started = Date.now();
  for (const { name, run: step } of TEST_STEPS) {
    console.log(`\n== ${name}`);
    const status = step();
    if (status === 0) continue;
    console.error(`\n${name}: failed. The output above says where.`);
    return status;
  }
  const { passed, failed } = summarizeTests(root);
  console.log(`\nEverything holds, after ${Math.round((Date.now() - started) / 1000)} s.`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function build(): number {
  console.error('Building (once) ...');
  return run('turbo', ['run', 'build', '--output-logs=errors-only'], true);
}

function main(): number {
  switch (what) {
    case 'test':
      return test();
    case 'start':
      return build() || script('first-run.ts', ...words);
    case 'conformance':
      return build() || script('conformance.ts', ...words);
    case 'bench':
    case 'soak':
      return build() || run(process.execPath, [join('bench', 'main.ts'), what, ...words]);
    default:
      console.error(
        'usage: npm start | npm test | npm run conformance -- SUITE PATH | npm run bench -- [NAME] | npm run soak -- [NAME [PATH]]',
      );
      return 2;
  }
}

process.exitCode = main();
