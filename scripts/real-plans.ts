// Builds plans of others with wrappers of this machine and sources from Debian, and says which build.
//
//   node scripts/real-plans.ts PLANS [NAME...]     PLANS is a checkout of the public core plans, or its git directory
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { REAL_PLANS } from './real-plans/plans.ts';
import { keepLogs, type RealBuild, Workshop } from './real-plans/workshop.ts';

/** @returns how many did not build. */
export async function buildRealPlans(
  plans: string,
  names: readonly string[],
  print: (line: string) => void,
): Promise<number> {
  const chosen = REAL_PLANS.filter(({ folder }) => names.length === 0 || names.includes(folder));
  using workshop = new Workshop();
  print(`wrappers of this machine: ${workshop.wrapHost().toFixed(1)} s\n`);
  print('Callbacks and dependencies are as published; do_check is off.\n');
  print('| plan | seconds | result | adapted |\n|---|---|---|---|');
  const builds: RealBuild[] = [];
  for (const plan of chosen) {
    const built = await workshop.build(plan, plans);
    builds.push(built);
    const { folder, seconds, artifact, reason, adapted } = built;
    print(`| ${folder} | ${seconds.toFixed(1)} | ${artifact ?? `no: ${reason}`} | ${adapted.join('; ')} |`);
  }
  const failures = builds.filter(({ reason }) => reason !== undefined);
  if (failures.length > 0) {
    const logs = mkdtempSync(join(tmpdir(), 'hab-real-logs-'));
    keepLogs(builds, logs);
    print(`\nLogs: ${logs}`);
  }
  print(`\n${builds.length - failures.length} of ${builds.length} plans build.`);
  return failures.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [plans, ...names] = process.argv.slice(2);
  if (plans === undefined) {
    console.error('usage: real-plans.ts PLANS [NAME...]');
    process.exitCode = 2;
  } else if ((await buildRealPlans(resolve(plans), names, console.log)) > 0) process.exitCode = 1;
}
