import { equalBytes } from '@hab/core';

import type { KeyCache, KeyCacheEntry } from './cache.ts';
import { isKeysError, KeysError } from './errors.ts';
import type { HabKey, KeyPair } from './key.ts';
import { formatKey, keyFileName, parseKey, parseKeyFileName, readKeyTag } from './key-text.ts';
import { KEY_KINDS, type KeyKind } from './kinds.ts';
import { formatNamedRevision, isNamedRevision, parseNamedRevision } from './named-revision.ts';

/** A file that a cache is asked to keep. */
export interface KeyFile {
  readonly fileName: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

/** The little that a key cache needs from a place that keeps files. It decides nothing. */
export interface KeyFiles {
  /** Names of the regular files, links followed; empty when the place does not exist. */
  names(): Promise<readonly string[]>;
  /** @returns undefined when there is no such file. At most one byte more than a key can have is read. */
  read(fileName: string): Promise<Uint8Array | undefined>;
  /**
   * Adds all of the files, or none, in this order; complete and with their mode from the first moment.
   *
   * @returns false when one of them exists: somebody else was faster.
   */
  addAll(files: readonly KeyFile[]): Promise<boolean>;
  /** How messages call a file. */
  locate(fileName: string): string;
}

/** Adding again after losing a race against another writer. */
const MAX_ATTEMPTS = 5;

/** The rules of every key cache, over any place that keeps files. */
export function createKeyCache(files: KeyFiles): KeyCache {
  return {
    write: (keys) => write(files, keys),
    get: (kind, namedRevision) => get(files, kind, namedRevision),
    async latest(kind, name) {
      for await (const key of newestFirst(files, kind, name)) return key;
      throw new KeysError('KEYS_NO_REVISIONS', `No revisions found for ${name}`, {
        details: { kind, name },
        hint: `Generate a key for ${name}, or import one.`,
      });
    },
    revisions: (kind, name) => collect(newestFirst(files, kind, name)),
    has: async (namedRevision) => (await files.names()).some((fileName) => stemOf(fileName) === namedRevision),
    list: () => list(files),
  };
}

async function write(files: KeyFiles, keys: HabKey | KeyPair): Promise<void> {
  const wanted = filesOf(keys);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const missing: KeyFile[] = [];
    for (const file of wanted) if (!(await isThere(files, file))) missing.push(file);
    if (missing.length === 0 || (await files.addAll(missing))) return;
  }
  const path = files.locate(wanted[0]?.fileName ?? '');
  throw new KeysError('KEYS_CACHE_FAILED', `Cannot add ${path}: other writers keep changing it`, { details: { path } });
}

/** The secret half first: the public one can be computed from it, so a crash in between loses nothing. */
function filesOf(keys: HabKey | KeyPair): readonly KeyFile[] {
  const list = 'secret' in keys ? [keys.secret, keys.public] : [keys];
  const names = new Set(list.map((key) => key.namedRevision));
  if (names.size > 1) {
    const namedRevision = [...names].join(', ');
    throw new KeysError('KEYS_PAIR_MISMATCH', `Keys are no pair: ${namedRevision}`, { details: { namedRevision } });
  }
  return list.map((key) => ({
    fileName: keyFileName(key.kind, key),
    content: new TextEncoder().encode(formatKey(key)),
    mode: KEY_KINDS[key.kind].mode,
  }));
}

async function isThere(files: KeyFiles, { fileName, content }: KeyFile): Promise<boolean> {
  const present = await files.read(fileName);
  if (present === undefined) return false;
  if (equalBytes(present, content)) return true;
  const path = files.locate(fileName);
  throw new KeysError('KEYS_EXISTS', `Existing key file ${path} holds something else than the key to be written`, {
    details: { path },
    hint: 'Nothing was changed. Move the file away if the new key is the right one.',
  });
}

async function get<K extends KeyKind>(files: KeyFiles, kind: K, namedRevision: string): Promise<HabKey<K>> {
  const fileName = keyFileName(kind, parseNamedRevision(namedRevision));
  const content = await files.read(fileName);
  const path = files.locate(fileName);
  if (content === undefined) {
    throw new KeysError('KEYS_NOT_FOUND', `Key not found in cache: ${path}`, {
      details: { kind, namedRevision, path },
      hint: `Import or download ${namedRevision}.`,
    });
  }
  const key = parseKey(kind, content);
  if (key.namedRevision === namedRevision) return key;
  throw new KeysError('KEYS_FILE_MISNAMED', `Key file ${path} holds ${key.namedRevision}`, {
    details: { path, namedRevision: key.namedRevision },
    hint: 'Remove the file and import the key again.',
  });
}

async function* newestFirst<K extends KeyKind>(files: KeyFiles, kind: K, name: string): AsyncGenerator<HabKey<K>> {
  const { suffix } = KEY_KINDS[kind];
  const revisions = (await files.names())
    .map(parseKeyFileName)
    .filter((parsed) => parsed?.suffix === suffix && parsed.named.name === name)
    .map((parsed) => parsed?.named.revision ?? '')
    .sort()
    .reverse();
  for (const revision of revisions) {
    const key = await usable(files, kind, formatNamedRevision({ name, revision }));
    if (key !== undefined) yield key;
  }
}

/** Codes of a file that is no key of the wanted kind: a foreign kind under the same name pattern, or a damaged file. */
const UNUSABLE = ['KEYS_NOT_FOUND', 'KEYS_FILE_MISNAMED', 'KEYS_KEY_INVALID', 'KEYS_NAMED_REVISION_INVALID'] as const;

async function usable<K extends KeyKind>(
  files: KeyFiles,
  kind: K,
  namedRevision: string,
): Promise<HabKey<K> | undefined> {
  try {
    return await get(files, kind, namedRevision);
  } catch (error) {
    if (UNUSABLE.some((code) => isKeysError(error, code))) return undefined;
    throw error;
  }
}

async function list(files: KeyFiles): Promise<readonly KeyCacheEntry[]> {
  const entries: KeyCacheEntry[] = [];
  for (const fileName of await files.names()) {
    const parsed = parseKeyFileName(fileName);
    if (parsed === undefined) continue;
    const content = await files.read(fileName);
    const tag = content && readKeyTag(content);
    if (tag === undefined || !isSuffixOf(tag, parsed.suffix)) continue;
    entries.push({ ...parsed.named, namedRevision: formatNamedRevision(parsed.named), tag, fileName });
  }
  return entries.sort(byNameThenNewest);
}

function isSuffixOf(tag: string, suffix: string): boolean {
  return Object.values(KEY_KINDS).some((facts) => facts.tag === tag && facts.suffix === suffix);
}

function byNameThenNewest(a: KeyCacheEntry, b: KeyCacheEntry): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  if (a.revision !== b.revision) return a.revision < b.revision ? 1 : -1;
  return a.fileName < b.fileName ? -1 : 1;
}

function stemOf(fileName: string): string | undefined {
  const parsed = parseKeyFileName(fileName);
  const stem = parsed && formatNamedRevision(parsed.named);
  return stem !== undefined && isNamedRevision(stem) ? stem : undefined;
}

async function collect<T>(source: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of source) all.push(value);
  return all;
}
