import { x25519 } from '@noble/curves/ed25519.js';
import { getPublicKey, hashes, sign, verify } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';

import type { CryptoEngine } from './engine.ts';

/** Pure JavaScript: runs anywhere, and defines what every other engine must answer. */
export const portableEngine: CryptoEngine = {
  ed25519PublicKey(seed) {
    prepare();
    return new Uint8Array(getPublicKey(seed));
  },
  ed25519Signer(seed) {
    prepare();
    const kept = new Uint8Array(seed);
    return (message) => new Uint8Array(sign(message, kept));
  },
  ed25519Verifier(publicKey) {
    prepare();
    const kept = new Uint8Array(publicKey);
    return (signature, message) => verifies(signature, message, kept);
  },
  x25519PublicKey: (secret) => new Uint8Array(x25519.getPublicKey(secret)),
  x25519SharedSecret(secret, publicKey) {
    try {
      return new Uint8Array(x25519.getSharedSecret(secret, publicKey));
    } catch {
      return undefined; // the library's way to say that the result would be all zero
    }
  },
};

/** The library asks for a hash before its synchronous calls; setting the same one twice changes nothing. */
function prepare(): void {
  hashes.sha512 = sha512;
}

/** RFC 8032 and SBS rules (`zip215: false`): with the library's default, small-order keys would verify anything. */
function verifies(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== 64 || publicKey.length !== 32) return false;
  try {
    return verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false; // a point that is not on the curve
  }
}
