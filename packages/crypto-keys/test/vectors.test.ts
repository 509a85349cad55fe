import { readFileSync } from 'node:fs';
import { decodeBase64, encodeBase64, toHex } from '@hab/core';
import { describe, expect, test } from 'vitest';

import {
  createBlake2bHasher,
  decryptAnonymousBox,
  decryptBldrBox,
  decryptBox,
  decryptRing,
  encryptBldrBox,
  encryptBox,
  encryptRing,
  formatKey,
  HabKey,
  hashBytes,
  hashChunks,
  KEY_KINDS,
  type KeyKind,
  parseKey,
  parseKeyFileName,
  portableEngine,
  sign,
  verify,
} from '../src/index.ts';
import { nodeEngine } from '../src/node/index.ts';

interface Sealed {
  nonce: string;
  ciphertext: string;
  plaintext: string;
}
interface Vectors {
  files: {
    file: string;
    bytes: number;
    finalNewline: boolean;
    blake2b: string;
    kind?: KeyKind;
    material?: string;
    error?: string;
  }[];
  hashes: { text?: string; hex?: string; blake2b: string }[];
  signed: { file: string; key: string; signedHash: string }[];
  ring: Sealed[];
  box: Sealed[];
  anonymous: Omit<Sealed, 'nonce'>[];
  bldr: Sealed & { key: string; secret: string; public: string };
}
const root = new URL('../../../vectors/keys/', import.meta.url);
const read = (file: string): Uint8Array => readFileSync(new URL(file, root));
const vectors = JSON.parse(new TextDecoder().decode(read('cases.json'))) as Vectors;
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const raw = (base64: string): Uint8Array<ArrayBuffer> => decodeBase64(base64) ?? expect.fail('not base64');
const key = <K extends KeyKind>(kind: K, file: string): HabKey<K> => parseKey(kind, read(file));

const keys = vectors.files.filter((file) => file.kind !== undefined);

test('the files are undamaged', () => {
  expect(vectors.files).toHaveLength(22);
  for (const { file, bytes, finalNewline, blake2b } of vectors.files) {
    const content = read(file);
    expect([file, content.length, content.at(-1) === 10]).toEqual([file, bytes, finalNewline]);
    expect(toHex(hashBytes(content))).toBe(blake2b);
  }
});

describe('every key file', () => {
  test.for(keys)('$file', ({ file, kind = 'ring', material, error, finalNewline }) => {
    if (error !== undefined) return expect(() => key(kind, file)).toThrow(error);
    const parsed = key(kind, file);
    if (material !== undefined) expect(toHex(parsed.copyMaterial())).toBe(material);
    expect(formatKey(parsed)).toBe(finalNewline ? text(read(file)).slice(0, -1) : text(read(file)));
    expect(parseKeyFileName(file.split('/')[1] ?? '')).toEqual({
      named: { name: parsed.name, revision: parsed.revision },
      suffix: KEY_KINDS[kind].suffix,
    });
  });

  test.for(keys)('$file parses as exactly the kinds with its first line', ({ file, kind = 'ring', error }) => {
    for (const other of Object.keys(KEY_KINDS) as KeyKind[]) {
      const fits = error === undefined && KEY_KINDS[other].tag === KEY_KINDS[kind].tag;
      const firstLine = text(read(file)).split('\n')[0];
      if (fits) expect(key(other, file).kind).toBe(other);
      else expect(() => key(other, file)).toThrow(`Unsupported key version: ${firstLine}`);
    }
  });

  test.for(keys.filter(({ kind, error }) => kind?.endsWith('-secret') && error === undefined))(
    '$file is the secret of its public half',
    ({ file, kind = 'ring' }) => {
      const secret = key(kind, file).copyMaterial();
      const publicKind = kind.replace('-secret', '-public') as KeyKind;
      const publicKey = key(publicKind, file.replace(/\.(sig|box)\.key$/, '.pub')).copyMaterial();
      if (kind === 'origin-signing-secret') {
        expect(secret.subarray(32)).toEqual(publicKey);
        expect(portableEngine.ed25519PublicKey(secret.subarray(0, 32))).toEqual(publicKey);
      } else {
        expect(portableEngine.x25519PublicKey(secret)).toEqual(publicKey);
      }
    },
  );
});

