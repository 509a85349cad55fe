import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock, rejectionOf, seededRandom, thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import {
  decryptAnonymousBox,
  decryptBldrBox,
  decryptBox,
  encryptAnonymousBox,
  encryptBldrBox,
  encryptBox,
  generateBldrKey,
  generateOriginEncryptionKeyPair,
  generateServiceGroupKeyPair,
  generateUserKeyPair,
  HabKey,
  type HashProgress,
  hashChunks,
  memoryKeyCache,
  openUserPayload,
  parseEnvelope,
  sealUserPayload,
} from '../src/index.ts';
import { hashFile } from '../src/node/index.ts';

const random = seededRandom(4);
const at = (name: string, ms = 0) => ({ name, clock: new FakeClock(ms), random });
const message = new TextEncoder().encode('port = 1');

test('a user encrypts for a service group with the latest keys of both', async () => {
  const cache = memoryKeyCache();
  for (const ms of [0, 5000]) {
    await cache.write(generateUserKeyPair(at('ann', ms)));
    await cache.write(generateServiceGroupKeyPair(at('redis.default@acme', ms)));
  }
  const text = await sealUserPayload(message, cache, { user: 'ann', serviceGroup: 'redis.default@acme', random });
  expect(parseEnvelope(text)).toMatchObject({
    encryptor: 'ann-19700101000005',
    decryptor: 'redis.default@acme-19700101000005',
  });
  expect(await openUserPayload(text, cache)).toEqual({ message, encryptor: 'ann-19700101000005' });
});

test('without the keys nothing is sent, and nothing opened', async () => {
  const cache = memoryKeyCache();
  await cache.write(generateUserKeyPair(at('ann')));
  const sealing = sealUserPayload(message, cache, { user: 'ann', serviceGroup: 'redis.default@acme', random });
  expect(await rejectionOf(sealing)).toMatchObject({ code: 'KEYS_NO_REVISIONS' });
  const other = memoryKeyCache();
  await cache.write(generateServiceGroupKeyPair(at('redis.default@acme')));
  const text = await sealUserPayload(message, cache, { user: 'ann', serviceGroup: 'redis.default@acme', random });
  expect(await rejectionOf(openUserPayload(text, other))).toMatchObject({ code: 'KEYS_NOT_FOUND' });
});

test('a box opens only with the keys that it names', () => {
  const sender = generateUserKeyPair(at('ann'));
  const recipient = generateServiceGroupKeyPair(at('redis.default@acme'));
  const box = encryptBox(message, { sender: sender.secret, recipient: recipient.public, random });
  const renamed = new HabKey('user-public', { name: 'eve', revision: '19700101000000' }, sender.public.copyMaterial());
  expect(thrownBy(() => decryptBox(box, { sender: renamed, recipient: recipient.secret }))).toMatchObject({
    code: 'KEYS_DECRYPTION_FAILED',
  });
});

test('every changed byte of a box is noticed', () => {
  const pair = generateOriginEncryptionKeyPair(at('acme'));
  const box = encryptAnonymousBox(message, pair.public, { random });
  for (let i = 0; i < box.ciphertext.length; i++) {
    const ciphertext = new Uint8Array(box.ciphertext);
    ciphertext[i] = (ciphertext[i] ?? 0) ^ 0x40;
    expect(thrownBy(() => decryptAnonymousBox({ ...box, ciphertext }, pair.secret))).toMatchObject({
      message: 'Could not decrypt origin encrypted secret',
    });
  }
});

test('a depot refuses what another revision of its key encrypted', () => {
  const [key, later] = [0, 1000].map((ms) => generateBldrKey({ clock: new FakeClock(ms), random }));
  if (key === undefined || later === undefined) return expect.fail();
  const box = encryptBldrBox(message, key, { random });
  expect(decryptBldrBox(box, key)).toEqual(message);
  expect(thrownBy(() => decryptBldrBox(box, later))).toMatchObject({ code: 'KEYS_DECRYPTION_FAILED' });
});

test('nobody encrypts for a key of small order', () => {
  const sender = generateUserKeyPair(at('ann'));
  const weak = new HabKey('service-group-public', { name: 'x', revision: '19700101000000' }, new Uint8Array(32));
  expect(thrownBy(() => encryptBox(message, { sender: sender.secret, recipient: weak, random }))).toMatchObject({
    code: 'KEYS_DECRYPTION_FAILED',
  });
});

test('hashing a file reports progress and stops when told', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'hab-hash-'));
  try {
    const path = join(directory, 'file');
    await writeFile(path, new Uint8Array(3_000_000));
    const events: HashProgress[] = [];
    const hash = await hashFile(path, { onProgress: (event) => events.push(event) });
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(events.at(-1)).toEqual({ type: 'keys:hashed', bytes: 3_000_000 });
    const controller = new AbortController();
    const stopping = hashFile(path, {
      signal: controller.signal,
      onProgress: () => controller.abort(new Error('enough')),
    });
    expect(await rejectionOf(stopping)).toMatchObject({ name: expect.stringMatching(/Error/) });
    expect(await rejectionOf(hashFile(join(directory, 'none')))).toMatchObject({ code: 'ENOENT' });
  } finally {
    await rm(directory, { recursive: true });
  }
});

test('the source of a hash is closed when hashing ends early', async () => {
  let closed = false;
  async function* endless() {
    try {
      for (;;) yield new Uint8Array(10);
    } finally {
      closed = true;
    }
  }
  const controller = new AbortController();
  let chunks = 0;
  const hashing = hashChunks(endless(), {
    signal: controller.signal,
    onProgress: () => {
      chunks += 1;
      if (chunks === 3) controller.abort('enough');
    },
  });
  expect(await rejectionOf(hashing)).toBe('enough');
  expect(closed).toBe(true);
});
