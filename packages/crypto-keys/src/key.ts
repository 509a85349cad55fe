import { KeysError } from './errors.ts';
import { KEY_KINDS, type KeyKind } from './kinds.ts';
import { formatNamedRevision, type NamedRevision } from './named-revision.ts';

/**
 * One key. Its material is in no property: printing, inspecting or serializing a key shows kind and named revision.
 */
export class HabKey<K extends KeyKind = KeyKind> implements NamedRevision {
  readonly kind: K;
  readonly name: string;
  readonly revision: string;
  readonly #material: Uint8Array<ArrayBuffer>;

  /**
   * @param material - Copied. 32 bytes; 64 for a secret signing key: seed, then public key.
   * @throws {@link KeysError} `KEYS_KEY_INVALID` for another length.
   */
  constructor(kind: K, named: NamedRevision, material: Uint8Array) {
    const { lengthBytes } = KEY_KINDS[kind];
    this.kind = kind;
    this.name = named.name;
    this.revision = named.revision;
    this.#material = new Uint8Array(material);
    if (material.length === lengthBytes) return;
    const namedRevision = formatNamedRevision(named);
    throw new KeysError('KEYS_KEY_INVALID', `Could not parse bytes as key for ${namedRevision}`, {
      details: { problem: 'material-length', namedRevision },
      hint: `A key of kind ${kind} has ${lengthBytes} bytes. Import the key again from its source.`,
    });
  }

  /** `<name>-<revision>`: how artifacts and envelopes refer to this key. */
  get namedRevision(): string {
    return formatNamedRevision(this);
  }

  /** The bytes of the key, a copy. Of a secret kind: for computing only, never for texts. */
  copyMaterial(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#material);
  }

  toJSON(): { readonly kind: K; readonly namedRevision: string } {
    return { kind: this.kind, namedRevision: this.namedRevision };
  }

  toString(): string {
    return `${this.kind} ${this.namedRevision}`;
  }
}

/** Both halves of a key, made together. */
export interface KeyPair<P extends KeyKind = KeyKind, S extends KeyKind = KeyKind> {
  readonly public: HabKey<P>;
  readonly secret: HabKey<S>;
}

export type OriginKeyPair = KeyPair<'origin-signing-public', 'origin-signing-secret'>;
export type OriginEncryptionKeyPair = KeyPair<'origin-encryption-public', 'origin-encryption-secret'>;
export type UserKeyPair = KeyPair<'user-public', 'user-secret'>;
export type ServiceGroupKeyPair = KeyPair<'service-group-public', 'service-group-secret'>;
