import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLayout } from '@hab/core';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { packHart } from '@hab/hart/node';
import { artifactName, parseFullIdent, parseIdent } from '@hab/ident';
import { createStore, folderArtifactSource } from '@hab/store/node';

// A folder of artifacts, here of one that is made on the spot, and the keys of who signed them.
const folder = await mkdtemp(join(tmpdir(), 'store-'));
const [tree, artifacts] = [join(folder, 'tree'), join(folder, 'artifacts')];
for (const path of [tree, artifacts]) await mkdir(path);
const ident = parseFullIdent('acme/hello/1.0/20260101000000');
await writeFile(join(tree, 'IDENT'), 'acme/hello/1.0/20260101000000\n');
await writeFile(join(tree, 'TARGET'), 'x86_64-linux\n');
await writeFile(join(tree, 'MANIFEST'), '# acme / hello\n');
await writeFile(join(tree, 'greeting'), 'hello\n');
const keys = memoryKeyCache();
const pair = generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom });
await keys.write(pair);
const layout = createLayout({ root: join(folder, 'root') });
const prefix = createLayout().prefix('acme', 'hello', '1.0', '20260101000000');
const artifact = join(artifacts, artifactName(ident, 'x86_64-linux'));
await packHart(artifact, { directory: tree, prefix, key: pair.secret, mtimeSec: 0 });

const store = createStore({ layout, target: 'x86_64-linux', keys });
const { installed } = await store.install([{ type: 'ident', ident: parseIdent('acme/hello') }], {
  sources: [folderArtifactSource(artifacts)],
});
const hello = await store.load(parseIdent('acme/hello'));
console.log(installed.length, hello.ident.version, (await store.runtimePath(hello)).length); // 1 1.0 0
