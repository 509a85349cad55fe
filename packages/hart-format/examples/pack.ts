import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { packHart, readHartMetadata, unpackHart } from '@hab/hart/node';

const work = await mkdtemp(join(tmpdir(), 'hart-'));
const keys = memoryKeyCache();
const pair = generateOriginKeyPair({ name: 'acme', clock: systemClock, random: systemRandom });
await keys.write(pair);

// A built tree: what is inside, and the three metafiles that every package has.
const directory = join(work, 'built');
await mkdir(join(directory, 'bin'), { recursive: true });
await writeFile(join(directory, 'bin/hello'), '#!/bin/sh\necho hello\n', { mode: 0o755 });
await writeFile(join(directory, 'IDENT'), 'acme/hello/1.0/20260101000000\n');
await writeFile(join(directory, 'TARGET'), 'x86_64-linux\n');
await writeFile(join(directory, 'MANIFEST'), '# acme / hello\n');

// Packed and signed: the same tree gives the same bytes, everywhere.
const file = join(work, 'hello.hart');
const prefix = '/hab/pkgs/acme/hello/1.0/20260101000000';
const { hash } = await packHart(file, { directory, prefix, key: pair.secret, mtimeSec: 1_767_225_600 });

// Metafiles are read without unpacking; unpacking verifies in the same pass and leaves nothing behind when it fails.
const { metadata } = await readHartMetadata(file);
const unpacked = await unpackHart(file, { into: join(work, 'staging'), keys });
console.log(metadata.ident.name, unpacked.hash === hash, unpacked.directory.endsWith(prefix)); // hello true true
