import { rejectionOf } from '@hab/core/testing';
import { expect, test } from 'vitest';

import {
  type CtlMessage,
  decodeMessage,
  documentParts,
  encodeMessage,
  MAX_DOCUMENT_BYTES,
  readDocument,
} from '../src/index.ts';
import { requestCtl, serveCtl } from '../src/node/index.ts';

async function* answer(...messages: readonly CtlMessage[]): AsyncGenerator<CtlMessage> {
  yield* messages;
}

test.for(['', '{}', 'é'.repeat(300_000), 'x'.repeat(256 * 1024), 'x'.repeat(256 * 1024 + 1)])(
  'a document of several sizes comes back as it was (%#)',
  async (text) => {
    expect(await readDocument(answer({ type: 'ConsoleLine', line: 'x' }, ...documentParts(text)))).toBe(text);
  },
);

test('parts stay far below the longest frame', () => {
  const sizes = documentParts('x'.repeat(1_000_000)).map((part) => encodeMessage(part).length);
  expect(sizes).toHaveLength(4);
  expect(Math.max(...sizes)).toBeLessThan(263_000);
});

test('a document has a limit, reached and exceeded', async () => {
  const half: CtlMessage = { type: 'Document', part: new Uint8Array(MAX_DOCUMENT_BYTES / 2).fill(120) };
  expect(await readDocument(answer(half, half))).toHaveLength(MAX_DOCUMENT_BYTES);
  const error = await rejectionOf(readDocument(answer(half, half, { type: 'Document', part: Uint8Array.of(120) })));
  expect(error).toMatchObject({ code: 'CTL_FRAME_TOO_LARGE', details: { limitBytes: MAX_DOCUMENT_BYTES } });
});

test('bytes that are no text are refused', async () => {
  const error = await rejectionOf(readDocument(answer({ type: 'Document', part: Uint8Array.of(0xff) })));
  expect(error).toMatchObject({ code: 'CTL_MESSAGE_INVALID' });
});

test('the requests keep their fields', () => {
  const serviceGroup = { service: 'web', group: 'default' };
  const change = {
    type: 'SvcChangeCfg',
    serviceGroup,
    cfg: Uint8Array.of(1),
    version: 7n,
    merge: true,
    delete: ['a.b'],
    dryRun: true,
  } as const;
  expect(decodeMessage('SvcChangeCfg', encodeMessage(change))).toEqual(change);
  const inspect = { type: 'SvcInspect', serviceGroup, context: true } as const;
  expect(decodeMessage('SvcInspect', encodeMessage(inspect))).toEqual(inspect);
});

test('a document crosses the gateway', async () => {
  const text = JSON.stringify({ text: 'y'.repeat(700_000) });
  await using server = await serveCtl(
    { host: '127.0.0.1', port: 0, secret: 's' },
    {
      handler: async (_, responder) => {
        const parts = documentParts(text);
        for (const part of parts.slice(0, -1)) responder.send(part);
        return parts.at(-1);
      },
    },
  );
  const options = { host: '127.0.0.1', port: server.port, secret: 's' };
  expect(await readDocument(requestCtl(options, { type: 'SvcInspect' }))).toBe(text);
});
