import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { readBashPlan } from '@hab/plan-parser';

import type { BenchIo } from './main.ts';

const ROUNDS = 1_000_000;
const MAX_MS_PER_MEGABYTE = 1000;
/** Below this the clock of a busy machine says more than the reader. */
const NOISE_MS = 1000;
const PIECES = [
  '"',
  "'",
  '`',
  '$(',
  '${',
  ')',
  '}',
  '((',
  '))',
  '\\',
  '\n',
  '\r',
  '\0',
  '<<EOF\n',
  '[',
  ']',
  ';',
  '&',
  '|',
  '#',
  '=(',
  '+=',
  '*',
  '{1..9}',
  '$@',
  'source ./plan.sh\n',
  'eval ',
  'while :; do ',
  'done\n',
  'fi\n',
  'esac\n',
  '\u{1f600}',
];

/**
 * Plans with pieces put in, taken out and swapped: none may make the reader throw, hang or keep memory.
 *
 * `npm run soak -- plan-fuzz [DIRECTORY]`, with a checkout of many plans, or the plans of this repository.
 */
export default async function run({ print }: BenchIo, directory = join(import.meta.dirname, '..')): Promise<void> {
  const files = globSync('**/plan.sh', { cwd: directory, exclude: ['**/node_modules/**'] }).sort();
  const plans = files.map((file) => readFileSync(join(directory, file), 'utf8'));
  let seed = 20_260_101;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed >>> 8) % below;
  };
  const pick = <T>(from: readonly T[], otherwise: T): T => from[random(from.length)] ?? otherwise;
  let [slowest, problems, values] = [0, 0, 0];
  let memory = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    let text = pick(plans, '');
    for (let i = random(4); i >= 0; i--) {
      const [at, length] = [random(text.length + 1), random(40)];
      const piece = random(3) === 0 ? pick(plans, '').slice(at, at + length * 4) : pick(PIECES, '');
      text = text.slice(0, at) + piece + text.slice(at + (random(2) === 0 ? 0 : length));
    }
    const began = performance.now();
    const reading = readBashPlan(text, { readFile: () => (random(2) === 0 ? undefined : pick(plans, '')) });
    const took = performance.now() - began;
    slowest = Math.max(slowest, took);
    if (took > NOISE_MS + (text.length / 1_000_000) * MAX_MS_PER_MEGABYTE)
      throw new Error(`${took} ms for: ${JSON.stringify(text)}`);
    problems += reading.problems.length;
    values += reading.settings.size;
    if (round % 100_000 === 0) {
      globalThis.gc?.();
      const { heapUsed } = process.memoryUsage();
      print(
        `${round} read, slowest ${slowest.toFixed(0)} ms, ${values} values, ${problems} problems, heap ${(heapUsed / 1e6).toFixed(0)} MB`,
      );
      if (memory !== 0 && heapUsed > memory + 200e6) throw new Error('Memory grows');
      memory ||= heapUsed;
    }
  }
}
