import { decodeBase64, encodeBase64 } from '@hab/core';

import { type EnvelopeProblem, KeysError, shownLine } from './errors.ts';
import { parseNamedRevision } from './named-revision.ts';
import { requireNonce } from './secretbox.ts';
import { decodeUtf8, splitLines } from './text-lines.ts';

/** Longest envelope that is looked at, in bytes. */
export const MAX_ENVELOPE_BYTES: number = 16 * 1024 * 1024;

/** From one key's owner to another's: user to service group, a depot to itself. */
export interface SignedBox {
  readonly type: 'signed-box';
  /** Named revision of the sender's pair. */
  readonly encryptor: string;
  /** Named revision of the recipient's pair. */
  readonly decryptor: string;
  /** 24 bytes. */
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

/** From anybody to the owner of a key: a secret for an origin. */
export interface AnonymousBox {
  readonly type: 'anonymous-box';
  /** Named revision of the recipient's pair. */
  readonly recipient: string;
  /** Ephemeral public key (32), tag (16), ciphertext. */
  readonly ciphertext: Uint8Array<ArrayBuffer>;
}

const SIGNED_TAG = 'BOX-1';
const ANONYMOUS_TAG = 'ANONYMOUS-BOX-1';

/**
 * Reads an encrypted payload of either form. Lines past the last one of the form do not matter.
 *
 * @throws {@link KeysError} `KEYS_ENVELOPE_INVALID`, `KEYS_NAMED_REVISION_INVALID`, `KEYS_NONCE_INVALID`; the texts are
 *   the originals' without their prefix.
 * @see spec/formats, 8
 */
export function parseEnvelope(content: string | Uint8Array): SignedBox | AnonymousBox {
  const [version, ...lines] = splitLines(decode(content), 5);
  if (version === undefined) throw invalid('version-missing', "Corrupt payload, can't read version");
  if (version === SIGNED_TAG) return readSigned(lines);
  if (version === ANONYMOUS_TAG) return readAnonymous(lines);
  throw invalid('version-unsupported', `Unsupported version: ${shownLine(version)}`);
}

/** {@link parseEnvelope} where only a signed box will do. */
export function parseSignedBox(content: string | Uint8Array): SignedBox {
  const envelope = parseEnvelope(content);
  if (envelope.type === 'signed-box') return envelope;
  throw invalid('version-unsupported', `Unsupported version: ${ANONYMOUS_TAG}`);
}

/** {@link parseEnvelope} where only an anonymous box will do. */
export function parseAnonymousBox(content: string | Uint8Array): AnonymousBox {
  const envelope = parseEnvelope(content);
  if (envelope.type === 'anonymous-box') return envelope;
  throw invalid('version-unsupported', `Unsupported version: ${SIGNED_TAG}`);
}

/** True for text that announces itself as an envelope, whatever follows. */
export function isEnvelope(content: string | Uint8Array): boolean {
  const start = typeof content === 'string' ? content.slice(0, 16) : decodeUtf8(content.subarray(0, 16));
  return start?.startsWith(`${SIGNED_TAG}\n`) === true || start?.startsWith(`${ANONYMOUS_TAG}\n`) === true;
}

/** Text form: lines joined by LF, none at the end. */
export function formatEnvelope(envelope: SignedBox | AnonymousBox): string {
  const ciphertext = encodeBase64(envelope.ciphertext);
  if (envelope.type === 'anonymous-box') return [ANONYMOUS_TAG, envelope.recipient, ciphertext].join('\n');
  const { encryptor, decryptor, nonce } = envelope;
  return [SIGNED_TAG, encryptor, decryptor, encodeBase64(nonce), ciphertext].join('\n');
}

function readSigned([encryptor, decryptor, nonceText, ciphertextText]: string[]): SignedBox {
  if (encryptor === undefined) throw missing('encryptor-missing', 'encryptor identifier');
  parseNamedRevision(encryptor);
  if (decryptor === undefined) throw missing('decryptor-missing', 'decryptor key name');
  parseNamedRevision(decryptor);
  if (nonceText === undefined) throw missing('nonce-missing', 'nonce');
  const nonce = decodeBase64(nonceText);
  if (nonce === undefined) throw invalid('nonce-not-base64', "Can't decode nonce: not base64");
  requireNonce(nonce);
  return { type: 'signed-box', encryptor, decryptor, nonce, ciphertext: readCiphertext(ciphertextText) };
}

function readAnonymous([recipient, ciphertextText]: string[]): AnonymousBox {
  if (recipient === undefined) throw missing('recipient-missing', 'key_pair identifier');
  parseNamedRevision(recipient);
  return { type: 'anonymous-box', recipient, ciphertext: readCiphertext(ciphertextText) };
}

function readCiphertext(text: string | undefined): Uint8Array<ArrayBuffer> {
  if (text === undefined) throw missing('ciphertext-missing', 'ciphertext');
  const bytes = decodeBase64(text);
  if (bytes === undefined) throw invalid('ciphertext-not-base64', "Can't decode ciphertext: not base64");
  return bytes;
}

function decode(content: string | Uint8Array): string {
  if (content.length > MAX_ENVELOPE_BYTES) {
    throw invalid('too-long', `Corrupt payload, longer than ${MAX_ENVELOPE_BYTES} bytes`);
  }
  if (typeof content === 'string') return content;
  const text = decodeUtf8(content);
  if (text === undefined) throw invalid('not-utf8', 'Corrupt payload, not UTF-8 text');
  return text;
}

function missing(problem: EnvelopeProblem, what: string): KeysError<'KEYS_ENVELOPE_INVALID'> {
  return invalid(problem, `Corrupt payload, can't read ${what}`);
}

function invalid(problem: EnvelopeProblem, message: string): KeysError<'KEYS_ENVELOPE_INVALID'> {
  return new KeysError('KEYS_ENVELOPE_INVALID', message, {
    details: { problem },
    hint: 'The payload is damaged or was not encrypted by Habitat. Encrypt and send it again.',
  });
}
