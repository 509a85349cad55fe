import { connect } from 'node:net';
import { rejectionOf, thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { type CtlMessage, decodeMessage, encodeFrame, encodeMessage, FrameDecoder, NET_ERRORS } from '../src/index.ts';
import { requestCtl, serveCtl } from '../src/node/index.ts';

const word = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};
const secret = 'c2VjcmV0';
const ok = async (): Promise<CtlMessage> => ({ type: 'NetOk' });

function talk(port: number, bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks)));
  });
}
const handshake = (secretKey: string, transactional = true): Uint8Array =>
  encodeFrame({
    ...(transactional ? { transaction: { id: 0, response: false, complete: false } } : {}),
    messageId: 'Handshake',
    body: encodeMessage({ type: 'Handshake', secretKey }),
  });

test('reserved header bits are refused', () => {
  expect(thrownBy(() => new FrameDecoder().push(word(0x04000000)))).toMatchObject({ code: 'CTL_FRAME_INVALID' });
});

test('a name outside ASCII is refused', () => {
  const bytes = Uint8Array.from([...word(1 << 20), 0xff]);
  expect(thrownBy(() => new FrameDecoder().push(bytes))).toMatchObject({ code: 'CTL_FRAME_INVALID' });
  expect(thrownBy(() => new FrameDecoder().push(word(0)))).toMatchObject({ code: 'CTL_FRAME_INVALID' });
});

test('a body at the limit passes, one byte more is refused before it arrives', () => {
  const at = encodeFrame({ messageId: 'NetOk', body: new Uint8Array(100) });
  expect(new FrameDecoder({ maxBodyBytes: 100 }).push(at)).toHaveLength(1);
  const past = encodeFrame({ messageId: 'NetOk', body: new Uint8Array(101) }).subarray(0, 4);
  expect(thrownBy(() => new FrameDecoder({ maxBodyBytes: 100 }).push(past))).toMatchObject({
    code: 'CTL_FRAME_TOO_LARGE',
    details: { sizeBytes: 101, limitBytes: 100 },
  });
  expect(thrownBy(() => encodeFrame({ messageId: 'NetOk', body: new Uint8Array(0x100000) }))).toMatchObject({
    code: 'CTL_FRAME_TOO_LARGE',
  });
});

test.for(['', 'Net Ok', 'x'.repeat(64)])('the name %j cannot be framed', (messageId) => {
  expect(thrownBy(() => encodeFrame({ messageId, body: new Uint8Array() }))).toMatchObject({
    code: 'CTL_FRAME_INVALID',
  });
});

test.for([
  ['Nonsense', ''],
  ['toString', ''],
  ['__proto__', ''],
  ['SvcLoad', 'ff'],
  ['SvcLoad', '0aff'],
  ['Handshake', '0a05'],
  ['SvcSetCfg', '12ffffffffffffffffff01'],
] as const)('the message %s with body %s is refused', ([messageId, hex]) => {
  expect(thrownBy(() => decodeMessage(messageId, Buffer.from(hex, 'hex')))).toMatchObject({
    code: 'CTL_MESSAGE_INVALID',
  });
});

test('absent and default differ', () => {
  expect(decodeMessage('SvcUnload', new Uint8Array())).toEqual({ type: 'SvcUnload' });
  const zero = encodeMessage({ type: 'SvcUnload', timeoutInSeconds: 0 });
  expect(decodeMessage('SvcUnload', zero)).toEqual({ type: 'SvcUnload', timeoutInSeconds: 0 });
});

test('a wrong secret is told and shut out', async () => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler: ok });
  const request = requestCtl({ host: '127.0.0.1', port: server.port, secret: 'wrong' }, { type: 'SvcStatus' });
  expect(await rejectionOf(request.next())).toMatchObject({
    code: 'CTL_REFUSED',
    message: 'secret key mismatch',
    details: { netCode: NET_ERRORS.unauthorized },
  });
});

test.for([
  [
    'another message first',
    encodeFrame({
      transaction: { id: 0, response: false, complete: false },
      messageId: 'SvcStatus',
      body: new Uint8Array(),
    }),
  ],
  ['a handshake outside a transaction', handshake(secret, false)],
  ['noise', new TextEncoder().encode('GET / HTTP/1.1\r\n\r\n')],
  ['an oversized announcement', word(0x809fffff)],
] as const)('drops %s without a word', async ([, bytes]) => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler: ok });
  expect(await talk(server.port, bytes)).toHaveLength(0);
});

test('a client that says nothing is dropped', async () => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret, handshakeTimeoutMs: 20 }, { handler: ok });
  expect(await talk(server.port, new Uint8Array())).toHaveLength(0);
});

test('a trusted client hears why its frame is refused', async () => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret, maxBodyBytes: 1000 }, { handler: ok });
  const options = { host: '127.0.0.1', port: server.port, secret };
  const request = requestCtl(options, { type: 'SvcSetCfg', cfg: new Uint8Array(2000) });
  expect(await rejectionOf(request.next())).toMatchObject({
    code: 'CTL_REFUSED',
    details: { netCode: NET_ERRORS.entityTooLarge },
  });
});

test('a failing handler answers with its error', async () => {
  const handler = async (): Promise<CtlMessage> => {
    throw new Error('no such thing');
  };
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler });
  const request = requestCtl({ host: '127.0.0.1', port: server.port, secret }, { type: 'SvcStatus' });
  expect(await rejectionOf(request.next())).toMatchObject({ code: 'CTL_REFUSED', message: 'no such thing' });
});

test('nobody listening', async () => {
  const server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler: ok });
  await server[Symbol.asyncDispose]();
  const request = requestCtl({ host: '127.0.0.1', port: server.port, secret }, { type: 'SvcStatus' });
  const error = await rejectionOf(request.next());
  expect(error).toMatchObject({ code: 'CTL_UNREACHABLE' });
  expect(String(error)).not.toContain(secret);
});

test('a server that goes away before its answer', async () => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler: async () => undefined });
  const options = { host: '127.0.0.1', port: server.port, secret };
  expect(await rejectionOf(requestCtl(options, { type: 'SvcStatus' }).next())).toMatchObject({ code: 'CTL_CLOSED' });
  expect(await requestCtl(options, { type: 'SupRestart' }).next()).toEqual({ done: true, value: undefined });
});

test('a port in use is the system error', async () => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler: ok });
  const again = serveCtl({ host: '127.0.0.1', port: server.port, secret }, { handler: ok });
  expect(await rejectionOf(again)).toMatchObject({ code: 'EADDRINUSE' });
});

test('an abort ends the wait with its reason', async () => {
  await using server = await serveCtl({ host: '127.0.0.1', port: 0, secret }, { handler: () => new Promise(() => {}) });
  const controller = new AbortController();
  const options = { host: '127.0.0.1', port: server.port, secret, signal: controller.signal };
  const waiting = rejectionOf(requestCtl(options, { type: 'SvcStatus' }).next());
  controller.abort('enough');
  expect(await waiting).toBe('enough');
});
