import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import {
  EnvelopeDecoder,
  encodeEnvelope,
  findLeftovers,
  formatOutputLine,
  formatProcessTable,
  type LauncherEnvelope,
  LineSplitter,
  parseProcessTable,
  reactToSupervisorExit,
} from '../src/index.ts';

const envelopes: LauncherEnvelope[] = [
  { message: { type: 'Register' }, transaction: 1 },
  { message: { type: 'Spawn', id: 'a.b', binary: '/x', env: { A: '1', B: '' }, svcUserId: 0 }, transaction: 2 },
  { message: { type: 'PidIs' }, transaction: 3 },
  { message: { type: 'Exited', id: 'a.b', pid: 7n, signal: 'SIGKILL' } },
  { message: { type: 'Shutdown' } },
];

test('every envelope survives, whatever the cuts', () => {
  const bytes = envelopes.flatMap((envelope) => [...encodeEnvelope(envelope)]);
  const decoder = new EnvelopeDecoder();
  const read = bytes.flatMap((byte) => decoder.push(Uint8Array.of(byte)));
  expect(read).toEqual(envelopes);
});

test.for([
  ['a huge announcement', Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
  ['noise', Uint8Array.of(0, 0, 0, 3, 0xff, 0xff, 0xff)],
  ['an unknown message', Uint8Array.of(0, 0, 0, 4, 0x0a, 2, 0x48, 0x69)],
  ['no name', Uint8Array.of(0, 0, 0, 0)],
] as const)('refuses %s', ([, bytes]) => {
  expect(thrownBy(() => new EnvelopeDecoder().push(bytes))).toMatchObject({ code: 'LAUNCHER_MESSAGE_INVALID' });
});

test.for([
  [{ code: 86, signal: null }, 5000, true, { type: 'stop', exitCode: 86 }],
  [{ code: 84, signal: null }, 5000, true, { type: 'stop', exitCode: 0 }],
  [{ code: 0, signal: null }, 5000, true, { type: 'start-again', afterMs: 0 }],
  [{ code: 1, signal: null }, 5000, false, { type: 'stop', exitCode: 1 }],
  [{ code: null, signal: 'SIGKILL' }, 5000, true, { type: 'start-again', afterMs: 0 }],
  [{ code: null, signal: 'SIGSEGV' }, 200, true, { type: 'start-again', afterMs: 800 }],
] as const)('exit %j after %s ms', ([exit, livedMs, registered, reaction]) => {
  expect(reactToSupervisorExit(exit, livedMs, registered)).toEqual(reaction);
});

test('leftovers: same boot, same pid, same start', () => {
  const processes = [
    { id: 'a.b', pid: 10, startTicks: 5 },
    { id: 'c.d', pid: 11, startTicks: 6 },
  ];
  const table = parseProcessTable(formatProcessTable({ bootId: 'boot', processes })) ?? { bootId: '', processes: [] };
  const live = (pid: number): number | undefined => ({ 10: 5, 11: 99 })[pid];
  expect(findLeftovers(table, 'boot', live)).toEqual([{ id: 'a.b', pid: 10, startTicks: 5 }]);
  expect(findLeftovers(table, 'other', live)).toEqual([]);
});

test.for([
  '',
  '[]',
  'null',
  '{"bootId":1,"processes":[]}',
  '{"bootId":"x","processes":[{"id":"a","pid":1,"startTicks":1}]}',
  '{"bootId":"x","processes":[{"id":"a","pid":-5,"startTicks":1}]}',
  '{"bootId":"x","processes":[{"id":"a","pid":"7","startTicks":1}]}',
])('the table %j tells nothing', (text) => {
  expect(parseProcessTable(text)).toBeUndefined();
});

test('lines are cut, also when they never end', () => {
  const splitter = new LineSplitter();
  expect(splitter.push('a\r\nb')).toEqual(['a']);
  expect(splitter.push('c\n\n')).toEqual(['bc', '']);
  expect(splitter.push('x'.repeat(150_000)).map((line) => line.length)).toEqual([65_536, 65_536]);
  expect(splitter.flush()).toEqual(['x'.repeat(150_000 - 131_072)]);
  expect(splitter.flush()).toEqual([]);
});

test('output lines: text, colour, JSON', () => {
  expect(formatOutputLine('a.b', 'O', 'hi', { format: 'text', color: false })).toBe('a.b(O): hi\n');
  expect(formatOutputLine('hab-sup', 'MR', 'x', { format: 'text', color: true })).toContain('\u001b[36mhab-sup');
  expect(formatOutputLine('a.b', 'E', '"', { format: 'json', color: true })).toBe(
    '{"preamble":"a.b","logkey":"E","content":"\\""}\n',
  );
});
