/** The control gateway of a Supervisor: frames and messages. @packageDocumentation */
export { decodeMessage, encodeMessage } from './codec.ts';
export { documentParts, MAX_DOCUMENT_BYTES, readDocument } from './document.ts';
export type { CtlErrorCode, CtlErrorDetails } from './errors.ts';
export { CtlError, isCtlError } from './errors.ts';
export type { Frame, FrameDecoderOptions, Transaction } from './frame.ts';
export { encodeFrame, FrameDecoder, MAX_BODY_BYTES } from './frame.ts';
export type {
  CtlMessage,
  CtlMessages,
  CtlMessageType,
  NetErrorCode,
  WireBind,
  WireIdent,
  WireProcess,
  WireServiceGroup,
} from './messages.ts';
export {
  BINDING_MODES,
  DESIRED_STATES,
  NET_ERRORS,
  PROCESS_STATES,
  TOPOLOGIES,
  UPDATE_CONDITIONS,
  UPDATE_STRATEGIES,
} from './messages.ts';
