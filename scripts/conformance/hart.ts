// The suite `hart`: every artifact below a folder, with the keys that are there, against @hab/hart. What must come out is
// found with OpenSSL, b2sum, xz and tar; beside an `expected.json` of a recorded build that counts, too.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { folderKeyCache } from '../../packages/crypto-keys/dist/node/index.js';
import {
  checksumHart,
  listHart,
  readHartHeader,
  readHartMetadata,
  signHart,
  unpackHart,
  verifyHart,
} from '../../packages/hart-format/dist/node/index.js';
import { formatIdent } from '../../packages/ident/dist/index.js';
import { filesBelow, nameOf } from './support/files.ts';
import { b2sum, bodyOffset, isBase64, isSignedBy, linesOf } from './support/oracle.ts';
import { createTally, type Tally } from './support/tally.ts';

interface Subject {
  readonly name: string;
  readonly file: string;
  readonly content: Buffer;
  readonly keyFolder: string;
  readonly scratch: string;
}

export async function run(path: string) {
  const tally = createTally();
  const scratch = await mkdtemp(join(tmpdir(), 'hab-conformance-'));
  try {
    const keyFolder = join(scratch, 'keys');
    await gatherKeys(path, keyFolder);
    for (const [i, file] of (await filesBelow(path, ['.hart'])).entries()) {
      const content = await readFile(file);
      await checkArtifact(tally, {
        name: nameOf(file, path),
        file,
        content,
        keyFolder,
        scratch: join(scratch, String(i)),
      });
    }
  } finally {
    await rm(scratch, { recursive: true });
  }
  return tally.report();
}

/** Keys may lie beside the artifacts, below them, or in a folder `keys` beside the one that was given. */
async function gatherKeys(path: string, into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const beside = join(path, '..', 'keys');
  const found = await filesBelow(path, ['.pub', '.sig.key']);
  if (existsSync(beside)) found.push(...(await filesBelow(beside, ['.pub', '.sig.key'])));
  for (const file of found) await copyFile(file, join(into, basename(file)));
}

