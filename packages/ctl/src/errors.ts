import { HabError, isHabError } from '@hab/core';

/** What `details` carries, per code. */
export interface CtlErrorDetails {
  /** Bytes that no peer of this protocol sends. */
  CTL_FRAME_INVALID: { readonly reason: string };
  /** A frame beyond the receiver's limit. */
  CTL_FRAME_TOO_LARGE: { readonly sizeBytes: number; readonly limitBytes: number };
  /** A body that is not the message its frame names, or a message nobody knows. */
  CTL_MESSAGE_INVALID: { readonly messageId: string };
  /** Nobody listens at the address. */
  CTL_UNREACHABLE: { readonly address: string };
  /** The peer went away before its answer was complete. */
  CTL_CLOSED: { readonly address: string };
  /** The peer did not answer the handshake in time. */
  CTL_TIMEOUT: { readonly address: string; readonly timeoutMs: number };
  /** The peer answered with an error of its own. */
  CTL_REFUSED: { readonly netCode: number; readonly netMessage: string };
}
export type CtlErrorCode = keyof CtlErrorDetails;

export class CtlError<C extends CtlErrorCode = CtlErrorCode> extends HabError<C, CtlErrorDetails[C]> {
  override readonly name = 'CtlError';
}

/** True for an error of this package with that code, whichever copy of the package made it. */
export function isCtlError<C extends CtlErrorCode>(value: unknown, code: C): value is CtlError<C> {
  return isHabError(value, code);
}
