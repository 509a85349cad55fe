import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout, type Layout } from '@hab/core';
import { removeTree } from '@hab/core/node';
import { FakeClock, seededRandom } from '@hab/core/testing';
import { generateOriginKeyPair, memoryKeyCache, type OriginKeyPair } from '@hab/crypto-keys';
import { createHartWorker, type HartWorker } from '@hab/hart/node';

import { createStore, type Store } from '../src/node/index.ts';
import { packTestArtifact, type TestPackage, writeTestPackage } from '../src/testing/index.ts';

/** A root of its own with a store, a folder of artifacts and a key of origin acme. */
export interface Sandbox extends AsyncDisposable {
  readonly root: string;
  readonly layout: Layout;
  readonly store: Store;
  readonly folder: string;
  readonly key: OriginKeyPair;
  readonly worker: HartWorker;
  /** Packs artifacts into the folder. @returns The path of the last one. */
  pack(...packages: TestPackage[]): Promise<string>;
  /** Writes packages straight into the store. */
  put(...packages: TestPackage[]): Promise<void>;
}

export async function createSandbox(): Promise<Sandbox> {
  const root = await mkdtemp(join(tmpdir(), 'hab-store-'));
  const layout = createLayout({ root });
  const folder = join(root, 'artifacts');
  const key = generateOriginKeyPair({
    name: 'acme',
    clock: new FakeClock(Date.UTC(2026, 0, 1)),
    random: seededRandom(1),
  });
  const keys = memoryKeyCache();
  await keys.write(key);
  const worker = createHartWorker();
  return {
    root,
    layout,
    store: createStore({ layout, target: 'x86_64-linux', keys }),
    folder,
    key,
    worker,
    async pack(...packages) {
      let path = '';
      for (const pkg of packages) path = await packTestArtifact(pkg, { key: key.secret, into: folder, worker });
      return path;
    },
    async put(...packages) {
      for (const pkg of packages) await writeTestPackage(join(layout.packages, pkg.ident), pkg);
    },
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await removeTree(root);
    },
  };
}
