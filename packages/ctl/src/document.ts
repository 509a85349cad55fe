import { CtlError } from './errors.ts';
import type { CtlMessage } from './messages.ts';

/** Far below what a frame can announce, so that other traffic is not held up. */
const PART_BYTES = 256 * 1024;
/** A context with tens of thousands of members is smaller. */
export const MAX_DOCUMENT_BYTES: number = 64 * 1024 * 1024;

/** Cuts a text into the messages that carry it; at least one, the last one ends the answer. */
export function documentParts(text: string): readonly [CtlMessage, ...CtlMessage[]] {
  const bytes = new TextEncoder().encode(text);
  const parts: [CtlMessage, ...CtlMessage[]] = [{ type: 'Document', part: bytes.slice(0, PART_BYTES) }];
  for (let start = PART_BYTES; start < bytes.length; start += PART_BYTES) {
    parts.push({ type: 'Document', part: bytes.slice(start, start + PART_BYTES) });
  }
  return parts;
}

/**
 * Puts the parts of a document together again; other messages of the answer are passed over.
 *
 * @throws {@link CtlError} `CTL_FRAME_TOO_LARGE` beyond {@link MAX_DOCUMENT_BYTES}, `CTL_MESSAGE_INVALID` for bytes that
 *   are no text; what reading the answer throws.
 */
export async function readDocument(answer: AsyncIterable<CtlMessage>): Promise<string> {
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const message of answer) {
    if (message.type !== 'Document' || message.part === undefined) continue;
    sizeBytes += message.part.length;
    if (sizeBytes > MAX_DOCUMENT_BYTES) throw tooLarge(sizeBytes);
    parts.push(message.part);
  }
  const bytes = new Uint8Array(sizeBytes);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const details = { messageId: 'Document' };
    throw new CtlError('CTL_MESSAGE_INVALID', 'A document of the answer is not UTF-8 text', { details, cause });
  }
}

function tooLarge(sizeBytes: number): CtlError<'CTL_FRAME_TOO_LARGE'> {
  return new CtlError('CTL_FRAME_TOO_LARGE', `A document is larger than ${MAX_DOCUMENT_BYTES} bytes`, {
    details: { sizeBytes, limitBytes: MAX_DOCUMENT_BYTES },
  });
}
