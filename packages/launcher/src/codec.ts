import { create, type DescMessage, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';

import { LauncherError } from './errors.ts';
import * as schemas from './generated/launcher_pb.js';
import type { LauncherEnvelope, LauncherMessage, LauncherMessageType } from './messages.ts';

const SCHEMAS: Readonly<Record<LauncherMessageType, DescMessage>> = {
  Register: schemas.RegisterSchema,
  Spawn: schemas.SpawnSchema,
  SpawnOk: schemas.SpawnOkSchema,
  Restart: schemas.RestartSchema,
  Terminate: schemas.TerminateSchema,
  TerminateOk: schemas.TerminateOkSchema,
  PidOf: schemas.PidOfSchema,
  PidIs: schemas.PidIsSchema,
  Version: schemas.VersionSchema,
  VersionNumber: schemas.VersionNumberSchema,
  Shutdown: schemas.ShutdownSchema,
  NetOk: schemas.NetOkSchema,
  NetErr: schemas.NetErrSchema,
  Exited: schemas.ExitedSchema,
};
/** An environment is the largest thing that travels; the kernel itself refuses 2 MiB. */
const MAX_ENVELOPE_BYTES = 4 * 1024 * 1024;

/** Writes an envelope with its length in front: four bytes, big-endian. */
export function encodeEnvelope({ message, transaction }: LauncherEnvelope): Uint8Array<ArrayBuffer> {
  const { type, ...fields } = message;
  const present = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  // The plain fields are the schema's own init shape.
  const payload = toBinary(SCHEMAS[type], create(SCHEMAS[type], present as never));
  const envelope = create(schemas.EnvelopeSchema, {
    messageId: type,
    payload,
    ...(transaction === undefined ? {} : { transaction }),
  });
  const bytes = toBinary(schemas.EnvelopeSchema, envelope);
  const framed = new Uint8Array(4 + bytes.length);
  new DataView(framed.buffer).setUint32(0, bytes.length);
  framed.set(bytes, 4);
  return framed;
}

/** Cuts a byte stream into envelopes. */
export class EnvelopeDecoder {
  #pending: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** @throws {@link LauncherError} `LAUNCHER_MESSAGE_INVALID`; the stream is then unusable. */
  push(chunk: Uint8Array): LauncherEnvelope[] {
    const bytes = new Uint8Array(this.#pending.length + chunk.length);
    bytes.set(this.#pending);
    bytes.set(chunk, this.#pending.length);
    const envelopes: LauncherEnvelope[] = [];
    let offset = 0;
    while (bytes.length - offset >= 4) {
      const length = new DataView(bytes.buffer, offset).getUint32(0);
      if (length > MAX_ENVELOPE_BYTES) throw invalid(`${length} bytes announced`);
      if (bytes.length - offset - 4 < length) break;
      envelopes.push(decodeEnvelope(bytes.subarray(offset + 4, offset + 4 + length)));
      offset += 4 + length;
    }
    this.#pending = bytes.slice(offset);
    return envelopes;
  }
}

function decodeEnvelope(bytes: Uint8Array): LauncherEnvelope {
  try {
    const { messageId, payload, transaction } = own(fromBinary(schemas.EnvelopeSchema, bytes));
    if (typeof messageId !== 'string' || !Object.hasOwn(SCHEMAS, messageId)) throw invalid(`message ${messageId}`);
    const type = messageId as LauncherMessageType;
    const fields = own(fromBinary(SCHEMAS[type], payload instanceof Uint8Array ? payload : new Uint8Array()));
    // The fields are those of the type by construction of SCHEMAS.
    const message = { ...fields, type } as LauncherMessage;
    return typeof transaction === 'number' ? { message, transaction } : { message };
  } catch (error) {
    throw error instanceof LauncherError ? error : invalid('not an envelope', error);
  }
}

/** Own fields only: what was not sent lives on the prototype of a decoded message. */
function own(message: Message): Record<string, unknown> {
  return Object.fromEntries(Object.entries(message).filter(([key]) => !key.startsWith('$')));
}

function invalid(reason: string, cause?: unknown): LauncherError<'LAUNCHER_MESSAGE_INVALID'> {
  return new LauncherError('LAUNCHER_MESSAGE_INVALID', `Not a message of the Launcher: ${reason}`, {
    details: { reason },
    cause,
  });
}
