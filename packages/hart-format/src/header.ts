import { decodeBase64, encodeBase64 } from '@hab/core';
import { isNamedRevision } from '@hab/crypto-keys';

import { HartError, shown } from './errors.ts';

/** The first five lines of an artifact. Nothing in them is covered by the signature but the hash. */
export interface HartHeader {
  /** `HART-1` */
  readonly formatVersion: string;
  /** Named revision of the signing key: `<origin>-<YYYYMMDDhhmmss>`. */
  readonly keyName: string;
  /** `BLAKE2b` */
  readonly hashType: string;
  /** Line 4 as it stands. */
  readonly signatureText: string;
  /** Its bytes: 64-byte Ed25519 signature, then the signed text, 64 ASCII hex digits. A copy. */
  readonly signedHash: Uint8Array<ArrayBuffer>;
  /** Offset of the first body byte from the start of the file. */
  readonly bodyOffset: number;
}

export const HART_FORMAT_VERSION = 'HART-1';
export const HART_HASH_TYPE = 'BLAKE2b';

/** Longest header line, in bytes without its line end. The originals read without limit. */
export const MAX_HEADER_LINE_BYTES = 1024;
/** Reading that many bytes of a file always shows the whole header, or that it is none. */
export const MAX_HEADER_BYTES: number = 5 * (MAX_HEADER_LINE_BYTES + 1);

type Line = 1 | 2 | 3 | 4 | 5;
const MISSING: Readonly<Record<Line, string>> = {
  1: "Corrupt payload, can't read format version",
  2: "Corrupt payload, can't read origin key name",
  3: "Corrupt payload, can't read hash type",
  4: "Corrupt payload, can't read signature",
  5: "Corrupt payload, can't find end of header",
};

/**
 * Checks shape only; nothing is authentic before `verifyHart` has run.
 *
 * @param bytes - The start of the file: {@link MAX_HEADER_BYTES}, or the whole file if it is shorter.
 * @throws {@link HartError} `HART_HEADER_INVALID` with the first bad line; texts are the originals' without their prefix.
 * @see spec/formats, 9.1 (bytes) and 9.3 (order of the checks)
 */
export function parseHartHeader(bytes: Uint8Array): HartHeader {
  const reader = new LineReader(bytes);
  const formatVersion = reader.next(1);
  if (formatVersion !== HART_FORMAT_VERSION) {
    throw invalid(1, `Unsupported format version: ${shown(formatVersion)}`, formatVersion);
  }
  const keyName = reader.next(2);
  if (!isNamedRevision(keyName)) throw invalid(2, `Cannot parse named revision '${shown(keyName)}'`, keyName);
  const hashType = reader.next(3);
  if (hashType !== HART_HASH_TYPE) throw invalid(3, `Unsupported signature type: ${shown(hashType)}`, hashType);
  const signatureText = reader.next(4);
  const signedHash = decodeBase64(signatureText);
  if (signedHash === undefined) throw invalid(4, "Can't decode signature: not base64", signatureText);
  const blank = reader.next(5);
  if (blank !== '') throw invalid(5, `Expected empty delimiter line in header; got '${shown(blank)}'`, blank);
  return { formatVersion, keyName, hashType, signatureText, signedHash, bodyOffset: reader.offset };
}

/**
 * The header in front of a body.
 *
 * @param signedHash - What signing the 64 hex digits of the body's hash gives: 128 bytes.
 */
export function formatHartHeader(keyName: string, signedHash: Uint8Array): string {
  return `${HART_FORMAT_VERSION}\n${keyName}\n${HART_HASH_TYPE}\n${encodeBase64(signedHash)}\n\n`;
}

/** Bytes of a header that this package writes: known before the body is, so that the body can be written first. */
export function hartHeaderBytes(keyName: string): number {
  return new TextEncoder().encode(formatHartHeader(keyName, new Uint8Array(128))).length;
}

class LineReader {
  offset = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** One line, trimmed. Only a line of the input itself counts, not the end of the file. */
  next(line: Line): string {
    const rest = this.#bytes.subarray(this.offset, this.offset + MAX_HEADER_LINE_BYTES + 1);
    if (rest.length === 0) throw invalid(line, MISSING[line]);
    const newline = rest.indexOf(10);
    if (newline === -1 && rest.length > MAX_HEADER_LINE_BYTES) {
      throw invalid(line, `Corrupt payload, line ${line} is longer than ${MAX_HEADER_LINE_BYTES} bytes`);
    }
    const end = newline === -1 ? rest.length : newline;
    this.offset += newline === -1 ? end : end + 1;
    return decodeLine(rest.subarray(0, end), line);
  }
}

function decodeLine(bytes: Uint8Array, line: Line): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim();
  } catch {
    throw invalid(line, `Corrupt payload, line ${line} is not UTF-8 text`);
  }
}

function invalid(line: Line, message: string, found?: string): HartError<'HART_HEADER_INVALID'> {
  return new HartError('HART_HEADER_INVALID', message, {
    details: { line, found: found === undefined ? undefined : shown(found) },
    hint: 'This is no Habitat artifact, or it was damaged on its way. Fetch it again.',
  });
}
