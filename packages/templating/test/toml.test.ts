import { thrownBy } from '@hab/core/testing';
import toml from 'toml';
import { expect, test } from 'vitest';

import {
  type ConfigValue,
  canonicalDateText,
  formatToml,
  isConfigDate,
  isTemplatingError,
  parseJson,
  parseToml,
} from '../src/index.ts';

const read = (text: string): ConfigValue => parseToml(`v = ${text}`).get('v') ?? null;

test.for([
  ['1', 1n],
  ['1.0', 1],
  ['-0.0', -0],
  ['0xff', 255n],
  ['1_000', 1000n],
  ['9223372036854775807', 9223372036854775807n],
  ['-9223372036854775808', -9223372036854775808n],
  ['inf', Number.POSITIVE_INFINITY],
  ['nan', Number.NaN],
  ['[1, 2.5, "x"]', [1n, 2.5, 'x']],
  [
    '{ b = 1, a.c = 2 }',
    new Map<string, ConfigValue>([
      ['b', 1n],
      ['a', new Map([['c', 2n]])],
    ]),
  ],
] as [string, ConfigValue][])('reads %s', ([text, value]) => {
  expect(read(text)).toEqual(value);
});

test.for([
  ['1979-05-27T07:32:00Z', 'offset-date-time', '1979-05-27T07:32:00Z'],
  ['1979-05-27 00:32:00.999999-07:00', 'offset-date-time', '1979-05-27T00:32:00.999999-07:00'],
  ['1979-05-27t07:32:00.500z', 'offset-date-time', '1979-05-27T07:32:00.5Z'],
  ['1979-05-27T07:32', 'local-date-time', '1979-05-27T07:32'],
  ['1979-05-27T07:32:00.000', 'local-date-time', '1979-05-27T07:32:00.0'],
  ['1979-05-27', 'local-date', '1979-05-27'],
  ['07:32:00.1234567899', 'local-time', '07:32:00.123456789'],
])('keeps the text of the date %s', ([text, kind, canonical]) => {
  const value = read(text ?? '');
  if (!isConfigDate(value)) throw new Error('no date');
  expect([value.kind, value.text, canonicalDateText(value)]).toEqual([kind, text, canonical]);
});

test('a date ends where its text ends', () => {
  expect(formatToml(parseToml('a = [1979-05-27, 07:32:00 ] # 1979-05-28\nb = { c = 1979-05-27 07:32:00 }'))).toBe(
    'a = [1979-05-27, 07:32:00]\n\n[b]\nc = 1979-05-27 07:32:00\n',
  );
});

test('no key is special and keys stay in order', () => {
  const table = parseToml('__proto__ = 1\nconstructor = 2\n2 = 3\n1 = 4\n"" = 5\n2018-07-10 = 6');
  expect([...table.keys()]).toEqual(['__proto__', 'constructor', '2', '1', '', '2018-07-10']);
  expect(({} as Record<string, unknown>)['1']).toBeUndefined();
});

/** Documents on both sides of TOML's rules about defining things twice; the library's own verdict is the oracle. */
const DOCUMENTS = [
  'a = 1\na = 2',
  '[a]\nb = 1\n[a]\nc = 2',
  '[a.b]\nc = 1\n[a]\nd = 2',
  '[a]\nb.c = 1\n[a.b]\nd = 2',
  '[a]\nb.c = 1\nb.d = 2',
  'a.b = 1\n[a]\nc = 2',
  'a = { b = 1 }\na.c = 2',
  'a = { b = 1 }\n[a.d]\nx = 1',
  'a = { b.c = 1, b.d = 2 }',
  'a = { b = { c = 1 }, b.d = 2 }',
  'a = { b = 1, b = 2 }',
  '[[a]]\nb = 1\n[[a]]\nb = 2\n[a.c]\nd = 1',
  '[[a]]\n[a.b]\n[[a]]\n[a.b]',
  '[[a.b]]\nx = 1\n[a]\ny = 2\n[[a.b]]\nx = 3',
  'a = [1]\n[[a]]\nb = 1',
  'a = []\n[[a]]\nb = 1',
  'a = [{ b = 1 }]\n[a.c]\nd = 1',
  '[a]\n[[a]]',
  '[[a]]\n[a]',
  '[a.b.c]\n[a.b]\nx = 1\n[a]\ny = 1\n[a.b.d]',
  '[a]\nb = 1\n[a.b]\nc = 1',
  '[a]\n[a.b]\nc.d = 1\n[a.b.c]\ne = 1',
  'a.b.c = 1\na.b.d = 2\na.e = 3',
  'a.b = 1\na.b.c = 2',
  '[a.b]\nx = 1\n[a]\nb.y = 2',
  '[a]\nb = { c = 1 }\n[a.b.d]',
  'a = 9223372036854775808',
  'a = -9223372036854775809',
  'a = 99999999999999999999999999',
  '"a.b" = 1\na.b = 2',
  '[x]\n"y z".w = 1\n[x."y z"]',
];

