import { compareWithBash } from '../packages/plan-parser/test/support/compare.ts';
import { randomPlan } from '../packages/plan-parser/test/support/random-plan.ts';
import type { BenchIo } from './main.ts';

const PLANS = 10_000;
const BATCH = 200;

/**
 * Plans made at random from all that bash has to offer: every value that reading tells is the one that bash gives.
 *
 * `npm run soak -- plan-values [-SEED]`, with the first seed after a minus sign.
 */
export default async function run({ print }: BenchIo, first = '-1'): Promise<void> {
  let [known, unknown, skipped] = [0, 0, 0];
  const begin = Number(first.slice(1));
  const wrong: string[] = [];
  for (let seed = begin; seed < begin + PLANS; seed += BATCH) {
    const compared = compareWithBash(Array.from({ length: BATCH }, (_, i) => randomPlan(seed + i)));
    known += compared.known;
    unknown += compared.unknown;
    skipped += compared.skipped;
    wrong.push(...compared.wrong);
  }
  for (const line of wrong.slice(0, 20)) print(`WRONG ${line}`);
  print(
    `${PLANS} plans: ${known} values as bash gives them, ${unknown} unknown, ${wrong.length} wrong; ${skipped} plans end their shell`,
  );
  if (wrong.length > 0) throw new Error('Some values are wrong');
}
