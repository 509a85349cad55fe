import { CtlError } from './errors.ts';

/** The half of a frame that ties an answer to its question. */
export interface Transaction {
  /** 0 to 0x3fffffff; 0 is the handshake. */
  readonly id: number;
  readonly response: boolean;
  /** True on the last frame of an answer. */
  readonly complete: boolean;
}

/** One frame of the control gateway. */
export interface Frame {
  readonly transaction?: Transaction | undefined;
  /** ASCII type name, at most 63 bytes. */
  readonly messageId: string;
  readonly body: Uint8Array;
}

/** Longest body that 20 bits can announce. */
export const MAX_BODY_BYTES = 0xfffff;
const MAX_ID_BYTES = 0x3f;
const TRANSACTIONAL = 0x80000000;
const RESPONSE = 0x80000000;
const COMPLETE = 0x40000000;
const TRANSACTION_ID = 0x3fffffff;
const MESSAGE_ID = /^[A-Za-z][A-Za-z0-9]*$/;

/**
 * Writes a frame.
 *
 * @throws {@link CtlError} `CTL_FRAME_TOO_LARGE`, `CTL_FRAME_INVALID` for a name that does not fit.
 * @see spec/supervisor 11.1
 */
export function encodeFrame(frame: Frame): Uint8Array<ArrayBuffer> {
  const { transaction, messageId, body } = frame;
  if (body.length > MAX_BODY_BYTES) throw tooLarge(body.length, MAX_BODY_BYTES);
  if (messageId.length > MAX_ID_BYTES || !MESSAGE_ID.test(messageId)) throw invalid(`message name "${messageId}"`);
  const head = transaction === undefined ? 4 : 8;
  const bytes = new Uint8Array(head + messageId.length + body.length);
  const view = new DataView(bytes.buffer);
  const flag = transaction === undefined ? 0 : TRANSACTIONAL;
  view.setUint32(0, (flag | (messageId.length << 20) | body.length) >>> 0);
  if (transaction !== undefined) view.setUint32(4, encodeTransaction(transaction));
  for (let i = 0; i < messageId.length; i++) bytes[head + i] = messageId.charCodeAt(i);
  bytes.set(body, head + messageId.length);
  return bytes;
}

function encodeTransaction({ id, response, complete }: Transaction): number {
  if (!Number.isInteger(id) || id < 0 || id > TRANSACTION_ID) throw invalid(`transaction ${id}`);
  return (id | (response ? RESPONSE : 0) | (complete ? COMPLETE : 0)) >>> 0;
}

export interface FrameDecoderOptions {
  /** Longest body accepted. @defaultValue {@link MAX_BODY_BYTES} */
  readonly maxBodyBytes?: number;
}

/** Cuts a byte stream into frames. Holds at most one unfinished frame. */
export class FrameDecoder {
  readonly #maxBodyBytes: number;
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  constructor(options: FrameDecoderOptions = {}) {
    this.#maxBodyBytes = options.maxBodyBytes ?? MAX_BODY_BYTES;
  }

  /** True when the stream may end here. */
  get idle(): boolean {
    return this.#pending.length === 0;
  }

  /**
   * Takes the next bytes and returns the frames they complete; bodies are copies.
   *
   * @throws {@link CtlError} `CTL_FRAME_TOO_LARGE` as soon as a header announces too much, `CTL_FRAME_INVALID` for
   *   reserved bits or a name outside ASCII letters and digits.
   */
  push(chunk: Uint8Array): Frame[] {
    const bytes = new Uint8Array(this.#pending.length + chunk.length);
    bytes.set(this.#pending);
    bytes.set(chunk, this.#pending.length);
    const frames: Frame[] = [];
    let offset = 0;
    for (;;) {
      const next = this.#decodeAt(bytes, offset);
      if (next === undefined) break;
      frames.push(next.frame);
      offset = next.end;
    }
    this.#pending = bytes.slice(offset);
    return frames;
  }

  #decodeAt(bytes: Uint8Array<ArrayBuffer>, start: number): { frame: Frame; end: number } | undefined {
    if (bytes.length - start < 4) return undefined;
    const view = new DataView(bytes.buffer, start);
    const header = view.getUint32(0);
    const bodyLength = header & MAX_BODY_BYTES;
    const idLength = (header >>> 20) & MAX_ID_BYTES;
    if (((header >>> 26) & 0x1f) !== 0) throw invalid('reserved header bits are set');
    if (bodyLength > this.#maxBodyBytes) throw tooLarge(bodyLength, this.#maxBodyBytes);
    const transactional = header >>> 31 === 1;
    const idStart = start + (transactional ? 8 : 4);
    const end = idStart + idLength + bodyLength;
    if (bytes.length < end) return undefined;
    const messageId = String.fromCharCode(...bytes.subarray(idStart, idStart + idLength));
    if (!MESSAGE_ID.test(messageId)) throw invalid('the message name is not ASCII letters and digits');
    const transaction = transactional ? decodeTransaction(view.getUint32(4)) : undefined;
    return { frame: { transaction, messageId, body: bytes.slice(idStart + idLength, end) }, end };
  }
}

function decodeTransaction(word: number): Transaction {
  return { id: word & TRANSACTION_ID, response: word >>> 31 === 1, complete: (word & COMPLETE) !== 0 };
}

function invalid(reason: string): CtlError<'CTL_FRAME_INVALID'> {
  return new CtlError('CTL_FRAME_INVALID', `Not a control gateway frame: ${reason}`, { details: { reason } });
}

function tooLarge(sizeBytes: number, limitBytes: number): CtlError<'CTL_FRAME_TOO_LARGE'> {
  return new CtlError('CTL_FRAME_TOO_LARGE', `A frame of ${sizeBytes} bytes is over the limit of ${limitBytes}`, {
    details: { sizeBytes, limitBytes },
  });
}
