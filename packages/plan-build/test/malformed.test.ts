import { describe, expect, test } from 'vitest';
import { parseStopReport } from '../src/failure.ts';
import { parseShellVariables, variablesWith } from '../src/shell-variables.ts';
import { MAX_MESSAGE_BYTES, MAX_MESSAGE_FIELDS, MessageReader } from '../src/wire.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('messages', () => {
  test('arrive whole however they are cut', () => {
    const stream = bytes('ready\x000\0ask\x003\x001\0echo\0ünï\n\0note\x001\0\0');
    const whole = new MessageReader().push(stream);
    expect(whole).toEqual([
      { verb: 'ready', fields: [] },
      { verb: 'ask', fields: ['1', 'echo', 'ünï\n'] },
      { verb: 'note', fields: [''] },
    ]);
    const reader = new MessageReader();
    const pieces = [...stream].flatMap((byte) => reader.push(Uint8Array.of(byte)));
    expect(pieces).toEqual(whole);
  });

  test.for(['verb\0many\0', 'ask\0-1\0', 'ask\x001e3\0', 'ask\x009999999\0', 'UPPER\x000\0', '\x000\0'])(
    '%j is none',
    (text) => {
      expect(() => new MessageReader().push(bytes(text))).toThrow('not a message');
    },
  );

  test('have a largest number of fields', () => {
    expect(new MessageReader().push(bytes(`ask\0${MAX_MESSAGE_FIELDS}\0`))).toEqual([]);
    expect(() => new MessageReader().push(bytes(`ask\0${MAX_MESSAGE_FIELDS + 1}\0`))).toThrow('not a message');
  });

  test('have a largest length', () => {
    const head = bytes('ask\x001\0');
    const longest = new Uint8Array(MAX_MESSAGE_BYTES - head.length).fill(65);
    longest[longest.length - 1] = 0;
    const reader = new MessageReader();
    reader.push(head);
    expect(reader.push(longest)).toHaveLength(1);
    const over = new MessageReader();
    over.push(head);
    expect(() => over.push(new Uint8Array(MAX_MESSAGE_BYTES - head.length + 1).fill(65))).toThrow('without end');
  });

  test('bytes that are no UTF-8 are marked, not taken for something else', () => {
    const [message] = new MessageReader().push(Uint8Array.of(97, 0, 49, 0, 0xff, 0x41, 0));
    expect(message?.fields).toEqual(['\ufffdA']);
  });
});

describe('variables', () => {
  test.for([
    [['x', 's']],
    [['x', 'a', '3', '1']],
    [['x', 'a', 'NaN']],
    [['x', 'a', '1e99']],
    [['x', 'a', '-1']],
    [['m', 'A', '1', 'k']],
  ])('%j do not add up', ([fields]) => {
    expect(() => parseShellVariables(fields ?? [])).toThrow('does not add up');
  });
});

describe('declarations', () => {
  test('name the variables that hold a text, on whichever of their lines', () => {
    const text = [
      'declare -- a="x @M@"',
      'declare -ar b=([0]="1" [1]="@M@")',
      'declare -A c=([k]="one',
      'two @M@" )',
      'declare -x d="no"',
      'declare -- e',
    ].join('\n');
    expect(variablesWith(text, '@M@')).toEqual(['a', 'b', 'c']);
  });

  test('in a value that imitates them give names that can only be looked up', () => {
    const text = 'declare -- a="x\ndeclare -- PATH=@M@\ndeclare -- $(id)=@M@"\n@M@';
    expect(variablesWith(text, '@M@')).toEqual(['PATH']);
  });

  test('are none in nothing', () => {
    expect(variablesWith('', '@M@')).toEqual([]);
    expect(variablesWith('@M@', '@M@')).toEqual([]);
  });
});

test('values of a message replace those before it, and what is unset goes', () => {
  const before = parseShellVariables(['a', 's', '1', 'x', 'b', 's', '1', 'y']);
  expect([...parseShellVariables(['a', '-', '0', 'c', 'a', '0'], before).keys()]).toEqual(['b', 'c']);
});

test('a report with nothing in it is still a report', () => {
  expect(parseStopReport([])).toEqual({ kind: 'error', status: 1, line: 0, text: '', phase: '', frames: [] });
  expect(parseStopReport(['odd', 'x', 'y', 't', 'p', 'f', 'file'])).toMatchObject({ kind: 'error', frames: [] });
});
