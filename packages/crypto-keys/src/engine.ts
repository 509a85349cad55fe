/**
 * Curve arithmetic. Two implementations give the same bytes: {@link portableEngine} anywhere, `nodeEngine` of
 * `@hab/crypto-keys/node` ten times faster. Both refuse what libsodium refuses: small-order and non-canonical points,
 * signatures with an unreduced scalar.
 */
export interface CryptoEngine {
  /** @param seed - 32 bytes. */
  ed25519PublicKey(seed: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Prepares signing with one key: 64-byte signatures, deterministic. */
  ed25519Signer(seed: Uint8Array): (message: Uint8Array) => Uint8Array<ArrayBuffer>;
  /** Prepares checking with one key. A malformed signature or key is a `false`. */
  ed25519Verifier(publicKey: Uint8Array): (signature: Uint8Array, message: Uint8Array) => boolean;
  /** @param secret - 32 bytes. */
  x25519PublicKey(secret: Uint8Array): Uint8Array<ArrayBuffer>;
  /** @returns undefined when the other side's key is of small order. */
  x25519SharedSecret(secret: Uint8Array, publicKey: Uint8Array): Uint8Array<ArrayBuffer> | undefined;
}

/** Option of everything that computes with keys. */
export interface EngineOptions {
  /** @defaultValue {@link portableEngine} */
  readonly engine?: CryptoEngine | undefined;
}
