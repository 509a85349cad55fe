// One operation on one artifact, in a process of its own: `hart-step.ts NAME ROOT PREFIX`. Prints its peak memory in bytes.
import { join } from 'node:path';
import { FakeClock, seededRandom } from '@hab/core/testing';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { packHart, readHartMetadata, signHart, unpackHart, verifyHart } from '@hab/hart/node';

const [name = '', root = '', prefix = ''] = process.argv.slice(2);
const file = join(root, 'large.hart');
const keys = memoryKeyCache();
const pair = generateOriginKeyPair({ name: 'soak', clock: new FakeClock(), random: seededRandom(1) });
await keys.write(pair);

const operations: Readonly<Record<string, () => Promise<unknown>>> = {
  pack: () => packHart(file, { directory: join(root, 'tree'), prefix, key: pair.secret, mtimeSec: 0, level: 0 }),
  verify: () => verifyHart(file, keys),
  metadata: () => readHartMetadata(file),
  unpack: () => unpackHart(file, { into: join(root, 'out'), keys }),
  sign: () => signHart(file, join(root, 'signed.hart'), { key: pair.secret }),
};
const operation = operations[name];
if (operation === undefined) throw new Error(`no operation ${name}`);
await operation();
console.log(process.resourceUsage().maxRSS * 1024);
