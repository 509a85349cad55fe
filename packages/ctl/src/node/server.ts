import { createServer, type Server, type Socket } from 'node:net';

import { equalBytes, isHabError, type Logger, noopLogger } from '@hab/core';

import { decodeMessage, encodeMessage } from '../codec.ts';
import { isCtlError } from '../errors.ts';
import { encodeFrame, type Frame, FrameDecoder } from '../frame.ts';
import { type CtlMessage, NET_ERRORS } from '../messages.ts';

/** How a handler answers one request. */
export interface CtlResponder {
  /** Sends a part of the answer. */
  send(message: CtlMessage): void;
}

/**
 * Answers a request: parts through the responder, the last part as the result. Undefined closes without one, which is
 * how a restart is answered (spec/supervisor 3.2). A thrown error becomes `NetErr` internal.
 */
export type CtlHandler = (request: CtlMessage, responder: CtlResponder) => Promise<CtlMessage | undefined>;

export interface CtlServerOptions {
  readonly host: string;
  readonly port: number;
  /** What a client must present; compared in constant time. */
  readonly secret: string;
  /** @defaultValue 10_000, spec/supervisor 11.2 */
  readonly handshakeTimeoutMs?: number;
  /** Longest body accepted from a client. @defaultValue 262_144: four times the largest configuration */
  readonly maxBodyBytes?: number;
  /** Connections served at once. @defaultValue 64 */
  readonly maxConnections?: number;
}

export interface CtlServerCollaborators {
  readonly handler: CtlHandler;
  readonly logger?: Logger;
}

export interface CtlServer extends AsyncDisposable {
  readonly port: number;
}

/** Listens for clients. Requests of one connection are answered one after the other. */
export async function serveCtl(options: CtlServerOptions, collaborators: CtlServerCollaborators): Promise<CtlServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    new Session(socket, options, collaborators);
  });
  server.maxConnections = options.maxConnections ?? 64;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async [Symbol.asyncDispose](): Promise<void> {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

class Session {
  readonly #socket: Socket;
  readonly #options: CtlServerOptions;
  readonly #handler: CtlHandler;
  readonly #logger: Logger;
  readonly #decoder: FrameDecoder;
  #trusted = false;
  #work: Promise<void> = Promise.resolve();

  constructor(socket: Socket, options: CtlServerOptions, { handler, logger = noopLogger }: CtlServerCollaborators) {
    this.#socket = socket;
    this.#options = options;
    this.#handler = handler;
    this.#logger = logger;
    this.#decoder = new FrameDecoder({ maxBodyBytes: options.maxBodyBytes ?? 262_144 });
    socket.setNoDelay(true);
    socket.setTimeout(options.handshakeTimeoutMs ?? 10_000, () => socket.destroy());
    socket.on('error', (error) => logger.debug('control connection failed', { error }));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  #read(chunk: Uint8Array): void {
    let frames: Frame[];
    try {
      frames = this.#decoder.push(chunk);
    } catch (error) {
      this.#refuse(error);
      return;
    }
    for (const frame of frames) this.#work = this.#work.then(() => this.#answer(frame));
  }

  /** A client that breaks the framing is told why when it is trusted, and dropped in any case. */
  #refuse(error: unknown): void {
    this.#logger.warn('control connection dropped', { reason: error instanceof Error ? error.message : error });
    if (!this.#trusted || !isCtlError(error, 'CTL_FRAME_TOO_LARGE')) {
      this.#socket.destroy();
      return;
    }
    const answer: CtlMessage = { type: 'NetErr', code: NET_ERRORS.entityTooLarge, msg: error.message };
    this.#socket.end(encodeFrame({ messageId: answer.type, body: encodeMessage(answer) }));
  }

  async #answer(frame: Frame): Promise<void> {
    if (this.#socket.destroyed) return;
    if (!this.#trusted) return this.#shakeHands(frame);
    if (frame.transaction === undefined) {
      this.#socket.destroy();
      return;
    }
    const { id } = frame.transaction;
    const write = (message: CtlMessage, complete: boolean): void => {
      const transaction = { id, response: true, complete };
      this.#socket.write(encodeFrame({ transaction, messageId: message.type, body: encodeMessage(message) }));
    };
    let answer: CtlMessage | undefined;
    try {
      const request = decodeMessage(frame.messageId, frame.body);
      answer = await this.#handler(request, { send: (message) => write(message, false) });
    } catch (error) {
      answer = netError(error);
      this.#logger.warn('control request failed', { messageId: frame.messageId, reason: answer.msg });
    }
    if (this.#socket.destroyed) return;
    if (answer !== undefined) write(answer, true);
    this.#socket.end();
  }

  #shakeHands(frame: Frame): void {
    const { transaction } = frame;
    const request = frame.messageId === 'Handshake' ? safeDecode(frame) : undefined;
    if (transaction === undefined || request?.type !== 'Handshake') {
      this.#socket.destroy();
      return;
    }
    const encoder = new TextEncoder();
    const ok = equalBytes(encoder.encode(request.secretKey ?? ''), encoder.encode(this.#options.secret));
    const answer: CtlMessage = ok
      ? { type: 'NetOk' }
      : { type: 'NetErr', code: NET_ERRORS.unauthorized, msg: 'secret key mismatch' };
    const bytes = encodeFrame({
      transaction: { id: transaction.id, response: true, complete: true },
      messageId: answer.type,
      body: encodeMessage(answer),
    });
    if (!ok) {
      this.#logger.warn('control client refused: wrong secret', { address: this.#socket.remoteAddress });
      this.#socket.end(bytes);
      return;
    }
    this.#trusted = true;
    this.#socket.setTimeout(0);
    this.#socket.write(bytes);
  }
}

function safeDecode(frame: Frame): CtlMessage | undefined {
  try {
    return decodeMessage(frame.messageId, frame.body);
  } catch (error) {
    if (isCtlError(error, 'CTL_MESSAGE_INVALID')) return undefined;
    throw error;
  }
}

function netError(error: unknown): { readonly type: 'NetErr'; readonly code: number; readonly msg: string } {
  if (isCtlError(error, 'CTL_REFUSED')) {
    return { type: 'NetErr', code: error.details.netCode, msg: error.details.netMessage };
  }
  const code = isHabError(error, 'CTL_MESSAGE_INVALID') ? NET_ERRORS.badPayload : NET_ERRORS.internal;
  return { type: 'NetErr', code, msg: error instanceof Error ? error.message : String(error) };
}
