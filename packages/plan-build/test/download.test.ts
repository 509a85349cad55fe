import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket, type Server as TcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Clock } from '@hab/core';
import { rejectionOf } from '@hab/core/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type FetchOptions, fetchFile } from '../src/node/download/fetch-file.ts';

const CONTENT = Buffer.from(Array.from({ length: 300_000 }, (_, at) => at % 251));
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

/** Time that passes at once: what is tested is that somebody waits, and for how long. */
function instantClock(): Clock & { readonly waits: number[] } {
  const waits: number[] = [];
  return {
    waits,
    now: () => 0,
    monotonic: () => 0,
    sleep: async (ms, { signal } = {}) => {
      signal?.throwIfAborted();
      waits.push(ms);
    },
  };
}

let directory: string;
let destination: string;
const servers: (Server | TcpServer)[] = [];
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'hab-download-'));
  destination = join(directory, 'file.tar.gz');
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(directory, { recursive: true, force: true });
});

async function listen(server: Server | TcpServer): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP server has one
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
const serve = async (handler: Handler): Promise<string> => `http://127.0.0.1:${await listen(createServer(handler))}`;

const fetchTo = (url: string, options: Partial<FetchOptions> = {}): Promise<string> =>
  fetchFile(new URL(url), destination, {
    clock: instantClock(),
    environment: {},
    certificates: [],
    resume: false,
    onBytes: () => undefined,
    onRetry: () => undefined,
    ...options,
  });