async function checkArtifact(tally: Tally, subject: Subject): Promise<void> {
  const { name, file, content, keyFolder } = subject;
  const keys = folderKeyCache(keyFolder);
  const verdict = await expectedVerdict(subject);
  await tally.settled(`${name}: checksum`, b2sum(content), () => checksumHart(file));
  await tally.settled(`${name}: verdict`, verdict.text, async () => {
    try {
      const { keyName, hash } = await verifyHart(file, keys);
      return `${hash} signed with ${keyName}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  });
  if (!verdict.header) return;
  const [, keyName = '', , signature = ''] = linesOf(content.subarray(0, bodyOffset(content)));
  await tally.settled(`${name}: header`, `${keyName} ${signature} ${bodyOffset(content)}`, async () => {
    const header = await readHartHeader(file);
    return `${header.keyName} ${header.signatureText} ${header.bodyOffset}`;
  });
  const listing = tarListing(content.subarray(bodyOffset(content)));
  if (listing === undefined) return;
  await tally.settled(`${name}: members`, listing, async () =>
    (await listHart(file)).map(({ path }) => path).join('\n'),
  );
  await checkRecorded(tally, subject);
  if (verdict.good) await checkGood(tally, subject, keyName);
}

/** Re-signing with the same key gives the same file; unpacking gives what the listing promises. */
async function checkGood(
  tally: Tally,
  { name, file, content, keyFolder, scratch }: Subject,
  keyName: string,
): Promise<void> {
  const keys = folderKeyCache(keyFolder);
  if (existsSync(join(keyFolder, `${keyName}.sig.key`))) {
    await tally.settled(`${name}: signed again`, b2sum(content), async () => {
      await writeFile(`${scratch}.body`, content.subarray(bodyOffset(content)));
      await signHart(`${scratch}.body`, `${scratch}.hart`, { key: await keys.get('origin-signing-secret', keyName) });
      return b2sum(await readFile(`${scratch}.hart`));
    });
  }
  const { metadata } = await readHartMetadata(file);
  await tally.settled(`${name}: unpacks`, formatIdent(metadata.ident), async () => {
    const { ident, directory } = await unpackHart(file, { into: scratch, keys });
    const inside = (await readdir(directory, { recursive: true })).length + 1;
    const listed = (await listHart(file)).filter(({ path }) => path.split('/').length > 6).length;
    if (inside !== listed) throw new Error(`${inside} of ${listed} members`);
    if (!(await lstat(directory)).isDirectory()) throw new Error('no directory');
    return formatIdent(ident);
  });
}

/** Order and texts of the checks: formats, 9.3. */
async function expectedVerdict({ content, keyFolder }: Subject) {
  const lines = content.subarray(0, 4096).toString('latin1').split('\n', 6);
  const [format, keyName = '', hashType, signature = '', blank] = lines.map((line) => line.trim());
  const refused = (text: string) => ({ good: false, header: false, text });
  if (format !== 'HART-1') return refused(`Unsupported format version: ${format}`);
  if (!/^.+-[0-9]{14}$/.test(keyName)) return refused(`Cannot parse named revision '${keyName}'`);
  if (hashType !== 'BLAKE2b') return refused(`Unsupported signature type: ${hashType}`);
  if (!isBase64(signature)) return refused("Can't decode signature: not base64");
  if (blank !== '') return refused(`Expected empty delimiter line in header; got '${blank}'`);
  const unproven = (text: string) => ({ good: false, header: true, text });
  const keyFile = join(keyFolder, `${keyName}.pub`);
  if (!existsSync(keyFile)) return unproven(`Key not found in cache: ${keyFile}`);
  const rawKey = Buffer.from(linesOf(await readFile(keyFile))[3] ?? '', 'base64');
  const signed = Buffer.from(signature, 'base64');
  const hash = signed.subarray(64).toString('latin1');
  if (!isSignedBy(rawKey, signed.subarray(64), signed.subarray(0, 64))) return unproven('Verification failed');
  const actual = b2sum(content.subarray(bodyOffset(content)));
  if (hash !== actual) {
    return unproven(`Habitat artifact is invalid, hashes don't match (expected: ${hash}, computed: ${actual})`);
  }
  return { good: true, header: true, text: `${hash} signed with ${keyName}` };
}

/** Names as GNU tar prints them. @returns undefined for a body that is no xz of a tar. */
function tarListing(body: Buffer): string | undefined {
  try {
    const options = { input: body, encoding: 'utf8', maxBuffer: 1 << 30, stdio: ['pipe', 'pipe', 'ignore'] } as const;
    return execFileSync('tar', ['--list', '--xz', '--quoting-style=literal'], options).trimEnd();
  } catch {
    return undefined;
  }
}

/** What the program that built it recorded. */
async function checkRecorded(tally: Tally, { name, file }: Subject): Promise<void> {
  const recorded = join(dirname(file), 'expected.json');
  if (!existsSync(recorded)) return;
  const { metafiles = {}, members = [] } = JSON.parse(await readFile(recorded, 'utf8')) as {
    readonly metafiles?: Readonly<Record<string, string>>;
    readonly members?: readonly {
      readonly path: string;
      readonly mode: string;
      readonly size?: number;
      readonly target?: string;
    }[];
  };
  const { texts } = await readHartMetadata(file);
  const blank = (value: string): string => value.replace(/\{[^}]*\}|[0-9]{14}/g, '*');
  for (const [metafile, wanted] of Object.entries(metafiles)) {
    const got = texts.get(metafile as Parameters<typeof texts.get>[0]);
    if (got !== undefined) tally.equal(`${name}: ${metafile}`, blank(wanted.trim()), blank(got));
  }
  const line = (path: string, mode: string, size: number | undefined, target: string | undefined): string =>
    blank(`${path.replace(/\/$/, '')} ${mode} ${size ?? ''} ${target ?? ''}`);
  const got = await listHart(file);
  const sizes = new Map(members.map(({ path, size }) => [blank(path), size]));
  tally.equal(
    `${name}: recorded members`,
    members
      .map(({ path, mode, size, target }) => line(path, mode, size, target))
      .sort()
      .join('\n'),
    got
      .map(({ path, mode, sizeBytes, linkName }) => {
        const known = sizes.get(blank(path.replace(/\/$/, '')));
        return line(path, mode.toString(8), known === undefined ? undefined : sizeBytes, linkName);
      })
      .sort()
      .join('\n'),
  );
}
