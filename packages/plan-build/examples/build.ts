import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { targetFor } from '@hab/ident';
import { buildPlan, storePackages } from '@hab/plan-build/node';
import { createStore } from '@hab/store/node';

const root = await mkdtemp(join(tmpdir(), 'hab-example-'));
await writeFile(
  join(root, 'plan.sh'),
  `pkg_name=hello
pkg_origin=acme
pkg_version=1.0
pkg_bin_dirs=(bin)
do_build() { printf '#!/bin/sh\\necho hello\\n' > hello; }
do_install() { install -m 0755 hello "$pkg_prefix/bin/"; }
`,
);

const layout = createLayout({ hab: join(root, 'hab') }); // real packages live below /hab
const keys = memoryKeyCache();
await keys.write(generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom }));
const store = createStore({ layout, target: targetFor(process), keys });

const result = await buildPlan(
  { context: root, cwd: root, environment: process.env, stdio: { output: 'ignore' } },
  { layout, keys, packages: storePackages(store), clock: systemClock },
);
console.log(result.type, result.status);
if (result.type === 'built') {
  console.log(result.ident.origin, result.ident.name, result.ident.version);
  console.log((await readFile(join(result.prefix, 'bin/hello'), 'utf8')).split('\n')[1]);
}
await rm(root, { recursive: true });
