import { FakeClock, seededRandom } from '@hab/core/testing';
import sodium from 'libsodium-wrappers';
import { beforeAll, describe, expect, test } from 'vitest';

import {
  decryptAnonymousBox,
  decryptBox,
  decryptRing,
  encryptAnonymousBox,
  encryptBox,
  encryptRing,
  generateOriginEncryptionKeyPair,
  generateOriginKeyPair,
  generateRingKey,
  generateServiceGroupKeyPair,
  generateUserKeyPair,
  hashBytes,
  portableEngine,
  sign,
  verify,
} from '../src/index.ts';
import { nodeEngine } from '../src/node/index.ts';

// The originals use libsodium: every primitive, both ways, against a build of it.
beforeAll(() => sodium.ready);

const random = seededRandom(77);
const clock = new FakeClock();
const messages = [0, 1, 15, 16, 17, 63, 64, 65, 1000, 70_000].map((length) => random.bytes(length));

test('hashes', () => {
  for (const message of messages) expect(hashBytes(message)).toEqual(sodium.crypto_generichash(32, message, null));
});

describe.for([
  ['portable', portableEngine],
  ['node', nodeEngine],
] as const)('%s engine', ([, engine]) => {
  test('signatures', () => {
    const pair = generateOriginKeyPair({ name: 'acme', clock, random, engine });
    const [publicKey, secretKey] = [pair.public.copyMaterial(), pair.secret.copyMaterial()];
    expect(sodium.crypto_sign_seed_keypair(secretKey.subarray(0, 32)).publicKey).toEqual(publicKey);
    for (const message of messages) {
      const theirs = sodium.crypto_sign(message, secretKey);
      expect(sign(message, pair.secret, { engine })).toEqual(theirs);
      expect(verify(theirs, pair.public, { engine })).toEqual(message);
      expect(sodium.crypto_sign_open(sign(message, pair.secret, { engine }), publicKey)).toEqual(message);
    }
  });

  test('boxes', () => {
    const sender = generateUserKeyPair({ name: 'ann', clock, random, engine });
    const recipient = generateServiceGroupKeyPair({ name: 'redis.default@acme', clock, random, engine });
    expect(sodium.crypto_scalarmult_base(sender.secret.copyMaterial())).toEqual(sender.public.copyMaterial());
    for (const message of messages) {
      const box = encryptBox(message, { sender: sender.secret, recipient: recipient.public, random, engine });
      const [theirPublic, theirSecret] = [recipient.public.copyMaterial(), sender.secret.copyMaterial()];
      expect(box.ciphertext).toEqual(sodium.crypto_box_easy(message, box.nonce, theirPublic, theirSecret));
      const reading = { sender: sender.public, recipient: recipient.secret, engine };
      expect(decryptBox(box, reading)).toEqual(message);
    }
  });

  test('sealed boxes', () => {
    const { public: publicKey, secret } = generateOriginEncryptionKeyPair({ name: 'acme', clock, random, engine });
    const [rawPublic, rawSecret] = [publicKey.copyMaterial(), secret.copyMaterial()];
    for (const message of messages) {
      const ours = encryptAnonymousBox(message, publicKey, { random, engine });
      expect(sodium.crypto_box_seal_open(ours.ciphertext, rawPublic, rawSecret)).toEqual(message);
      const theirs = new Uint8Array(sodium.crypto_box_seal(message, rawPublic));
      expect(decryptAnonymousBox({ ...ours, ciphertext: theirs }, secret, { engine })).toEqual(message);
    }
  });
});

test('ring messages', () => {
  const ring = generateRingKey({ name: 'crew', clock, random });
  for (const message of messages) {
    const ours = encryptRing(message, ring, random);
    expect(ours.ciphertext).toEqual(sodium.crypto_secretbox_easy(message, ours.nonce, ring.copyMaterial()));
    expect(decryptRing(ours, ring)).toEqual(message);
    ours.ciphertext[ours.ciphertext.length - 1] = (ours.ciphertext.at(-1) ?? 0) ^ 1;
    expect(() => decryptRing(ours, ring)).toThrow('Secret key and nonce could not decrypt ciphertext');
  }
});
