import { toHex } from '@hab/core';
import { describe, expect, test } from 'vitest';

import type { CryptoEngine } from '../engine.ts';

const bytes = (hex: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** RFC 8032, 7.1: seed, public key, message, signature. */
const SIGNATURES = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
] as const;

/** RFC 7748, 6.1. */
const ALICE_PUBLIC = '8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a';
const BOB_PUBLIC = 'de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f';
const SHARED = '4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742';

/** Points of small order and encodings that are not canonical: libsodium refuses every one as a public key. */
const WEAK_ED25519 = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
const WEAK_X25519 = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
];
const GROUP_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;

/** What every {@link CryptoEngine} answers, hostile keys and signatures included. Run it from a vitest file. */
export function describeCryptoEngine(name: string, engine: CryptoEngine): void {
  describe(`crypto engine: ${name}`, () => {
    test.for(SIGNATURES)('RFC 8032 %s', ([seed, publicKey, message, signature]) => {
      expect(toHex(engine.ed25519PublicKey(bytes(seed)))).toBe(publicKey);
      expect(toHex(engine.ed25519Signer(bytes(seed))(bytes(message)))).toBe(signature);
      const verifier = engine.ed25519Verifier(bytes(publicKey));
      expect(verifier(bytes(signature), bytes(message))).toBe(true);
      expect(verifier(bytes(signature), bytes(`${message}00`))).toBe(false);
    });

    test('every changed bit of a signature is refused', () => {
      const [, publicKey, message, signature] = SIGNATURES[1];
      const verifier = engine.ed25519Verifier(bytes(publicKey));
      for (let bit = 0; bit < 512; bit += 7) {
        const changed = bytes(signature);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(verifier(changed, bytes(message))).toBe(false);
      }
    });

    test('a signature with an unreduced scalar is refused', () => {
      const [, publicKey, message, signature] = SIGNATURES[1];
      const unreduced = bytes(signature);
      let carry = littleEndian(unreduced.subarray(32)) + GROUP_ORDER;
      for (let i = 32; i < 64; i++, carry >>= 8n) unreduced[i] = Number(carry & 255n);
      expect(engine.ed25519Verifier(bytes(publicKey))(unreduced, bytes(message))).toBe(false);
    });

    test.for(WEAK_ED25519)('public key %s verifies nothing', (publicKey) => {
      const identity = bytes(`01${'00'.repeat(63)}`);
      const verifier = engine.ed25519Verifier(bytes(publicKey));
      for (let i = 0; i < 16; i++) expect(verifier(identity, Uint8Array.of(i))).toBe(false);
    });

    test('keys and signatures of a wrong length verify nothing', () => {
      const [, publicKey, message, signature] = SIGNATURES[0];
      expect(engine.ed25519Verifier(bytes(publicKey).subarray(1))(bytes(signature), bytes(message))).toBe(false);
      expect(engine.ed25519Verifier(bytes(publicKey))(bytes(signature).subarray(1), bytes(message))).toBe(false);
      expect(engine.ed25519Verifier(bytes(publicKey))(new Uint8Array(65), bytes(message))).toBe(false);
    });

    test('an exchange gives both sides the same secret', () => {
      const mine = Uint8Array.from({ length: 32 }, (_, i) => i + 1);
      const yours = Uint8Array.from({ length: 32 }, (_, i) => 200 - i);
      const here = engine.x25519SharedSecret(mine, engine.x25519PublicKey(yours));
      const there = engine.x25519SharedSecret(yours, engine.x25519PublicKey(mine));
      expect(here).toHaveLength(32);
      expect(here).toEqual(there);
    });

    test('RFC 7748 shared secret', () => {
      const bob = bytes('5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb');
      expect(toHex(engine.x25519PublicKey(bob))).toBe(BOB_PUBLIC);
      const shared = engine.x25519SharedSecret(bob, bytes(ALICE_PUBLIC));
      expect(shared && toHex(shared)).toBe(SHARED);
    });

    test.for(WEAK_X25519)('no secret is shared with %s', (publicKey) => {
      expect(engine.x25519SharedSecret(new Uint8Array(32).fill(7), bytes(publicKey))).toBeUndefined();
    });
  });
}

function littleEndian(value: Uint8Array): bigint {
  return value.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}
