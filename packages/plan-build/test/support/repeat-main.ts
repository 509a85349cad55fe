// Builds a plan in a root with keys, for repeatable.test.ts: ROOT CONTEXT CLOCK-MS [RELEASE]. Prints the artifact's path.
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { systemClock } from '@hab/core/node';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { createStore } from '@hab/store/node';
import { buildPlan, storePackages } from '../../src/node/index.ts';

const [root = '', context, now, release] = process.argv.slice(2);
const layout = createLayout({ hab: join(root, 'hab') });
const keys = folderKeyCache(join(root, 'keys'));
const result = await buildPlan(
  { context, cwd: process.cwd(), environment: process.env, target: 'x86_64-linux', release, stdio: { output: 2 } },
  {
    layout,
    keys,
    clock: { ...systemClock, now: () => Number(now) },
    packages: storePackages(createStore({ layout, target: 'x86_64-linux', keys })),
  },
);
if (result.type === 'built') process.stdout.write(result.artifact);
process.exitCode = result.type === 'built' ? 0 : 1;
