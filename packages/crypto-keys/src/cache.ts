import type { HabKey, KeyPair } from './key.ts';
import type { KeyKind, KeyTag } from './kinds.ts';
import type { NamedRevision } from './named-revision.ts';

/** One key in a cache, as its file tells it. */
export interface KeyCacheEntry extends NamedRevision {
  readonly namedRevision: string;
  readonly tag: KeyTag;
  readonly fileName: string;
}

/**
 * Where keys are kept. Every implementation passes `describeKeyCache` of `@hab/crypto-keys/testing`.
 *
 * @see spec/formats, 7.3 and 7.4
 */
export interface KeyCache {
  /**
   * Keeps one key, or both halves of a pair. A key that is there already with the same bytes is a success; nothing is
   * ever replaced. Of a pair both halves are there afterwards, or neither was added.
   *
   * @throws {@link KeysError} `KEYS_EXISTS`, text beginning `Existing key file`; `KEYS_PAIR_MISMATCH` for halves of two
   *   named revisions; `KEYS_NAME_INVALID`; `KEYS_CACHE_FAILED`.
   */
  write(keys: HabKey | KeyPair): Promise<void>;
  /**
   * One revision.
   *
   * @throws {@link KeysError} `KEYS_NOT_FOUND`, text beginning `Key not found in cache: `; `KEYS_FILE_MISNAMED`; what
   *   {@link parseKey} throws.
   */
  get<K extends KeyKind>(kind: K, namedRevision: string): Promise<HabKey<K>>;
  /**
   * The newest revision of exactly that name that parses as the wanted kind.
   *
   * @throws {@link KeysError} `KEYS_NO_REVISIONS`, text `No revisions found for <name>`.
   */
  latest<K extends KeyKind>(kind: K, name: string): Promise<HabKey<K>>;
  /** Every usable revision of that name and kind, newest first. */
  revisions<K extends KeyKind>(kind: K, name: string): Promise<readonly HabKey<K>[]>;
  /** True when some key of any kind has this named revision. */
  has(namedRevision: string): Promise<boolean>;
  /** Every file that is a key, by name and newest first; foreign and damaged files are left out. */
  list(): Promise<readonly KeyCacheEntry[]>;
}
