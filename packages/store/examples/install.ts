import { copyFile, mkdir, mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { parseIdent } from '@hab/ident';
import { createStore, folderArtifactSource } from '@hab/store/node';

// A folder of artifacts and the public keys of who signed them.
const recorded = join(import.meta.dirname, '../../../vectors');
const names = await readdir(join(recorded, 'plan-build/original/zee'));
const artifact = names.find((name) => name.endsWith('.hart')) ?? '';
const root = await mkdtemp(join(tmpdir(), 'store-'));
await mkdir(join(root, 'artifacts'));
await copyFile(join(recorded, 'plan-build/original/zee', artifact), join(root, 'artifacts', artifact));

const store = createStore({
  layout: createLayout({ root }),
  target: 'x86_64-linux',
  keys: folderKeyCache(join(recorded, 'keys/original')),
});
const { installed } = await store.install([{ type: 'ident', ident: parseIdent('acme/zee') }], {
  sources: [folderArtifactSource(join(root, 'artifacts'))],
});
const zee = await store.load(parseIdent('acme/zee'));
console.log(installed.length, zee.ident.version, (await store.runtimePath(zee)).length); // 1 1.2.13 2