test.for(DOCUMENTS)('agrees with the library about %j', (text) => {
  let accepted: unknown;
  try {
    accepted = toml.parse(text, { bigint: true });
  } catch {
    accepted = undefined;
  }
  if (accepted === undefined)
    expect(
      isTemplatingError(
        thrownBy(() => parseToml(text)),
        'TEMPLATE_CONFIG_INVALID',
      ),
    ).toBe(true);
  else expect(JSON.stringify(plain(parseToml(text)))).toBe(JSON.stringify(plain(accepted)));
});

/** Both results in one form: keys sorted, integers as text. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, member]) => [key, plain(member)]);
}

test.for([
  ['a = no', 1, 5],
  ['x = 1\na = [1,', 2, 8],
  ['a = 1979-02-30', 1, 5],
  ['a = 1\n\n[b]\nc = 1\nc = 2', 5, 1],
  ['a = "x', 1, 7],
  ['a = 0.1.2', 1, 8],
  ['[a', 1, 3],
  ['a = "\\q"', 1, 6],
  ['= 1', 1, 1],
])('says where %j is wrong', ([text, line, column]) => {
  const error = thrownBy(() => parseToml(String(text), { source: 'default.toml' }));
  expect(error).toMatchObject({
    code: 'TEMPLATE_CONFIG_INVALID',
    details: { source: 'default.toml', format: 'toml', line, column },
  });
  expect(String(error)).toContain(`default.toml, line ${line}, column ${column}`);
});

const nested = (depth: number): string => `a = ${'['.repeat(depth)}${']'.repeat(depth)}`;

test.for([
  ['arrays', (n: number) => nested(n), 128],
  [
    'a header',
    (n: number) =>
      `[${Array(n - 1)
        .fill('t')
        .join('.')}]\na = {}`,
    128,
  ],
  ['a dotted key', (n: number) => `${Array(n).fill('t').join('.')} = {}`, 128],
] as [string, (n: number) => string, number][])('limits the depth of %s', ([, make, most]) => {
  expect(parseToml(make(most)).size).toBe(1);
  const error = thrownBy(() => parseToml(make(most + 1)));
  expect((error as { code?: string }).code).toMatch(/^TEMPLATE_(?:LIMIT_EXCEEDED|CONFIG_INVALID)$/);
  expect((thrownBy(() => parseToml(make(100_000), { maxBytes: 10_000_000 })) as { code?: string }).code).toMatch(
    /^TEMPLATE_/,
  );
});

test('limits the size in bytes of UTF-8', () => {
  const text = `a = "${'é'.repeat(50)}"`;
  expect(parseToml(text, { maxBytes: 106 }).size).toBe(1);
  expect(thrownBy(() => parseToml(text, { maxBytes: 105 }))).toMatchObject({
    code: 'TEMPLATE_LIMIT_EXCEEDED',
    details: { limit: 'configBytes', max: 105 },
  });
});

test.for([
  ['1', 1n],
  ['1.0', 1],
  ['1e2', 100],
  ['-0', -0],
  ['18446744073709551615', 18446744073709551615n],
  ['18446744073709551616', 18446744073709552000],
  [
    '{"b":1,"a":{"1":2,"0":3},"b":4}',
    new Map<string, ConfigValue>([
      ['b', 4n],
      [
        'a',
        new Map([
          ['1', 2n],
          ['0', 3n],
        ]),
      ],
    ]),
  ],
  ['["\\u00e9\\ud83d\\ude00", null, true]', ['é😀', null, true]],
  ['{"__proto__": 1}', new Map([['__proto__', 1n]])],
] as [string, ConfigValue][])('reads the JSON %s', ([text, value]) => {
  expect(parseJson(text)).toEqual(value);
});

test.for([
  '',
  '{',
  '[1,]',
  '{"a" 1}',
  '01',
  '1.',
  '"\\x"',
  '"\ud800"',
  '"\\ud800"',
  '1 2',
  "'a'",
  '{a: 1}',
  'NaN',
  '"a\nb"',
  '1e999',
  '[',
  '\u00a01',
])('refuses the JSON %j', (text) => {
  expect(thrownBy(() => parseJson(text))).toMatchObject({
    code: 'TEMPLATE_CONFIG_INVALID',
    details: { format: 'json' },
  });
});

test('limits the depth of JSON', () => {
  const text = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
  expect(Array.isArray(parseJson(text(129)))).toBe(true);
  expect(thrownBy(() => parseJson(text(130)))).toMatchObject({ code: 'TEMPLATE_CONFIG_INVALID' });
  expect(thrownBy(() => parseJson(text(400_000)))).toMatchObject({ code: 'TEMPLATE_CONFIG_INVALID' });
});