describe('a web server', () => {
  test('gives a file, which appears whole under its name', async () => {
    const url = await serve((_request, response) => response.end(CONTENT));
    expect(await fetchTo(`${url}/x`)).toBe(SHA256);
    expect(readFileSync(destination).equals(CONTENT)).toBe(true);
    expect(existsSync(`${destination}.part`)).toBe(false);
  });

  test('redirects, also to another host, which does not learn the password', async () => {
    const seen: (string | undefined)[] = [];
    const end = await serve((incoming, response) => {
      seen.push(incoming.headers.authorization);
      response.end(CONTENT);
    });
    const start = await serve((incoming, response) => {
      seen.push(incoming.headers.authorization);
      response.writeHead(302, { Location: `${end}/there` }).end();
    });
    await fetchTo(start.replace('://', '://ann:secret@'));
    expect(seen).toEqual([`Basic ${btoa('ann:secret')}`, undefined]);
  });

  test.for([404, 403, 400])('answers %i: status 8, one try, nothing left', async (status) => {
    let tries = 0;
    const url = await serve((_request, response) => {
      tries++;
      response.writeHead(status).end('no');
    });
    expect(await rejectionOf(fetchTo(url))).toMatchObject({ status: 8, message: expect.stringContaining(`${status}`) });
    expect(tries).toBe(1);
    expect(existsSync(destination)).toBe(false);
    expect(existsSync(`${destination}.part`)).toBe(false);
  });

  test.for([500, 503, 429])('answers %i and then the file: one more try', async (status) => {
    let tries = 0;
    const url = await serve((_request, response) => {
      if (tries++ === 0) response.writeHead(status).end();
      else response.end(CONTENT);
    });
    const clock = instantClock();
    const reasons: string[] = [];
    expect(await fetchTo(url, { clock, onRetry: (reason) => void reasons.push(reason) })).toBe(SHA256);
    expect(clock.waits).toEqual([1000]);
    expect(reasons[0]).toContain(`${status}`);
  });

  test('keeps failing: longer and longer waits, then the end', async () => {
    const url = await serve((_request, response) => response.writeHead(500).end());
    const clock = instantClock();
    expect(await rejectionOf(fetchTo(url, { clock }))).toMatchObject({ status: 8 });
    expect(clock.waits).toEqual([1000, 2000, 5000, 10_000]);
  });

  test('breaks off: the rest is asked for, and only if the file is the same', async () => {
    const ranges: (readonly (string | undefined)[])[] = [];
    const url = await serve((incoming, response) => {
      const { range } = incoming.headers;
      ranges.push([range, String(incoming.headers['if-range'])]);
      if (range === undefined) {
        response.writeHead(200, { 'Content-Length': CONTENT.length, ETag: '"v1"' });
        response.write(CONTENT.subarray(0, 100_000));
        response.socket?.end();
      } else {
        const from = Number(/\d+/.exec(range)?.[0]);
        response.writeHead(206, { 'Content-Range': `bytes ${from}-${CONTENT.length - 1}/${CONTENT.length}` });
        response.end(CONTENT.subarray(from));
      }
    });
    expect(await fetchTo(url)).toBe(SHA256);
    expect(ranges).toHaveLength(2);
    expect(ranges[1]?.[0]).toMatch(/^bytes=\d+-$/);
    expect(ranges[1]?.[1]).toBe('"v1"');
  });

  test('sends less than it said', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'Content-Length': CONTENT.length });
      response.write(CONTENT.subarray(0, 10));
      response.socket?.end();
    });
    expect(await rejectionOf(fetchTo(url))).toMatchObject({ status: 4 });
    expect(existsSync(destination)).toBe(false);
  });

  test('goes on with what an earlier build left, when a checksum will judge it', async () => {
    writeFileSync(`${destination}.part`, CONTENT.subarray(0, 1000));
    const url = await serve((incoming, response) => {
      expect(incoming.headers.range).toBe('bytes=1000-');
      response.writeHead(206, { 'Content-Range': `bytes 1000-${CONTENT.length - 1}/${CONTENT.length}` });
      response.end(CONTENT.subarray(1000));
    });
    expect(await fetchTo(url, { resume: true })).toBe(SHA256);
  });

  test('does not have the part: everything again', async () => {
    writeFileSync(`${destination}.part`, Buffer.alloc(CONTENT.length + 5));
    const url = await serve((incoming, response) => {
      if (incoming.headers.range === undefined) response.end(CONTENT);
      else response.writeHead(416).end();
    });
    expect(await fetchTo(url, { resume: true })).toBe(SHA256);
  });

  test('ignores the wish for a part: everything again', async () => {
    writeFileSync(`${destination}.part`, 'something else');
    const url = await serve((_request, response) => response.end(CONTENT));
    expect(await fetchTo(url, { resume: true })).toBe(SHA256);
  });

  test('is not there', async () => {
    expect(await rejectionOf(fetchTo('http://127.0.0.1:1/x'))).toMatchObject({ status: 4, retry: true });
  });

  test('is not waited for by who stops the build', async () => {
    const stop = new AbortController();
    const url = await serve(() => stop.abort(new Error('stop')));
    expect(await rejectionOf(fetchTo(url, { signal: stop.signal }))).toBe(stop.signal.reason);
  });

  test('redirects for ever', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { Location: '/again' }).end());
    expect(await rejectionOf(fetchTo(url))).toMatchObject({ status: 8, retry: false });
  });

  test('redirects to a file of this machine', async () => {
    const url = await serve((_request, response) => response.writeHead(302, { Location: 'file:///etc/passwd' }).end());
    expect(await rejectionOf(fetchTo(url))).toMatchObject({ status: 8, message: 'The server redirects to nowhere' });
  });
});

test('a proxy is asked for the whole address', async () => {
  const asked: (string | undefined)[] = [];
  const proxy = await serve((incoming, response) => {
    asked.push(incoming.url, incoming.headers['proxy-authorization']);
    response.end(CONTENT);
  });
  const environment = { http_proxy: proxy.replace('://', '://bob:pw@') };
  expect(await fetchTo('http://files.example:8000/x?y=1', { environment })).toBe(SHA256);
  expect(asked).toEqual(['http://files.example:8000/x?y=1', `Basic ${btoa('bob:pw')}`]);
});

test('a proxy connects to a secure server, and is told no more than its name', async () => {
  const asked: (string | undefined)[] = [];
  const server = createServer();
  server.on('connect', (incoming, socket) => {
    asked.push(incoming.url);
    socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
  });
  const port = await listen(server);
  const environment = { https_proxy: `127.0.0.1:${port}` };
  expect(await rejectionOf(fetchTo('https://files.example/secret', { environment }))).toMatchObject({
    status: 4,
    message: expect.stringContaining('502 to CONNECT'),
  });
  expect(asked[0]).toBe('files.example:443');
});

