import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { IDLE_MS, type OpenedSource, SourceFailure, type SourceRequest } from './source.ts';

/** Longest reply line of a server that is taken. */
const MAX_REPLY = 4096;

interface Reply {
  readonly code: number;
  readonly text: string;
}

/** Fetches a file from an FTP server, in passive mode, without encryption: the checksum is what protects it. */
export async function openFtp(request: SourceRequest): Promise<OpenedSource> {
  const { url, signal } = request;
  const control = await dial(url.hostname, Number(url.port || 21), request);
  const replies = readReplies(control);
  const ask = async (command: string | undefined, ...accepted: readonly number[]): Promise<Reply> => {
    if (command !== undefined) control.write(`${command}\r\n`);
    const reply = await replies.next();
    if (reply.done) throw new SourceFailure('The FTP server hung up', { status: 4, retry: true });
    if (accepted.includes(Math.floor(reply.value.code / 100))) return reply.value;
    const shown = command?.startsWith('PASS') ? 'PASS' : (command ?? 'greeting');
    throw new SourceFailure(`The FTP server answered ${reply.value.code} to ${shown}`, { status: 8, retry: false });
  };
  try {
    const path = decodeURIComponent(url.pathname).replace(/^\//, '');
    if (/[\r\n\0]/.test(path + decodeURIComponent(url.username + url.password))) {
      throw new SourceFailure('The address has a line break in it', { status: 1, retry: false });
    }
    await ask(undefined, 2);
    const login = await ask(`USER ${decodeURIComponent(url.username) || 'anonymous'}`, 2, 3);
    if (login.code >= 300) await ask(`PASS ${decodeURIComponent(url.password) || 'anonymous@'}`, 2);
    await ask('TYPE I', 2);
    const size = await ask(`SIZE ${path}`, 2, 5);
    const totalBytes = size.code < 300 && /^\d{1,15}$/.test(size.text) ? Number(size.text) : undefined;
    const passive = await ask('EPSV', 2);
    const port = Number(/\|(\d{1,5})\|/.exec(passive.text)?.[1]);
    const data = await dial(url.hostname, port, request);
    let offset = request.offset;
    if (offset > 0 && Math.floor((await ask(`REST ${offset}`, 3, 5)).code / 100) !== 3) offset = 0;
    await ask(`RETR ${path}`, 1);
    return { offset, totalBytes, validator: undefined, body: bodyOf(data, control, totalBytes, offset, signal) };
  } catch (error) {
    control.destroy();
    throw error;
  }
}

function dial(host: string, port: number, { signal }: SourceRequest): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port, timeout: IDLE_MS });
    const stop = (): void => void socket.destroy(new Error('stopped'));
    signal?.addEventListener('abort', stop, { once: true });
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('close', () => signal?.removeEventListener('abort', stop));
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause) => {
      if (signal?.aborted) reject(signal.reason);
      else reject(new SourceFailure(`Cannot reach ${host}: ${cause.message}`, { status: 4, retry: true, cause }));
    });
  });
}

/** Replies of several lines end with a line that has a space behind the code. */
async function* readReplies(control: Socket): AsyncGenerator<Reply, void> {
  for await (const line of createInterface({ input: control, crlfDelay: Number.POSITIVE_INFINITY })) {
    const [, code, text = ''] = /^(\d{3}) (.*)$/.exec(line.slice(0, MAX_REPLY)) ?? [];
    if (code !== undefined) yield { code: Number(code), text };
  }
}

async function* bodyOf(
  data: Socket,
  control: Socket,
  totalBytes: number | undefined,
  offset: number,
  signal: AbortSignal | undefined,
): AsyncIterable<Uint8Array> {
  let received = offset;
  try {
    for await (const chunk of data) {
      received += chunk.length;
      yield chunk;
    }
  } catch (cause) {
    signal?.throwIfAborted();
    throw new SourceFailure('The connection broke off', { status: 4, retry: true, cause });
  } finally {
    data.destroy();
    control.destroy();
  }
  if (totalBytes !== undefined && received < totalBytes) {
    throw new SourceFailure('The connection broke off', { status: 4, retry: true });
  }
}
