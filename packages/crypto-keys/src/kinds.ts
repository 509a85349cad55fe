/** Every kind of key that Habitat keeps in a cache. @see spec/formats, 7.1 */
export type KeyKind =
  | 'origin-signing-public'
  | 'origin-signing-secret'
  | 'origin-encryption-public'
  | 'origin-encryption-secret'
  | 'user-public'
  | 'user-secret'
  | 'service-group-public'
  | 'service-group-secret'
  | 'bldr-secret'
  | 'ring';

/** Kinds that encrypt to somebody. All of them have the same text form. */
export type BoxPublicKind = 'origin-encryption-public' | 'user-public' | 'service-group-public';
/** Kinds that decrypt, and encrypt from somebody. */
export type BoxSecretKind = 'origin-encryption-secret' | 'user-secret' | 'service-group-secret' | 'bldr-secret';

/** First line of a key file. */
export type KeyTag = 'SIG-PUB-1' | 'SIG-SEC-1' | 'BOX-PUB-1' | 'BOX-SEC-1' | 'SYM-SEC-1';

/** How one kind is written. */
export interface KeyKindFacts {
  readonly tag: KeyTag;
  /** End of the file name, with its dot. */
  readonly suffix: '.pub' | '.sig.key' | '.box.key' | '.sym.key';
  /** Permission bits of the file. */
  readonly mode: number;
  readonly lengthBytes: number;
}

const PUBLIC_MODE = 0o444;
const SECRET_MODE = 0o400;

const BOX_PUBLIC: KeyKindFacts = { tag: 'BOX-PUB-1', suffix: '.pub', mode: PUBLIC_MODE, lengthBytes: 32 };
const BOX_SECRET: KeyKindFacts = { tag: 'BOX-SEC-1', suffix: '.box.key', mode: SECRET_MODE, lengthBytes: 32 };

/** Facts of every kind. */
export const KEY_KINDS: Readonly<Record<KeyKind, KeyKindFacts>> = {
  'origin-signing-public': { tag: 'SIG-PUB-1', suffix: '.pub', mode: PUBLIC_MODE, lengthBytes: 32 },
  'origin-signing-secret': { tag: 'SIG-SEC-1', suffix: '.sig.key', mode: SECRET_MODE, lengthBytes: 64 },
  'origin-encryption-public': BOX_PUBLIC,
  'origin-encryption-secret': BOX_SECRET,
  'user-public': BOX_PUBLIC,
  'user-secret': BOX_SECRET,
  'service-group-public': BOX_PUBLIC,
  'service-group-secret': BOX_SECRET,
  'bldr-secret': BOX_SECRET,
  ring: { tag: 'SYM-SEC-1', suffix: '.sym.key', mode: SECRET_MODE, lengthBytes: 32 },
};