describe('a file of this machine', () => {
  test('is copied', async () => {
    const source = join(directory, 'source file');
    writeFileSync(source, CONTENT);
    expect(await fetchTo(pathToFileURL(source).href)).toBe(SHA256);
  });

  test('is missing, or is a directory', async () => {
    expect(await rejectionOf(fetchTo('file:///nonexistent/x'))).toMatchObject({ status: 1, retry: false });
    expect(await rejectionOf(fetchTo(pathToFileURL(directory).href))).toMatchObject({ status: 1 });
  });
});

describe('an FTP server', () => {
  /** A server of one file, as small as the protocol allows. */
  async function ftp(options: { readonly cutAt?: number } = {}): Promise<{ url: string; commands: string[] }> {
    const commands: string[] = [];
    let cut = options.cutAt;
    const port = await listen(
      createTcpServer((control) => {
        let from = 0;
        const data = createTcpServer();
        const connected = new Promise<Socket>((resolve) => data.once('connection', resolve));
        control.on('error', () => undefined);
        control.on('close', () => data.close());
        control.write('220-hello\r\n there\r\n220 ready\r\n');
        control.on('data', (chunk) => {
          for (const line of String(chunk).split('\r\n').filter(Boolean)) {
            commands.push(line);
            const [verb = '', argument = ''] = line.split(' ');
            if (verb === 'USER') control.write('331 password\r\n');
            else if (verb === 'SIZE') control.write(`213 ${CONTENT.length}\r\n`);
            else if (verb === 'REST') {
              from = Number(argument);
              control.write('350 from there\r\n');
            } else if (verb === 'EPSV') {
              data.listen(0, '127.0.0.1', () => {
                control.write(`229 Extended (|||${(data.address() as AddressInfo).port}|)\r\n`);
              });
            } else if (verb === 'RETR' && argument !== 'pub/file') control.write('550 no\r\n');
            else if (verb === 'RETR') {
              control.write('150 here\r\n');
              const until = cut ?? CONTENT.length;
              cut = undefined;
              void connected.then((socket) => socket.end(CONTENT.subarray(from, until)));
            } else control.write('200 ok\r\n');
          }
        });
      }),
    );
    return { url: `ftp://127.0.0.1:${port}`, commands };
  }

  test('gives a file to anybody', async () => {
    const { url, commands } = await ftp();
    expect(await fetchTo(`${url}/pub/file`)).toBe(SHA256);
    expect(commands).toEqual(['USER anonymous', 'PASS anonymous@', 'TYPE I', 'SIZE pub/file', 'EPSV', 'RETR pub/file']);
  });

  test('is told name and password of the address, decoded, and nobody else is', async () => {
    const { url, commands } = await ftp();
    const secret = url.replace('//', '//an%6e:s%65cret@');
    expect(await fetchTo(`${secret}/pub/file`)).toBe(SHA256);
    expect(commands.slice(0, 2)).toEqual(['USER ann', 'PASS secret']);
    const failure = await rejectionOf(fetchTo(`${secret}/other`));
    expect(String(failure)).not.toContain('secret');
  });

  test('does not have it', async () => {
    const { url } = await ftp();
    expect(await rejectionOf(fetchTo(`${url}/other`))).toMatchObject({ status: 8, retry: false });
  });

  test('breaks off: the rest is asked for', async () => {
    const { url, commands } = await ftp({ cutAt: 1000 });
    expect(await fetchTo(`${url}/pub/file`)).toBe(SHA256);
    expect(commands).toContain('REST 1000');
  });

  test('cannot be given commands in an address', async () => {
    const { url, commands } = await ftp();
    expect(await rejectionOf(fetchTo(`${url}/x%0d%0aDELE y`))).toMatchObject({ status: 1 });
    expect(commands.join()).not.toContain('DELE');
  });
});
