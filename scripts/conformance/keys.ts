// The suite `keys`: every key file below a folder, and the encryption cases of a `cases.json` in it, against @hab/crypto-keys.
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { decodeBase64, encodeBase64 } from '../../packages/core/dist/index.js';
import {
  decryptAnonymousBox,
  decryptBox,
  decryptRing,
  formatKey,
  type HabKey,
  type KeyKind,
  keyFileName,
  memoryKeyCache,
  parseKey,
  portableEngine,
} from '../../packages/crypto-keys/dist/index.js';
import { nodeEngine } from '../../packages/crypto-keys/dist/node/index.js';
import { filesBelow, nameOf } from './support/files.ts';
import { linesOf } from './support/oracle.ts';
import { createTally, type Tally } from './support/tally.ts';

/** What line 1 may be, by the end of the file name, and the kind to read it as. */
const KINDS: readonly { readonly suffix: string; readonly tag: string; readonly kind: KeyKind }[] = [
  { suffix: '.pub', tag: 'SIG-PUB-1', kind: 'origin-signing-public' },
  { suffix: '.pub', tag: 'BOX-PUB-1', kind: 'user-public' },
  { suffix: '.sig.key', tag: 'SIG-SEC-1', kind: 'origin-signing-secret' },
  { suffix: '.box.key', tag: 'BOX-SEC-1', kind: 'user-secret' },
  { suffix: '.sym.key', tag: 'SYM-SEC-1', kind: 'ring' },
];

export async function run(path: string) {
  const tally = createTally();
  for (const file of await filesBelow(path, ['.pub', '.key'])) await checkKey(tally, file, nameOf(file, path));
  for (const file of await filesBelow(path, ['cases.json'])) await checkEncryption(tally, file);
  return tally.report();
}

async function checkKey(tally: Tally, file: string, name: string): Promise<void> {
  const content = await readFile(file);
  const [tag = ''] = linesOf(content);
  const candidates = KINDS.filter(({ suffix }) => file.endsWith(suffix));
  const fact = candidates.find((candidate) => candidate.tag === tag) ?? candidates[0];
  if (fact === undefined) return;
  const refusal = fact.tag === tag ? undefined : `Unsupported key version: ${tag}`;
  let key: HabKey;
  try {
    key = parseKey(fact.kind, content);
  } catch (error) {
    tally.equal(`${name}: reads`, refusal ?? 'a key', error instanceof Error ? error.message : String(error));
    return;
  }
  tally.equal(`${name}: reads`, refusal ?? 'a key', 'a key');
  tally.equal(`${name}: writes back`, content.toString('utf8').replace(/\n$/, ''), formatKey(key));
  tally.equal(`${name}: file name`, basename(file), keyFileName(fact.kind, key));
  await tally.settled(`${name}: is found in a cache`, formatKey(key), async () => {
    const cache = memoryKeyCache();
    await cache.write(key);
    return formatKey(await cache.latest(fact.kind, key.name));
  });
  if (file.endsWith('.sig.key') || file.endsWith('.box.key')) await checkPair(tally, file, name, key);
}

async function checkPair(tally: Tally, file: string, name: string, key: HabKey): Promise<void> {
  const publicFile = file.replace(/\.(?:sig|box)\.key$/, '.pub');
  let wanted: string;
  try {
    wanted = linesOf(await readFile(publicFile))[3] ?? '';
  } catch {
    return; // a secret key may be alone
  }
  const secret = key.copyMaterial();
  for (const [engineName, engine] of Object.entries({ portable: portableEngine, node: nodeEngine })) {
    const publicKey = file.endsWith('.sig.key')
      ? engine.ed25519PublicKey(secret.subarray(0, 32))
      : engine.x25519PublicKey(secret);
    tally.equal(`${name}: public half (${engineName})`, wanted, encodeBase64(publicKey));
  }
}

interface Sealed {
  readonly nonce: string;
  readonly ciphertext: string;
  readonly plaintext: string;
}

async function checkEncryption(tally: Tally, file: string): Promise<void> {
  const cases = JSON.parse(await readFile(file, 'utf8')) as {
    readonly ring?: readonly Sealed[];
    readonly box?: readonly Sealed[];
    readonly anonymous?: readonly Omit<Sealed, 'nonce'>[];
  };
  const key = async <K extends KeyKind>(kind: K, name: string): Promise<HabKey<K>> =>
    parseKey(kind, await readFile(join(dirname(file), 'core', name)));
  for (const { nonce, ciphertext, plaintext } of cases.ring ?? []) {
    await tally.settled(`ring: ${plaintext}`, plaintext, async () =>
      text(
        decryptRing(
          { nonce: raw(nonce), ciphertext: raw(ciphertext) },
          await key('ring', 'ring-key-valid-20160504220722.sym.key'),
        ),
      ),
    );
  }
  for (const { nonce, ciphertext, plaintext } of cases.box ?? []) {
    await tally.settled(`box: ${plaintext}`, plaintext, async () => {
      const sender = await key('user-public', 'ruby-rhod-20200813204159.pub');
      const recipient = await key('service-group-secret', 'service-key-valid.default@acme-20160509181736.box.key');
      const names = { encryptor: sender.namedRevision, decryptor: recipient.namedRevision };
      const box = { type: 'signed-box', ...names, nonce: raw(nonce), ciphertext: raw(ciphertext) } as const;
      return text(decryptBox(box, { sender, recipient }));
    });
  }
  for (const { ciphertext, plaintext } of cases.anonymous ?? []) {
    await tally.settled(`anonymous box: ${plaintext}`, plaintext, async () => {
      const recipient = await key('origin-encryption-secret', 'fhloston-paradise-20200813211603.box.key');
      const box = { type: 'anonymous-box', recipient: recipient.namedRevision, ciphertext: raw(ciphertext) } as const;
      return text(decryptAnonymousBox(box, recipient));
    });
  }
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function raw(base64: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeBase64(base64);
  if (bytes === undefined) throw new Error(`not base64: ${base64}`);
  return bytes;
}
