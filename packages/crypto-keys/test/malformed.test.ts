import { encodeBase64 } from '@hab/core';
import { FakeClock, seededRandom, thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';

import {
  CRYPTO_ERROR_PREFIX,
  decryptRing,
  formatEnvelope,
  formatKey,
  formatNamedRevision,
  generateBldrKey,
  generateOriginKeyPair,
  generateRingKey,
  generateUserKeyPair,
  HabKey,
  isEnvelope,
  isNamedRevision,
  type KeyKind,
  MAX_ENVELOPE_BYTES,
  MAX_KEY_TEXT_BYTES,
  MAX_NAMED_REVISION_LENGTH,
  parseAnonymousBox,
  parseBlake2bHash,
  parseBldrSecretKey,
  parseEnvelope,
  parseKey,
  parseKeyFileName,
  parseNamedRevision,
  parseOriginSigningKey,
  parseSignedBox,
  serviceGroupKeyName,
  verify,
} from '../src/index.ts';

const MATERIAL = `${'A'.repeat(43)}=`;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('named revisions', () => {
  test.for([
    ['foo-20160504220722', 'foo', '20160504220722'],
    ['foo-stuff-20160504220722', 'foo-stuff', '20160504220722'],
    ['tnt.default@acme-19480531051223', 'tnt.default@acme', '19480531051223'],
    ['--20160420042001', '-', '20160420042001'],
    ['a-20160420042001-20160420042002', 'a-20160420042001', '20160420042002'],
    ['x-99999999999999', 'x', '99999999999999'],
  ])('%s', ([text = '', name = '', revision = '']) => {
    expect(parseNamedRevision(text)).toEqual({ name, revision });
    expect(formatNamedRevision({ name, revision })).toBe(text);
  });

  test.for([
    'barf',
    'barf-123',
    'barf-20160504220722-wheeeeeeeee',
    'im-in-trouble-123',
    '',
    '-20160504220722',
    'a-2016050422072２',
    'a\n-20160504220722',
    'a-20160504220722\n',
    'a_20160504220722',
  ])('%j is none', (text) => {
    expect(isNamedRevision(text)).toBe(false);
    expect(thrownBy(() => parseNamedRevision(text))).toMatchObject({
      code: 'KEYS_NAMED_REVISION_INVALID',
      message: `Cannot parse named revision '${text}'`,
    });
  });

  test('the longest, and one more', () => {
    const text = `${'n'.repeat(MAX_NAMED_REVISION_LENGTH - 15)}-20160504220722`;
    expect(isNamedRevision(text)).toBe(true);
    expect(isNamedRevision(`n${text}`)).toBe(false);
  });
});

describe('key files', () => {
  test.for<[string, string, string]>([
    ['nothing', '', 'Missing key version'],
    ['a blank tag', '\n', 'Unsupported key version: '],
    ['a tag with a blank', 'SYM-SEC-1 \n', 'Unsupported key version: SYM-SEC-1 '],
    ['a tag alone', 'SYM-SEC-1', 'Missing name+revision'],
    ['a tag and a line end', 'SYM-SEC-1\n', 'Missing name+revision'],
    ['a bad name', 'SYM-SEC-1\nnope\n\nx', "Cannot parse named revision 'nope'"],
    ['no blank line', 'SYM-SEC-1\na-20160504220722', 'Missing key material'],
    ['no material', 'SYM-SEC-1\na-20160504220722\n\n', 'Missing key material'],
    ['blank material', 'SYM-SEC-1\na-20160504220722\n\n\n', 'Could not parse bytes as key for a-20160504220722'],
    ['no base64', 'SYM-SEC-1\na-20160504220722\n\n%%%%', 'Invalid base64 key material'],
    ['no padding', `SYM-SEC-1\na-20160504220722\n\n${MATERIAL.slice(0, -1)}`, 'Invalid base64 key material'],
    ['URL alphabet', `SYM-SEC-1\na-20160504220722\n\n-_${MATERIAL.slice(2)}`, 'Invalid base64 key material'],
    [
      '31 bytes',
      `SYM-SEC-1\na-20160504220722\n\n${encodeBase64(new Uint8Array(31))}`,
      'Could not parse bytes as key for a-20160504220722',
    ],
    [
      '33 bytes',
      `SYM-SEC-1\na-20160504220722\n\n${encodeBase64(new Uint8Array(33))}`,
      'Could not parse bytes as key for a-20160504220722',
    ],
  ])('%s', ([, text, message]) => {
    expect(thrownBy(() => parseKey('ring', text))).toMatchObject({ message });
    expect(thrownBy(() => parseKey('ring', bytes(text)))).toMatchObject({ message });
  });

  test.for<[string, string]>([
    ['CRLF', `SYM-SEC-1\r\na-20160504220722\r\n\r\n${MATERIAL}\r\n`],
    ['anything in line 3', `SYM-SEC-1\na-20160504220722\nanything\n${MATERIAL}`],
    ['further lines', `SYM-SEC-1\na-20160504220722\n\n${MATERIAL}\nmore\nand more`],
    ['blanks around the material', `SYM-SEC-1\na-20160504220722\n\n  ${MATERIAL}\t`],
  ])('accepts %s, writes the canonical form', ([, text]) => {
    expect(formatKey(parseKey('ring', text))).toBe(`SYM-SEC-1\na-20160504220722\n\n${MATERIAL}`);
  });

  test('the longest text, one more, and no UTF-8', () => {
    const text = `SYM-SEC-1\na-20160504220722\n\n${MATERIAL}\n`;
    const longest = text.padEnd(MAX_KEY_TEXT_BYTES, 'x');
    expect(parseKey('ring', longest).name).toBe('a');
    expect(thrownBy(() => parseKey('ring', `${longest}x`))).toMatchObject({ details: { problem: 'too-long' } });
    expect(thrownBy(() => parseKey('ring', Uint8Array.of(0xff)))).toMatchObject({ details: { problem: 'not-utf8' } });
  });

  test('names of files', () => {
    expect(parseKeyFileName('a-b-20160504220722.sig.key')).toEqual({
      named: { name: 'a-b', revision: '20160504220722' },
      suffix: '.sig.key',
    });
    for (const name of ['a-20160504220722', 'a-20160504220722.key', 'a.pub', '.pub', 'a-20160504220722.pub~']) {
      expect(parseKeyFileName(name)).toBeUndefined();
    }
  });
});

describe('importing an origin key', () => {
  const pair = generateOriginKeyPair({ name: 'acme', clock: new FakeClock(), random: seededRandom(1) });

  test('takes either half, white space around it', () => {
    expect(parseOriginSigningKey(` \n${formatKey(pair.public)}\n\n`).kind).toBe('origin-signing-public');
    expect(parseOriginSigningKey(`${formatKey(pair.secret)}\n`).kind).toBe('origin-signing-secret');
  });

  test('refuses everything else', () => {
    const box = generateUserKeyPair({ name: 'acme', clock: new FakeClock(), random: seededRandom(1) }).public;
    for (const text of ['', 'hello', formatKey(box)]) {
      expect(thrownBy(() => parseOriginSigningKey(text))).toMatchObject({
        message: 'Could not parse content as an public or secret origin signing key!',
      });
    }
  });
});

test("a depot's key from an environment variable", () => {
  const key = generateBldrKey({ clock: new FakeClock(), random: seededRandom(1) });
  expect(formatKey(parseBldrSecretKey(formatKey(key).replaceAll('\n', '\\n')))).toBe(formatKey(key));
  expect(formatKey(parseBldrSecretKey(formatKey(key)))).toBe(formatKey(key));
});

test('names of service keys are not doubled', () => {
  expect(serviceGroupKeyName('redis.default', 'acme')).toBe('redis.default@acme');
  expect(serviceGroupKeyName('redis.default@acme', 'acme')).toBe('redis.default@acme');
});

test.for(['Core', '', ' foo', 'foo bar', '-foo'])('%j makes no origin key', (name) => {
  const options = { name, clock: new FakeClock(), random: seededRandom(1) };
  expect(thrownBy(() => generateOriginKeyPair(options))).toMatchObject({ code: 'KEYS_NAME_INVALID' });
});

test.for(['', 'a/b', '..\\x', 'a\nb', 'é'.repeat(120)])('%j makes no ring key', (name) => {
  const options = { name, clock: new FakeClock(), random: seededRandom(1) };
  expect(thrownBy(() => generateRingKey(options))).toMatchObject({ code: 'KEYS_NAME_INVALID' });
});

describe('envelopes', () => {
  const NONCE = encodeBase64(new Uint8Array(24));
  const REV = 'a-20160504220722';
  test.for<[string, string, string]>([
    ['nothing', '', "Corrupt payload, can't read version"],
    ['an unknown version', 'BOX-2\n', 'Unsupported version: BOX-2'],
    ['no encryptor', 'BOX-1', "Corrupt payload, can't read encryptor identifier"],
    ['a bad encryptor', 'BOX-1\nnope\n', "Cannot parse named revision 'nope'"],
    ['no decryptor', `BOX-1\n${REV}\n`, "Corrupt payload, can't read decryptor key name"],
    ['no nonce', `BOX-1\n${REV}\n${REV}\n`, "Corrupt payload, can't read nonce"],
    ['a bad nonce', `BOX-1\n${REV}\n${REV}\n*\nAAAA`, "Can't decode nonce: not base64"],
    ['a short nonce', `BOX-1\n${REV}\n${REV}\nAAAA\nAAAA`, 'Invalid size of nonce'],
    ['no ciphertext', `BOX-1\n${REV}\n${REV}\n${NONCE}\n`, "Corrupt payload, can't read ciphertext"],
    ['a bad ciphertext', `BOX-1\n${REV}\n${REV}\n${NONCE}\nAAA`, "Can't decode ciphertext: not base64"],
    ['an untrimmed ciphertext', `BOX-1\n${REV}\n${REV}\n${NONCE}\n AAAA`, "Can't decode ciphertext: not base64"],
    ['no recipient', 'ANONYMOUS-BOX-1', "Corrupt payload, can't read key_pair identifier"],
    ['no sealed box', `ANONYMOUS-BOX-1\n${REV}`, "Corrupt payload, can't read ciphertext"],
  ])('%s', ([, text, message]) => {
    expect(thrownBy(() => parseEnvelope(text))).toMatchObject({ message });
    expect(thrownBy(() => parseEnvelope(bytes(text)))).toMatchObject({ message });
  });

  test('later lines do not matter, writing gives the canonical text', () => {
    const text = `BOX-1\n${REV}\n${REV}\n${NONCE}\nAAAA`;
    expect(formatEnvelope(parseEnvelope(`${text}\nmore`))).toBe(text);
    const sealed = `ANONYMOUS-BOX-1\n${REV}\nAAAA`;
    expect(formatEnvelope(parseEnvelope(`${sealed}\n`))).toBe(sealed);
    expect([isEnvelope(text), isEnvelope(bytes(sealed)), isEnvelope('plain')]).toEqual([true, true, false]);
  });

  test('one form where the other is wanted', () => {
    expect(() => parseSignedBox(`ANONYMOUS-BOX-1\n${REV}\nAAAA`)).toThrow('Unsupported version: ANONYMOUS-BOX-1');
    expect(() => parseAnonymousBox(`BOX-1\n${REV}\n${REV}\n${NONCE}\nAAAA`)).toThrow('Unsupported version: BOX-1');
  });

  test('the longest, and one more', () => {
    const start = `BOX-1\n${REV}\n${REV}\n${NONCE}\n`;
    const room = MAX_ENVELOPE_BYTES - start.length - 1;
    const text = `${start}${'A'.repeat(room - (room % 4))}\n`.padEnd(MAX_ENVELOPE_BYTES, 'x');
    expect(parseSignedBox(text).ciphertext.length).toBeGreaterThan(12_000_000);
    expect(thrownBy(() => parseSignedBox(`${text}x`))).toMatchObject({ details: { problem: 'too-long' } });
  });
});

describe('signed and encrypted bytes', () => {
  const pair = generateOriginKeyPair({ name: 'acme', clock: new FakeClock(), random: seededRandom(1) });
  const ring = generateRingKey({ name: 'crew', clock: new FakeClock(), random: seededRandom(2) });

  test('too short to hold a signature', () => {
    for (let length = 0; length <= 64; length += 8) {
      expect(thrownBy(() => verify(new Uint8Array(length), pair.public))).toMatchObject({
        code: 'KEYS_VERIFICATION_FAILED',
        message: 'Verification failed',
      });
    }
  });

  test('a nonce of the wrong size, ciphertext too short for a tag', () => {
    const nonce = bytes('crazyinlove');
    expect(thrownBy(() => decryptRing({ nonce, ciphertext: new Uint8Array(40) }, ring))).toMatchObject({
      code: 'KEYS_NONCE_INVALID',
    });
    for (let length = 0; length < 20; length++) {
      const message = { nonce: new Uint8Array(24), ciphertext: new Uint8Array(length) };
      expect(thrownBy(() => decryptRing(message, ring))).toMatchObject({
        message: 'Secret key and nonce could not decrypt ciphertext',
      });
    }
  });

  test('a key of the wrong size', () => {
    const named = { name: 'a', revision: '20160504220722' };
    for (const kind of ['ring', 'origin-signing-secret', 'user-public'] as const satisfies readonly KeyKind[]) {
      expect(thrownBy(() => new HabKey(kind, named, new Uint8Array(33)))).toMatchObject({ code: 'KEYS_KEY_INVALID' });
    }
  });
});

test('hashes are 64 hex digits of either case', () => {
  const hash = 'AB'.repeat(32);
  expect(parseBlake2bHash(hash)).toBe('ab'.repeat(32));
  for (const text of ['', hash.slice(1), `${hash}0`, `${hash.slice(1)}g`]) {
    expect(thrownBy(() => parseBlake2bHash(text))).toMatchObject({
      code: 'KEYS_HASH_INVALID',
      message: expect.stringMatching(/^Could not parse Blake2bHash from string: /),
    });
  }
});

test('the prefix of printed errors', () => expect(CRYPTO_ERROR_PREFIX).toBe('Crypto error: '));