describe('hashes', () => {
  test.for(vectors.hashes)('%j', async ({ text: message, hex, blake2b }) => {
    const bytes = hex === undefined ? utf8(message ?? '') : Uint8Array.from(Buffer.from(hex, 'hex'));
    expect(toHex(hashBytes(bytes))).toBe(blake2b);
    const hasher = await createBlake2bHasher();
    for (const byte of bytes) hasher.update(Uint8Array.of(byte));
    expect(hasher.digestHex()).toBe(blake2b);
    async function* chunks() {
      yield bytes;
    }
    expect(await hashChunks(chunks())).toBe(blake2b);
  });
});

test.for([portableEngine, nodeEngine])('signing vectors', (engine) => {
  for (const { file, key: keyFile, signedHash } of vectors.signed) {
    const secret = key('origin-signing-secret', keyFile);
    const hash = utf8(toHex(hashBytes(read(file))));
    expect(encodeBase64(sign(hash, secret, { engine }))).toBe(signedHash);
    const publicKey = key('origin-signing-public', keyFile.replace('.sig.key', '.pub'));
    expect(verify(raw(signedHash), publicKey, { engine })).toEqual(hash);
  }
});

describe.for([portableEngine, nodeEngine])('encryption', (engine) => {
  const ring = key('ring', 'core/ring-key-valid-20160504220722.sym.key');
  const sender = key('user-public', 'core/ruby-rhod-20200813204159.pub');
  const senderSecret = key('user-secret', 'core/ruby-rhod-20200813204159.box.key');
  const recipient = key('service-group-secret', 'core/service-key-valid.default@acme-20160509181736.box.key');
  const recipientPublic = key('service-group-public', 'core/service-key-valid.default@acme-20160509181736.pub');
  const fixed = (base64: string) => ({ bytes: () => raw(base64) });

  test.for(vectors.ring)('ring %j', ({ nonce, ciphertext, plaintext }) => {
    expect(text(decryptRing({ nonce: raw(nonce), ciphertext: raw(ciphertext) }, ring))).toBe(plaintext);
    expect(encodeBase64(encryptRing(utf8(plaintext), ring, fixed(nonce)).ciphertext)).toBe(ciphertext);
  });

  test.for(vectors.box)('box %j', ({ nonce, ciphertext, plaintext }) => {
    const writing = { sender: senderSecret, recipient: recipientPublic, random: fixed(nonce), engine };
    const box = encryptBox(utf8(plaintext), writing);
    expect(encodeBase64(box.ciphertext)).toBe(ciphertext);
    expect(text(decryptBox(box, { sender, recipient, engine }))).toBe(plaintext);
  });

  test.for(vectors.anonymous)('anonymous box %j', ({ ciphertext, plaintext }) => {
    const secret = key('origin-encryption-secret', 'core/fhloston-paradise-20200813211603.box.key');
    const box = { type: 'anonymous-box', recipient: secret.namedRevision, ciphertext: raw(ciphertext) } as const;
    expect(text(decryptAnonymousBox(box, secret, { engine }))).toBe(plaintext);
  });

  test('a depot to itself', () => {
    const { key: namedRevision, secret, public: publicKey, nonce, ciphertext, plaintext } = vectors.bldr;
    const [name = '', revision = ''] = namedRevision.split('-');
    const bldr = new HabKey('bldr-secret', { name, revision }, raw(secret));
    expect(encodeBase64(engine.x25519PublicKey(raw(secret)))).toBe(publicKey);
    const box = encryptBldrBox(utf8(plaintext), bldr, { random: fixed(nonce), engine });
    expect(encodeBase64(box.ciphertext)).toBe(ciphertext);
    expect(text(decryptBldrBox(box, bldr, { engine }))).toBe(plaintext);
  });
});
