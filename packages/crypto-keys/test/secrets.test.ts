import { inspect } from 'node:util';
import { decodeBase64, encodeBase64, toHex } from '@hab/core';
import { FakeClock, rejectionOf, seededRandom, thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';

import {
  createKeys,
  decryptBox,
  decryptRing,
  encryptBox,
  formatKey,
  generateBldrKey,
  generateOriginEncryptionKeyPair,
  generateOriginKeyPair,
  generateRingKey,
  generateServiceGroupKeyPair,
  generateUserKeyPair,
  type HabKey,
  memoryKeyCache,
  parseKey,
  parseNamedRevision,
  sign,
} from '../src/index.ts';

const random = seededRandom(9);
const options = { name: 'acme', clock: new FakeClock(), random };
const secrets: readonly HabKey[] = [
  generateOriginKeyPair(options).secret,
  generateOriginEncryptionKeyPair(options).secret,
  generateUserKeyPair(options).secret,
  generateServiceGroupKeyPair({ ...options, name: 'redis.default@acme' }).secret,
  generateRingKey(options),
  generateBldrKey(options),
];

/** The forms in which 32 or 64 bytes could show up. */
function formsOf(key: HabKey): string[] {
  const material = key.copyMaterial();
  const seed = material.subarray(0, 32);
  return [encodeBase64(material), encodeBase64(seed), toHex(material), toHex(seed), seed.join(','), seed.join(', ')];
}

function expectHidden(text: string, key: HabKey): void {
  for (const form of formsOf(key)) expect(text).not.toContain(form);
}

describe('a secret key', () => {
  test.for(secrets)('$kind shows its name and nothing else', (key) => {
    const shown = [
      inspect(key, { depth: 10, showHidden: true }),
      inspect({ nested: [key] }, { depth: 10 }),
      JSON.stringify(key),
      JSON.stringify({ nested: [key] }),
      String(key),
      `${key}`,
      Object.entries(key).join(),
      JSON.stringify(structuredClone({ ...key })),
      inspect(new Error('outer', { cause: key })),
    ];
    for (const text of shown) expectHidden(text, key);
    expect(JSON.parse(JSON.stringify(key))).toEqual({ kind: key.kind, namedRevision: key.namedRevision });
  });

  test('gives its material as a copy', () => {
    for (const key of secrets) {
      key.copyMaterial().fill(0);
      expect(key.copyMaterial().some((byte) => byte !== 0)).toBe(true);
    }
  });
});

/** Everything an error could carry into a log. */
const everything = (error: unknown): string =>
  `${inspect(error, { depth: 20, showHidden: true })}${JSON.stringify(error)}${String(error)}`;

describe('errors', () => {
  test.for(secrets)('about damaged files of kind $kind', (key) => {
    const [tag = '', name = '', blank = '', material = ''] = formatKey(key).split('\n');
    const damaged = [
      material,
      [material, name, blank, tag].join('\n'),
      [tag, material].join('\n'),
      [tag, name, material].join('\n'),
      [tag, name, blank, `${material.slice(0, -4)}!`].join('\n'),
      [tag, name, blank, material.slice(4)].join('\n'),
      [tag, `${name}x`, blank, material].join('\n'),
      [`${tag} ${material}`, name, blank, material].join('\n'),
    ];
    for (const text of damaged) expectHidden(everything(thrownBy(() => parseKey(key.kind, text))), key);
  });

  test('about keys that do not fit', () => {
    const ring = secrets[4] as HabKey<'ring'>;
    const message = { nonce: new Uint8Array(24), ciphertext: new Uint8Array(40) };
    expectHidden(everything(thrownBy(() => decryptRing(message, ring))), ring);
    const sender = generateUserKeyPair(options);
    const recipient = generateServiceGroupKeyPair({ ...options, name: 'redis.default@acme' });
    const box = encryptBox(new Uint8Array(3), { sender: sender.secret, recipient: recipient.public, random });
    const other = generateServiceGroupKeyPair({ ...options, name: 'redis.default@acme' }).secret;
    const error = thrownBy(() => decryptBox(box, { sender: sender.public, recipient: other }));
    expect(error).toMatchObject({ message: 'Secret key, public key, and nonce could not decrypt ciphertext' });
    expectHidden(everything(error), other);
  });

  test('about a secret key whose halves differ', () => {
    const { secret } = generateOriginKeyPair(options);
    const [tag, name, blank, material = ''] = formatKey(secret).split('\n');
    const bytes = decodeBase64(material) ?? expect.fail();
    bytes[40] = (bytes[40] ?? 0) ^ 1;
    const damaged = parseKey('origin-signing-secret', [tag, name, blank, encodeBase64(bytes)].join('\n'));
    const error = thrownBy(() => sign(new Uint8Array(1), damaged));
    expect(error).toMatchObject({ code: 'KEYS_PAIR_MISMATCH' });
    expectHidden(everything(error), damaged);
  });

  test('about a cache', async () => {
    const cache = memoryKeyCache();
    const [key] = secrets as readonly [HabKey];
    await cache.write(key);
    const same = generateOriginKeyPair(options).secret;
    const error = await rejectionOf(cache.write(same));
    expect(error).toMatchObject({ code: 'KEYS_EXISTS' });
    expectHidden(everything(error), key);
    expectHidden(everything(error), same);
  });

  test('about a named revision that is a secret by mistake', () => {
    const [key] = secrets as readonly [HabKey];
    const [secret = ''] = formsOf(key);
    expectHidden(everything(thrownBy(() => parseNamedRevision(secret))), key);
  });
});

test('a clock that stands still does not stop new keys', async () => {
  const cache = memoryKeyCache();
  const made = new Set<string>();
  for (let i = 0; i < 120; i++) made.add((await createKeys(cache, generateRingKey, options)).revision);
  expect(made.size).toBe(120);
  expect(await rejectionOf(createKeys(cache, generateRingKey, options))).toMatchObject({ code: 'KEYS_EXISTS' });
});
