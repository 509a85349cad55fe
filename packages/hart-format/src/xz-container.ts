import { HartError } from './errors.ts';

/*
 * The .xz container around one LZMA2 stream (format description 1.2.1, tukaani.org). The encoder gives raw LZMA2, so that
 * the dictionary and with it the memory are ours to choose; reading only checks that the file is exactly one stream.
 */

const HEADER_MAGIC = Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00);
const FOOTER_MAGIC = Uint8Array.of(0x59, 0x5a);
const STREAM_HEADER_BYTES = 12;
const STREAM_FOOTER_BYTES = 12;
/** Flags of a stream with CRC32 checks, which Node computes natively. */
const CRC32_FLAGS = Uint8Array.of(0x00, 0x01);
const CRC32_BYTES = 4;
const BLOCK_HEADER_BYTES = 12;
/** An index record takes up to 18 bytes, so this is room for more blocks than a multi-threaded `xz` makes of 1 TB. */
const MAX_INDEX_BYTES: number = 1024 * 1024;

/** Computes CRC-32, continuing from an earlier value. */
export type Crc32 = (bytes: Uint8Array, value?: number) => number;

/** Bytes in front of the LZMA2 data: stream header and block header. */
export function formatXzStart(dictionaryBytes: number, crc32: Crc32): Uint8Array<ArrayBuffer> {
  const start = new Uint8Array(STREAM_HEADER_BYTES + BLOCK_HEADER_BYTES);
  const view = new DataView(start.buffer);
  start.set(HEADER_MAGIC);
  start.set(CRC32_FLAGS, 6);
  view.setUint32(8, crc32(CRC32_FLAGS), true);
  // Size in units of four less one; one filter, no sizes; LZMA2 with one byte of properties.
  start.set([BLOCK_HEADER_BYTES / 4 - 1, 0x00, 0x21, 0x01, dictionaryCode(dictionaryBytes)], STREAM_HEADER_BYTES);
  view.setUint32(STREAM_HEADER_BYTES + 8, crc32(start.subarray(STREAM_HEADER_BYTES, STREAM_HEADER_BYTES + 8)), true);
  return start;
}

/** What the bytes behind the LZMA2 data say. */
export interface XzBlock {
  /** LZMA2 bytes. */
  readonly packedBytes: number;
  readonly unpackedBytes: number;
  /** CRC-32 of what was packed. */
  readonly checksum: number;
}

/** Bytes behind the LZMA2 data: padding, check, index, footer. */
export function formatXzEnd(block: XzBlock, crc32: Crc32): Uint8Array<ArrayBuffer> {
  const check = [...new Array<number>(padding(block.packedBytes)).fill(0), ...littleEndian(block.checksum)];
  const unpadded = BLOCK_HEADER_BYTES + block.packedBytes + CRC32_BYTES;
  const records = [0x00, 1, ...variableLength(unpadded), ...variableLength(block.unpackedBytes)];
  const index = [...records, ...new Array<number>(padding(records.length)).fill(0)];
  index.push(...littleEndian(crc32(Uint8Array.from(index))));
  const backward = [...littleEndian(index.length / 4 - 1), ...CRC32_FLAGS];
  const footer = [...littleEndian(crc32(Uint8Array.from(backward))), ...backward, ...FOOTER_MAGIC];
  return Uint8Array.from([...check, ...index, ...footer]);
}

/** Random access to a body. @returns Exactly `length` bytes, or fewer at the end of the file. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/**
 * Checks that a body is one whole xz stream and nothing else: what is cut off, appended or concatenated does not add up.
 *
 * @returns Unpacked size as the index claims it; the decoder proves it later.
 * @throws {@link HartError} `HART_BODY_INVALID`.
 */
export function checkXzExtent(readAt: ReadAt, bodyBytes: number): number {
  const head = readAt(0, STREAM_HEADER_BYTES);
  if (!startsWith(head, HEADER_MAGIC)) throw invalidBody(bodyBytes === 0 ? 'empty' : 'xz', 'is no xz stream');
  if (bodyBytes < STREAM_HEADER_BYTES + STREAM_FOOTER_BYTES) throw invalidBody('xz', 'is cut off');
  const footer = readAt(bodyBytes - STREAM_FOOTER_BYTES, STREAM_FOOTER_BYTES);
  if (!startsWith(footer.subarray(10), FOOTER_MAGIC)) throw invalidBody('xz', 'does not end as an xz stream does');
  const indexBytes = (viewOf(footer).getUint32(4, true) + 1) * 4;
  if (indexBytes > Math.min(MAX_INDEX_BYTES, bodyBytes - STREAM_HEADER_BYTES - STREAM_FOOTER_BYTES)) {
    throw invalidBody('xz', 'has an index that does not fit');
  }
  const index = readIndex(readAt(bodyBytes - STREAM_FOOTER_BYTES - indexBytes, indexBytes));
  const streamBytes = STREAM_HEADER_BYTES + index.blockBytes + indexBytes + STREAM_FOOTER_BYTES;
  if (streamBytes !== bodyBytes) throw invalidBody('trailing-data', 'holds more than one xz stream');
  return index.unpackedBytes;
}

/** An error about the compressed body. */
export function invalidBody(
  problem: 'xz' | 'trailing-data' | 'tar' | 'empty',
  what: string,
  cause?: unknown,
): HartError<'HART_BODY_INVALID'> {
  return new HartError('HART_BODY_INVALID', `The body of the artifact ${what}`, {
    details: { problem },
    cause,
    hint: 'The file was damaged, or not packed by Habitat. Fetch or build it again.',
  });
}

function readIndex(index: Uint8Array): { readonly blockBytes: number; readonly unpackedBytes: number } {
  let offset = 0;
  const number = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = index[offset++];
      if (byte === undefined) throw invalidBody('xz', 'has an index that is cut off');
      value += (byte & 0x7f) * scale;
      if (!Number.isSafeInteger(value)) throw invalidBody('xz', 'has an impossible index');
      if (byte < 0x80) return value;
    }
  };
  if (number() !== 0) throw invalidBody('xz', 'has no index');
  let [blockBytes, unpackedBytes] = [0, 0];
  for (let left = number(); left > 0; left--) {
    const unpadded = number();
    blockBytes += unpadded + padding(unpadded);
    unpackedBytes += number();
  }
  if (Number.isSafeInteger(blockBytes) && Number.isSafeInteger(unpackedBytes)) return { blockBytes, unpackedBytes };
  throw invalidBody('xz', 'has an impossible index');
}

/** One byte: sizes are 2 or 3 times a power of two. */
function dictionaryCode(bytes: number): number {
  for (let code = 0; code < 40; code++) if ((2 | (code & 1)) * 2 ** (Math.floor(code / 2) + 11) === bytes) return code;
  throw new Error(`no LZMA2 dictionary has ${bytes} bytes`);
}

function variableLength(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

function littleEndian(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24];
}

const padding = (length: number): number => (4 - (length % 4)) % 4;

function startsWith(bytes: Uint8Array, magic: Uint8Array): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
