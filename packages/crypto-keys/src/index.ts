/** Keys of Habitat: files, signatures, encryption and the cache that keeps them. @packageDocumentation */

export { hashBytes, parseBlake2bHash } from './blake2b.ts';
export type { Blake2bHasher, HashOptions, HashProgress } from './blake2b-stream.ts';
export { createBlake2bHasher, hashChunks } from './blake2b-stream.ts';
export { SEAL_BYTES } from './box.ts';
export type { KeyCache, KeyCacheEntry } from './cache.ts';
export type { OpenedPayload, UserPayloadOptions } from './cached-envelope.ts';
export { openUserPayload, sealUserPayload } from './cached-envelope.ts';
export { createKeys } from './create-keys.ts';
export type { CryptoEngine, EngineOptions } from './engine.ts';
export type { AnonymousBox, SignedBox } from './envelope.ts';
export {
  formatEnvelope,
  isEnvelope,
  MAX_ENVELOPE_BYTES,
  parseAnonymousBox,
  parseEnvelope,
  parseSignedBox,
} from './envelope.ts';
export type { EnvelopeProblem, KeysErrorCode, KeysErrorDetails, KeyTextProblem } from './errors.ts';
export { CRYPTO_ERROR_PREFIX, isKeysError, KeysError } from './errors.ts';
export type { GenerateOptions } from './generate.ts';
export {
  BLDR_KEY_NAME,
  generateBldrKey,
  generateOriginEncryptionKeyPair,
  generateOriginKeyPair,
  generateRingKey,
  generateServiceGroupKeyPair,
  generateUserKeyPair,
  serviceGroupKeyName,
} from './generate.ts';
export type { KeyPair, OriginEncryptionKeyPair, OriginKeyPair, ServiceGroupKeyPair, UserKeyPair } from './key.ts';
export { HabKey } from './key.ts';
export type { KeyFile, KeyFiles } from './key-files.ts';
export { createKeyCache } from './key-files.ts';
export {
  formatKey,
  keyFileName,
  MAX_KEY_TEXT_BYTES,
  parseBldrSecretKey,
  parseKey,
  parseKeyFileName,
  parseOriginSigningKey,
  readKeyTag,
} from './key-text.ts';
export type { BoxPublicKind, BoxSecretKind, KeyKind, KeyKindFacts, KeyTag } from './kinds.ts';
export { KEY_KINDS } from './kinds.ts';
export { memoryKeyCache } from './memory-cache.ts';
export type { NamedRevision } from './named-revision.ts';
export {
  formatNamedRevision,
  isNamedRevision,
  isRevision,
  MAX_NAMED_REVISION_LENGTH,
  parseNamedRevision,
} from './named-revision.ts';
export type { BoxReading, BoxWriting } from './payload.ts';
export {
  decryptAnonymousBox,
  decryptBldrBox,
  decryptBox,
  encryptAnonymousBox,
  encryptBldrBox,
  encryptBox,
} from './payload.ts';
export { portableEngine } from './portable-engine.ts';
export type { RingMessage } from './secretbox.ts';
export { decryptRing, encryptRing, NONCE_BYTES, TAG_BYTES } from './secretbox.ts';
export { createSigner, createVerifier, SIGNATURE_BYTES, sign, signingPublicKey, verify } from './signing.ts';
