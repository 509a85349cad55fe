import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rejectionOf } from '@hab/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import {
  createHartWorker,
  type HartWorker,
  listHart,
  readHartMetadata,
  type SigningKeys,
  unpackHart,
  verifyHart,
} from '../src/node/index.ts';
import { signed, trusted, trusting } from './signed-artifacts.ts';

const folder = new URL('../../../vectors/hart/bodies/', import.meta.url);
const names = readdirSync(folder).sort();
const good = names.filter((name) => !name.startsWith('bad-'));
const bad = names.filter((name) => name.startsWith('bad-'));
const NUMBERS = Array.from({ length: 20_000 }, (_, i) => `${i + 1}\n`).join('');

let scratch: string;
let worker: HartWorker;
let keys: SigningKeys;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'hab-bodies-'));
  worker = createHartWorker();
  keys = await trusting(trusted);
});
afterAll(async () => {
  await worker[Symbol.asyncDispose]();
  await rm(scratch, { recursive: true });
});

async function artifact(name: string): Promise<string> {
  const path = join(scratch, `${name}.hart`);
  await writeFile(path, signed(readFileSync(new URL(name, folder))));
  return path;
}

test('the bodies are there', () => expect([good.length, bad.length]).toEqual([10, 6]));

test.for(good)('%s is read', async (name) => {
  const path = await artifact(name);
  const into = join(scratch, `${name}.out`);
  const { directory, ident } = await unpackHart(path, { into, keys, worker });
  expect(ident.name).toBe('bodies');
  expect(await readFile(join(directory, 'bin/numbers'), 'utf8')).toBe(NUMBERS);
  expect((await readHartMetadata(path)).metadata.target).toBe('x86_64-linux');
});

test.for(bad)('%s is refused, though it is signed', async (name) => {
  const path = await artifact(name);
  expect((await verifyHart(path, keys)).keyName).toBe(trusted.public.namedRevision);
  const code = 'HART_BODY_INVALID';
  expect(await rejectionOf(unpackHart(path, { into: join(scratch, `${name}.out`), keys, worker }))).toMatchObject({
    code,
  });
  expect(await rejectionOf(readHartMetadata(path))).toMatchObject({ code });
  expect(await rejectionOf(listHart(path))).toMatchObject({ code });
  expect(readdirSync(scratch)).not.toContain(`${name}.out`);
});
