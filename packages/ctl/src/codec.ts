import { create, type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';

import { CtlError } from './errors.ts';
import * as schemas from './generated/ctl_pb.js';
import type { CtlMessage, CtlMessageType } from './messages.ts';

const SCHEMAS: Readonly<Record<CtlMessageType, DescMessage>> = {
  Handshake: schemas.HandshakeSchema,
  SvcLoad: schemas.SvcLoadSchema,
  SvcUpdate: schemas.SvcUpdateSchema,
  SvcUnload: schemas.SvcUnloadSchema,
  SvcStop: schemas.SvcStopSchema,
  SvcStart: schemas.SvcStartSchema,
  SvcStatus: schemas.SvcStatusSchema,
  SvcGetDefaultCfg: schemas.SvcGetDefaultCfgSchema,
  SvcValidateCfg: schemas.SvcValidateCfgSchema,
  SvcSetCfg: schemas.SvcSetCfgSchema,
  SvcFilePut: schemas.SvcFilePutSchema,
  SvcInspect: schemas.SvcInspectSchema,
  SvcChangeCfg: schemas.SvcChangeCfgSchema,
  Document: schemas.DocumentSchema,
  SupDepart: schemas.SupDepartSchema,
  SupRestart: schemas.SupRestartSchema,
  ServiceCfg: schemas.ServiceCfgSchema,
  ServiceStatus: schemas.ServiceStatusSchema,
  NetProgress: schemas.NetProgressSchema,
  ConsoleLine: schemas.ConsoleLineSchema,
  NetOk: schemas.NetOkSchema,
  NetErr: schemas.NetErrSchema,
};

function isMessageType(messageId: string): messageId is CtlMessageType {
  return Object.hasOwn(SCHEMAS, messageId);
}

/** Writes a message's body; the frame carries its type. */
export function encodeMessage(message: CtlMessage): Uint8Array<ArrayBuffer> {
  const { type, ...fields } = message;
  const schema = SCHEMAS[type];
  // The plain fields are the schema's own init shape; the two are kept in step by the vectors.
  return toBinary(schema, create(schema, withoutAbsent(fields) as never)) as Uint8Array<ArrayBuffer>;
}

/**
 * Reads a message's body. Unknown fields are ignored, absent ones stay absent.
 *
 * @throws {@link CtlError} `CTL_MESSAGE_INVALID` for an unknown type or bytes that are not that message.
 */
export function decodeMessage(messageId: string, body: Uint8Array): CtlMessage {
  if (!isMessageType(messageId)) throw invalid(messageId, `No message is called ${messageId}`);
  try {
    // The fields of the decoded message are those of its type by construction of SCHEMAS.
    return { ...plain(fromBinary(SCHEMAS[messageId], body)), type: messageId } as CtlMessage;
  } catch (error) {
    throw invalid(messageId, `The body is not a ${messageId}`, error);
  }
}

function invalid(messageId: string, text: string, cause?: unknown): CtlError<'CTL_MESSAGE_INVALID'> {
  return new CtlError('CTL_MESSAGE_INVALID', text, { details: { messageId: messageId.slice(0, 63) }, cause });
}

/** Own fields only: what was not on the wire lives on the prototype of a decoded message. */
function plain(message: Message): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(message)) {
    if (!key.startsWith('$')) fields[key] = plainValue(value);
  }
  return fields;
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (typeof value === 'object' && value !== null && '$typeName' in value) return plain(value as Message);
  return value;
}

function withoutAbsent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAbsent);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(entries.map(([key, field]) => [key, withoutAbsent(field)]));
}
