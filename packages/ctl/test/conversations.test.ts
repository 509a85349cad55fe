import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { rejectionOf } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { type CtlMessage, decodeMessage, encodeFrame, encodeMessage, type Frame, FrameDecoder } from '../src/index.ts';
import { requestCtl, serveCtl } from '../src/node/index.ts';

interface Conversation {
  readonly name: string;
  readonly exit: number;
  readonly bytes: readonly (readonly ['client' | 'server', string])[];
}
const file = new URL('../../../vectors/ctl/conversations.json', import.meta.url);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as {
  secret: string;
  conversations: { args: string[]; exit: number; bytes: [never, string][] }[];
};
const conversations: Conversation[] = recorded.conversations.map(({ args, exit, bytes }, i) => ({
  name: `${i}: ${args.join(' ')}`,
  exit,
  bytes,
}));

const framesOf = (side: string, { bytes }: Conversation): Frame[] =>
  new FrameDecoder().push(
    Buffer.concat(bytes.filter(([who]) => who === side).map(([, hex]) => Buffer.from(hex, 'hex'))),
  );
const messageOf = (frame: Frame): CtlMessage => decodeMessage(frame.messageId, frame.body);

test('ten conversations were recorded', () => {
  expect(conversations).toHaveLength(10);
});

test.for(conversations)('reads and writes every frame of $name', ({ bytes }) => {
  for (const [, hex] of bytes) {
    const frames = new FrameDecoder().push(Buffer.from(hex, 'hex'));
    const again = frames.map((frame) => encodeFrame({ ...frame, body: encodeMessage(messageOf(frame)) }));
    expect(Buffer.concat(again).toString('hex')).toBe(hex);
  }
});

test.for(conversations)('frames of $name survive any cut', ({ bytes }) => {
  for (const [, hex] of bytes) {
    const decoder = new FrameDecoder();
    const frames = [...Buffer.from(hex, 'hex')].flatMap((byte) => decoder.push(Uint8Array.of(byte)));
    expect(frames).toEqual(new FrameDecoder().push(Buffer.from(hex, 'hex')));
    expect(decoder.idle).toBe(true);
  }
});

test.for(conversations)('our client holds its side of $name', async (conversation) => {
  const [, question] = framesOf('client', conversation);
  const answers = framesOf('server', conversation).slice(1);
  const heard: Buffer[] = [];
  const server = createServer((socket) => {
    const script = conversation.bytes.filter(([side]) => side === 'server').map(([, hex]) => Buffer.from(hex, 'hex'));
    socket.on('data', (chunk) => {
      heard.push(chunk);
      const next = script.shift();
      if (next === undefined) socket.end();
      else socket.write(next);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null || question === undefined) throw new Error('no address');
  const options = { host: '127.0.0.1', port: address.port, secret: recorded.secret };
  const replies = requestCtl(options, messageOf(question));
  const last = answers.at(-1);
  if (last?.messageId === 'NetErr') {
    expect(await rejectionOf(replies.next())).toMatchObject({ code: 'CTL_REFUSED', details: { netCode: 2 } });
  } else {
    const received: CtlMessage[] = [];
    for await (const reply of replies) received.push(reply);
    expect(received).toEqual(answers.map(messageOf));
  }
  const sent = conversation.bytes.filter(([side]) => side === 'client').map(([, hex]) => hex);
  expect(Buffer.concat(heard).toString('hex')).toBe(sent.join(''));
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

test.for(conversations)('our server holds its side of $name', async (conversation) => {
  const answers = framesOf('server', conversation).slice(1);
  await using server = await serveCtl(
    { host: '127.0.0.1', port: 0, secret: recorded.secret },
    {
      handler: async (request, responder) => {
        expect(encodeMessage(request)).toEqual(framesOf('client', conversation)[1]?.body);
        const messages = answers.map(messageOf);
        for (const message of messages.slice(0, -1)) responder.send(message);
        return messages.at(-1);
      },
    },
  );
  const { connect } = await import('node:net');
  const received = await new Promise<string>((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(server.port, '127.0.0.1', () => {
      for (const [side, hex] of conversation.bytes) if (side === 'client') socket.write(Buffer.from(hex, 'hex'));
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('hex')));
  });
  expect(received).toBe(
    conversation.bytes
      .filter(([side]) => side === 'server')
      .map(([, hex]) => hex)
      .join(''),
  );
});
