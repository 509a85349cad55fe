import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { rootCertificates, connect as tlsConnect } from 'node:tls';
import { proxyFor } from '../../proxy.ts';
import { IDLE_MS, type OpenedSource, SourceFailure, type SourceRequest } from './source.ts';

const MAX_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Asks a web server for a file, or for the rest of one; follows redirects. */
export async function openHttp(request: SourceRequest): Promise<OpenedSource> {
  let url = request.url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const response = await send({ ...request, url });
    const status = response.statusCode ?? 0;
    if (!REDIRECTS.has(status)) return accepted(response, status, request.offset);
    response.destroy();
    const next = URL.parse(response.headers.location ?? '', url.href);
    if (next === null || !/^https?:$/.test(next.protocol)) {
      throw new SourceFailure('The server redirects to nowhere', { status: 8, retry: false });
    }
    url = next;
  }
  throw new SourceFailure(`The server redirects more than ${MAX_REDIRECTS} times`, { status: 8, retry: false });
}

function accepted(response: IncomingMessage, status: number, wanted: number): OpenedSource {
  if (status !== 200 && status !== 206) {
    response.destroy();
    const again = status === 408 || status === 429 || status >= 500;
    const text = `The server answered ${status} ${response.statusMessage ?? ''}`.trim();
    // Asked for a part that does not exist: the partial file is worthless, the next try starts over.
    throw new SourceFailure(text, { status: 8, retry: again || status === 416 });
  }
  const length = Number(response.headers['content-length']);
  const range = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(response.headers['content-range'] ?? '');
  const offset = status === 206 ? Number(range?.[1]) : 0;
  if (status === 206 && offset !== wanted) {
    response.destroy();
    throw new SourceFailure('The server sent another part than was asked for', { status: 8, retry: true });
  }
  const whole = range === null ? offset + length : Number(range[2]);
  return {
    offset,
    totalBytes: Number.isSafeInteger(whole) ? whole : undefined,
    validator: strong(response.headers.etag) ?? response.headers['last-modified'],
    body: bodyOf(response),
  };
}

const strong = (etag: string | undefined): string | undefined => (etag?.startsWith('W/') ? undefined : etag);

/** Most bytes that wait for the disk. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Everything that arrived is handed on before the end is, also when the connection breaks: the next try goes on there. */
function bodyOf(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const waiting: Uint8Array[] = [];
  const arrivals = { bytes: 0, over: false, broken: undefined as unknown, wake: (): void => undefined };
  // Listening starts here and not with the first read: a connection may break before that.
  response.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk);
    arrivals.bytes += chunk.length;
    if (arrivals.bytes > MAX_WAITING_BYTES) response.pause();
    arrivals.wake();
  });
  response.once('error', (error) => {
    arrivals.broken = error;
  });
  response.once('close', () => {
    arrivals.over = true;
    arrivals.wake();
  });
  return (async function* () {
    try {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk !== undefined) {
          arrivals.bytes -= chunk.length;
          yield chunk;
        } else if (arrivals.over) {
          break;
        } else {
          const more = new Promise<void>((resolve) => {
            arrivals.wake = resolve;
          });
          response.resume();
          await more;
        }
      }
    } finally {
      response.destroy();
    }
    if (!response.complete) {
      throw new SourceFailure('The connection broke off', { status: 4, retry: true, cause: arrivals.broken });
    }
  })();
}

async function send(request: SourceRequest): Promise<IncomingMessage> {
  const { url, signal } = request;
  const proxy = proxyFor(url, request.environment);
  const secure = url.protocol === 'https:';
  const socket = secure && proxy !== undefined ? await tunnel(request, proxy) : undefined;
  const options: RequestOptions & { ca?: string[]; createConnection?: () => Socket } = {
    method: 'GET',
    host: bareHost(url),
    port: url.port || (secure ? 443 : 80),
    path: url.pathname + url.search,
    headers: headersFor(request),
    agent: false,
    timeout: IDLE_MS,
    ...(signal === undefined ? {} : { signal }),
    ...trust(request),
    ...(socket === undefined ? {} : { createConnection: () => socket }),
  };
  if (!secure && proxy !== undefined) {
    const bare = new URL(url);
    bare.username = bare.password = bare.hash = '';
    Object.assign(options, { host: bareHost(proxy), port: proxy.port || 80, path: bare.href });
    if (proxy.username !== '') Object.assign(options.headers ?? {}, { 'Proxy-Authorization': basic(proxy) });
  }
  return await answered(request, secure ? httpsRequest(options) : httpRequest(options));
}

function answered(request: SourceRequest, outgoing: ReturnType<typeof httpRequest>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('timeout', () => outgoing.destroy(new Error(`no answer for ${IDLE_MS / 1000} seconds`)));
    outgoing.once('error', (cause) => {
      if (request.signal?.aborted) reject(request.signal.reason);
      else
        reject(
          new SourceFailure(`Cannot reach ${request.url.host}: ${cause.message}`, { status: 4, retry: true, cause }),
        );
    });
    outgoing.end();
  });
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

const basic = (url: URL): string =>
  `Basic ${btoa(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`)}`;

function headersFor({ url, offset, validator }: SourceRequest): Record<string, string> {
  return {
    Host: url.host,
    'User-Agent': 'hab-plan-build',
    Accept: '*/*',
    // What is hashed is what is published, so nobody may repack it on the way.
    'Accept-Encoding': 'identity',
    ...(url.username === '' ? {} : { Authorization: basic(url) }),
    ...(offset === 0 ? {} : { Range: `bytes=${offset}-` }),
    ...(offset === 0 || validator === undefined ? {} : { 'If-Range': validator }),
  };
}

const trust = ({ certificates }: SourceRequest): { ca?: string[] } =>
  certificates.length === 0 ? {} : { ca: [...rootCertificates, ...certificates] };

/** A TLS connection to the server through a proxy that is only asked to connect. */
async function tunnel(request: SourceRequest, proxy: URL): Promise<Socket> {
  const { url, signal } = request;
  const target = `${url.hostname}:${url.port || 443}`;
  const connecting = httpRequest({
    host: bareHost(proxy),
    port: proxy.port || 80,
    method: 'CONNECT',
    path: target,
    headers: { Host: target, ...(proxy.username === '' ? {} : { 'Proxy-Authorization': basic(proxy) }) },
    agent: false,
    timeout: IDLE_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const socket = await new Promise<Socket>((resolve, reject) => {
    const refuse = (text: string, cause?: unknown): void =>
      reject(new SourceFailure(`Proxy ${proxy.host}: ${text}`, { status: 4, retry: true, cause }));
    connecting.once('connect', (response, connected) => {
      if (response.statusCode === 200) resolve(connected);
      else refuse(`it answered ${response.statusCode ?? 0} to CONNECT`);
    });
    connecting.once('response', (response) => refuse(`it answered ${response.statusCode ?? 0} to CONNECT`));
    connecting.once('timeout', () => connecting.destroy(new Error('no answer')));
    connecting.once('error', (cause) => (signal?.aborted ? reject(signal.reason) : refuse(cause.message, cause)));
    connecting.end();
  });
  return tlsConnect({ socket, servername: bareHost(url), ...trust(request) });
}
