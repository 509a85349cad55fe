// Builds the plan of a directory on the terminal that this program was started on. Started by attach.test.ts.
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { createStore } from '@hab/store/node';
import { buildPlan, storePackages } from '../../src/node/index.ts';

const { PATH, STUDIO_TYPE, BUILD_ON_FAILURE, BUILD_LOG } = process.env;
const root = process.argv[2] ?? '';
const layout = createLayout({ hab: join(root, 'hab') });
const keys = memoryKeyCache();
await keys.write(generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }));
// As a program does that builds plans.
const stop = new AbortController();
let open = false;
process.on('SIGINT', () => {
  if (!open) stop.abort(new DOMException('SIGINT', 'AbortError'));
});
process.once('SIGTERM', () => stop.abort(new DOMException('SIGTERM', 'AbortError')));
const result = await buildPlan(
  {
    signal: stop.signal,
    context: join(root, 'plan'),
    cwd: root,
    environment: { PATH: PATH ?? '', HOME: root, TERM: 'dumb', ...(STUDIO_TYPE === undefined ? {} : { STUDIO_TYPE }) },
    onFailure: BUILD_ON_FAILURE === 'shell' ? 'shell' : 'stop',
    log: BUILD_LOG !== undefined,
    target: 'x86_64-linux',
    stdio: { input: 'inherit' },
    interactive: process.stdin.isTTY,
    onProgress: (event) => {
      if (event.type === 'build:prompt') open = event.open;
    },
  },
  { layout, keys, clock: systemClock, packages: storePackages(createStore({ layout, target: 'x86_64-linux', keys })) },
);
process.exitCode = result.status;
