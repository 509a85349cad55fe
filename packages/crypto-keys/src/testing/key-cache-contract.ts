import { FakeClock, rejectionOf, seededRandom } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';

import {
  createKeys,
  formatKey,
  generateOriginEncryptionKeyPair,
  generateOriginKeyPair,
  generateRingKey,
  generateUserKeyPair,
  type HabKey,
  type KeyCache,
  parseKey,
} from '../index.ts';

/** A fresh, empty cache and the means to look behind it. */
export interface KeyCacheSubject {
  readonly cache: KeyCache;
  /** Puts a file there as another program could. */
  plant(fileName: string, content: string): Promise<void>;
  /** Names of all files, sorted. */
  fileNames(): Promise<readonly string[]>;
  close(): Promise<void>;
}

const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);

/** The rules that every {@link KeyCache} keeps. Run it from a vitest file. @see spec/formats, 7.3 and 7.4 */
export function describeKeyCache(name: string, create: () => Promise<KeyCacheSubject>): void {
  const random = seededRandom(1);
  const options = (keyName: string, ms = START_MS) => ({ name: keyName, clock: new FakeClock(ms), random });
  const ringAt = (ms: number, keyName = 'crew'): HabKey<'ring'> => generateRingKey(options(keyName, ms));
  const contract = (title: string, run: (subject: KeyCacheSubject) => Promise<void>): void => {
    test(title, async () => {
      const subject = await create();
      try {
        await run(subject);
      } finally {
        await subject.close();
      }
    });
  };

  describe(`key cache: ${name}`, () => {
    contract('an empty cache has nothing', async ({ cache }) => {
      expect(await cache.list()).toEqual([]);
      expect(await cache.has('crew-20260102030405')).toBe(false);
      expect(await cache.revisions('ring', 'crew')).toEqual([]);
      expect(await rejectionOf(cache.latest('ring', 'crew'))).toMatchObject({
        code: 'KEYS_NO_REVISIONS',
        message: 'No revisions found for crew',
      });
      expect(await rejectionOf(cache.get('ring', 'crew-20260102030405'))).toMatchObject({
        code: 'KEYS_NOT_FOUND',
        message: expect.stringMatching(/^Key not found in cache: .*crew-20260102030405\.sym\.key$/),
      });
    });

    contract('keeps a pair under the names of its kinds', async ({ cache, fileNames }) => {
      const pair = generateOriginKeyPair(options('acme'));
      await cache.write(pair);
      expect(await fileNames()).toEqual(['acme-20260102030405.pub', 'acme-20260102030405.sig.key']);
      const secret = await cache.get('origin-signing-secret', pair.secret.namedRevision);
      expect(formatKey(secret)).toBe(formatKey(pair.secret));
      expect(formatKey(await cache.latest('origin-signing-public', 'acme'))).toBe(formatKey(pair.public));
      expect(await cache.has('acme-20260102030405')).toBe(true);
    });

    contract('the same bytes again are a success, others an error', async ({ cache, plant, fileNames }) => {
      const key = ringAt(START_MS);
      await plant('crew-20260102030405.sym.key', formatKey(key));
      await cache.write(key);
      const other = ringAt(START_MS);
      expect(formatKey(other)).not.toBe(formatKey(key));
      expect(await rejectionOf(cache.write(other))).toMatchObject({
        code: 'KEYS_EXISTS',
        message: expect.stringMatching(/^Existing key file/),
      });
      expect(formatKey(await cache.latest('ring', 'crew'))).toBe(formatKey(key));
      expect(await fileNames()).toEqual(['crew-20260102030405.sym.key']);
    });

    contract('a final newline makes other bytes', async ({ cache, plant }) => {
      const key = ringAt(START_MS);
      await plant('crew-20260102030405.sym.key', `${formatKey(key)}\n`);
      expect(await rejectionOf(cache.write(key))).toMatchObject({ code: 'KEYS_EXISTS' });
    });

    contract('a pair is added whole or not at all', async ({ cache, plant, fileNames }) => {
      const pair = generateUserKeyPair(options('ann'));
      await plant('ann-20260102030405.pub', 'something else');
      expect(await rejectionOf(cache.write(pair))).toMatchObject({ code: 'KEYS_EXISTS' });
      expect(await fileNames()).toEqual(['ann-20260102030405.pub']);
      const later = generateUserKeyPair(options('ann', START_MS + 1000));
      await plant('ann-20260102030406.box.key', 'something else');
      expect(await rejectionOf(cache.write(later))).toMatchObject({ code: 'KEYS_EXISTS' });
      expect(await fileNames()).toEqual(['ann-20260102030405.pub', 'ann-20260102030406.box.key']);
    });

    contract('half a pair is completed', async ({ cache, plant, fileNames }) => {
      const pair = generateUserKeyPair(options('ann'));
      await plant('ann-20260102030405.box.key', formatKey(pair.secret));
      await cache.write(pair);
      expect(await fileNames()).toEqual(['ann-20260102030405.box.key', 'ann-20260102030405.pub']);
    });

    contract('halves of two revisions are no pair', async ({ cache, fileNames }) => {
      const { secret } = generateUserKeyPair(options('ann'));
      const { public: other } = generateUserKeyPair(options('ann', START_MS + 1000));
      expect(await rejectionOf(cache.write({ secret, public: other }))).toMatchObject({ code: 'KEYS_PAIR_MISMATCH' });
      expect(await fileNames()).toEqual([]);
    });

    contract('the latest is the newest of exactly that name', async ({ cache }) => {
      for (const ms of [START_MS + 5000, START_MS, START_MS + 3000]) await cache.write(ringAt(ms));
      await cache.write(ringAt(START_MS + 9000, 'crew-plans'));
      await cache.write(ringAt(START_MS + 9000, 'crews'));
      expect((await cache.latest('ring', 'crew')).revision).toBe('20260102030410');
      expect((await cache.revisions('ring', 'crew')).map((key) => key.revision)).toEqual([
        '20260102030410',
        '20260102030408',
        '20260102030405',
      ]);
    });

    contract('the latest skips foreign kinds, damage and misnamed files', async ({ cache, plant }) => {
      const good = generateOriginKeyPair(options('acme'));
      await cache.write(good);
      await cache.write(generateOriginEncryptionKeyPair(options('acme', START_MS + 1000)));
      await plant('acme-20260102030407.pub', 'SIG-PUB-1\nacme-20260102030407\n\nnot base64');
      await plant('acme-20260102030408.pub', formatKey(good.public));
      await plant('acme-20260102030409.pub', '');
      await plant('acme-2026010203041.pub', formatKey(good.public));
      await plant('acme-20260102030411.pub.bak', formatKey(good.public));
      expect((await cache.latest('origin-signing-public', 'acme')).revision).toBe('20260102030405');
      expect((await cache.latest('origin-encryption-public', 'acme')).revision).toBe('20260102030406');
    });

    contract('a file must hold the key that its name says', async ({ cache, plant }) => {
      await plant('crew-20260102030406.sym.key', formatKey(ringAt(START_MS)));
      expect(await rejectionOf(cache.get('ring', 'crew-20260102030406'))).toMatchObject({
        code: 'KEYS_FILE_MISNAMED',
        details: { namedRevision: 'crew-20260102030405' },
      });
    });

    contract('a key of another kind is an error by name', async ({ cache }) => {
      await cache.write(generateOriginKeyPair(options('acme')));
      expect(await rejectionOf(cache.get('user-public', 'acme-20260102030405'))).toMatchObject({
        code: 'KEYS_KEY_INVALID',
        message: 'Unsupported key version: SIG-PUB-1',
      });
    });

    contract('names that would leave the cache are refused', async ({ cache, fileNames }) => {
      for (const hostile of ['../crew', '/crew', 'a/b', 'a\\b', 'a\0b']) {
        const key = parseKey('ring', `SYM-SEC-1\n${hostile}-20260102030405\n\n${'A'.repeat(43)}=`);
        expect(await rejectionOf(cache.write(key))).toMatchObject({ code: 'KEYS_NAME_INVALID' });
        expect(await rejectionOf(cache.get('ring', key.namedRevision))).toMatchObject({ code: 'KEYS_NAME_INVALID' });
      }
      expect(await rejectionOf(cache.get('ring', '../../crew'))).toMatchObject({
        code: 'KEYS_NAMED_REVISION_INVALID',
      });
      expect(await fileNames()).toEqual([]);
    });

    contract('lists keys by name, newest first, and nothing else', async ({ cache, plant }) => {
      await cache.write(ringAt(START_MS));
      await cache.write(ringAt(START_MS + 1000));
      await cache.write(generateOriginKeyPair(options('acme')));
      await plant('README', 'hello');
      await plant('acme-20260102030405.box.key', 'SIG-SEC-1\nacme-20260102030405\n\n');
      expect((await cache.list()).map((entry) => `${entry.tag} ${entry.fileName}`)).toEqual([
        'SIG-PUB-1 acme-20260102030405.pub',
        'SIG-SEC-1 acme-20260102030405.sig.key',
        'SYM-SEC-1 crew-20260102030406.sym.key',
        'SYM-SEC-1 crew-20260102030405.sym.key',
      ]);
    });

    contract('new keys take the next free second', async ({ cache, fileNames }) => {
      const signing = await createKeys(cache, generateOriginKeyPair, options('acme'));
      const encryption = await createKeys(cache, generateOriginEncryptionKeyPair, options('acme'));
      expect(signing.secret.revision).toBe('20260102030405');
      expect(encryption.secret.revision).toBe('20260102030406');
      expect(await fileNames()).toHaveLength(4);
    });

    contract('racing generators all succeed with keys of their own', async ({ cache, fileNames }) => {
      const made = await Promise.all(
        Array.from({ length: 8 }, () => createKeys(cache, generateOriginKeyPair, options('acme'))),
      );
      expect(new Set(made.map((pair) => pair.secret.revision)).size).toBe(8);
      expect(await fileNames()).toHaveLength(16);
      for (const pair of made) {
        const kept = await cache.get('origin-signing-secret', pair.secret.namedRevision);
        expect(formatKey(kept)).toBe(formatKey(pair.secret));
      }
    });
  });
}
