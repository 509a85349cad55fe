import { connect, type Socket } from 'node:net';

import { type AbortOptions, isHabError } from '@hab/core';

import { decodeMessage, encodeMessage } from '../codec.ts';
import { CtlError } from '../errors.ts';
import { encodeFrame, type Frame, FrameDecoder } from '../frame.ts';
import type { CtlMessage } from '../messages.ts';

export interface CtlRequestOptions extends AbortOptions {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
  /** Time for connecting and the handshake together. @defaultValue 10_000, spec/supervisor 11.2 */
  readonly handshakeTimeoutMs?: number;
}

/**
 * Sends one request and yields the parts of its answer, the last one included.
 *
 * @throws {@link CtlError} `CTL_UNREACHABLE`, `CTL_TIMEOUT`, `CTL_REFUSED` (any `NetErr`), `CTL_CLOSED` when the peer
 *   leaves before the answer is complete; for `SupRestart` that is how success looks, and the answer ends empty.
 */
export async function* requestCtl(options: CtlRequestOptions, request: CtlMessage): AsyncGenerator<CtlMessage> {
  const { host, port, secret, signal, handshakeTimeoutMs = 10_000 } = options;
  const address = `${host}:${port}`;
  const deadline = AbortSignal.timeout(handshakeTimeoutMs);
  const early = signal === undefined ? deadline : AbortSignal.any([signal, deadline]);
  const socket = await open(host, port, early).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw deadline.aborted ? timeout(address, handshakeTimeoutMs) : unreachable(address, error);
  });
  const abort = (): void => void socket.destroy();
  signal?.addEventListener('abort', abort);
  let waiting = true;
  const expire = (): void => {
    if (waiting) socket.destroy();
  };
  deadline.addEventListener('abort', expire);
  try {
    const frames = readFrames(socket);
    write(socket, { type: 'Handshake', secretKey: secret }, 0);
    const welcome = await frames.next().catch(() => ({ done: true as const, value: undefined }));
    waiting = false;
    signal?.throwIfAborted();
    if (welcome.done) throw deadline.aborted ? timeout(address, handshakeTimeoutMs) : closed(address);
    refuse(decode(welcome.value));
    write(socket, request, 1);
    yield* answer(frames, request, address, signal);
  } finally {
    signal?.removeEventListener('abort', abort);
    deadline.removeEventListener('abort', expire);
    socket.destroy();
  }
}

async function* answer(
  frames: AsyncGenerator<Frame>,
  request: CtlMessage,
  address: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<CtlMessage> {
  try {
    for await (const frame of frames) {
      signal?.throwIfAborted();
      const message = decode(frame);
      refuse(message);
      yield message;
      // A frame outside any transaction ends the talk too: the server had no question to tie it to.
      if (frame.transaction?.complete !== false) return;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (isHabError(error)) throw error;
    throw closed(address, error);
  }
  signal?.throwIfAborted();
  if (request.type !== 'SupRestart') throw closed(address);
}

function open(host: string, port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const socket = connect({ host, port, noDelay: true });
    const abort = (): void => {
      socket.destroy();
      reject(signal.reason);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.once('error', reject);
    socket.once('connect', () => {
      signal.removeEventListener('abort', abort);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

async function* readFrames(socket: Socket): AsyncGenerator<Frame> {
  const decoder = new FrameDecoder();
  for await (const chunk of socket as AsyncIterable<Buffer>) yield* decoder.push(chunk);
}

function write(socket: Socket, message: CtlMessage, id: number): void {
  const transaction = { id, response: false, complete: false };
  socket.write(encodeFrame({ transaction, messageId: message.type, body: encodeMessage(message) }));
}

const decode = (frame: Frame): CtlMessage => decodeMessage(frame.messageId, frame.body);

function refuse(message: CtlMessage): void {
  if (message.type !== 'NetErr') return;
  const { code = 0, msg = '' } = message;
  throw new CtlError('CTL_REFUSED', msg, { details: { netCode: code, netMessage: msg } });
}

const unreachable = (address: string, cause: unknown): CtlError =>
  new CtlError('CTL_UNREACHABLE', `Unable to contact the Supervisor. Nothing answers at ${address}.`, {
    details: { address },
    cause,
    hint: 'Start one with `hab sup run`, or name its address with --remote-sup.',
  });

const closed = (address: string, cause?: unknown): CtlError =>
  new CtlError('CTL_CLOSED', 'The connection was unexpectedly closed.', {
    details: { address },
    cause,
    hint: `Read the output of the Supervisor at ${address}; it may be stopping.`,
  });

const timeout = (address: string, timeoutMs: number): CtlError =>
  new CtlError('CTL_TIMEOUT', `The Supervisor at ${address} did not answer within ${timeoutMs / 1000} s.`, {
    details: { address, timeoutMs },
    hint: 'Check that a control gateway listens there and that no firewall drops the connection.',
  });
