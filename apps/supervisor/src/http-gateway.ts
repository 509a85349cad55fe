import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

import { equalBytes } from '@hab/core';

/** An answer of the gateway. */
export interface GatewayAnswer {
  readonly status: number;
  readonly type: 'application/json' | 'text/html; charset=utf-8';
  readonly body: string;
}

/** Answers a path. Paths are decoded, and split without empty parts. */
export type GatewayRoutes = (path: readonly string[]) => GatewayAnswer;

export interface GatewayOptions {
  readonly host: string;
  readonly port: number;
  /** Asked of every request when set. */
  readonly token?: string | undefined;
}

export interface HttpGateway extends AsyncDisposable {
  readonly port: number;
}

const NOTHING: GatewayAnswer = { status: 404, type: 'application/json', body: '' };

/** Serves what the Supervisor knows, read-only. See spec/supervisor 12. */
export async function serveHttp(options: GatewayOptions, routes: GatewayRoutes): Promise<HttpGateway> {
  const server: Server = createServer((request, response) => answer(request, response, options, routes));
  server.requestTimeout = 10_000;
  server.maxHeadersCount = 64;
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
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { token }: GatewayOptions,
  routes: GatewayRoutes,
): void {
  const { status, type, body } = decide(request, token, routes);
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
  response.end(request.method === 'HEAD' ? undefined : body);
}

function decide(request: IncomingMessage, token: string | undefined, routes: GatewayRoutes): GatewayAnswer {
  if (token !== undefined && !presents(request, token)) return { ...NOTHING, status: 401 };
  if (request.method !== 'GET' && request.method !== 'HEAD') return { ...NOTHING, status: 405 };
  const path = split(request.url ?? '/');
  return path === undefined ? { ...NOTHING, status: 400 } : routes(path);
}

function presents(request: IncomingMessage, token: string): boolean {
  const encoder = new TextEncoder();
  return equalBytes(encoder.encode(request.headers.authorization ?? ''), encoder.encode(`Bearer ${token}`));
}

function split(url: string): string[] | undefined {
  try {
    const [path = ''] = url.split('?', 1);
    return path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent);
  } catch {
    // A percent sign that begins no escape.
    return undefined;
  }
}
