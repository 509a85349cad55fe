import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, sign, verify } from '@hab/crypto-keys';
import { folderKeyCache } from '@hab/crypto-keys/node';

const keys = folderKeyCache(await mkdtemp(join(tmpdir(), 'keys-')));

// A new pair, kept as Habitat keeps it: acme-<revision>.pub and, mode 0400, acme-<revision>.sig.key.
const pair = generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom });
await keys.write(pair);

// Signed with the newest revision, verified with the public half alone.
const signed = sign(new TextEncoder().encode('hello'), await keys.latest('origin-signing-secret', 'acme'));
const opened = verify(signed, await keys.latest('origin-signing-public', 'acme'));
console.log(new TextDecoder().decode(opened)); // hello
