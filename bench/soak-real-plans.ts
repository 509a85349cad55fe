import { resolve } from 'node:path';

import { buildRealPlans } from '../scripts/real-plans.ts';
import type { BenchIo } from './main.ts';

/** `npm run soak -- real-plans PLANS [NAME...]`: plans of others, built with wrappers of this machine. */
export default async function run({ print }: BenchIo, plans?: string, ...names: readonly string[]): Promise<void> {
  if (plans === undefined) {
    print(
      'Name a checkout of the public core plans, or its git directory: npm run soak -- real-plans /path/to/core-plans',
    );
    return;
  }
  if ((await buildRealPlans(resolve(plans), names, print)) > 0) process.exitCode = 1;
}
