import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import {
  compareConfig,
  formatKeyPath,
  mistypedConfigKeys,
  parseKeyPath,
  removeConfigKey,
  unknownConfigKeys,
} from '../src/config/index.ts';
import { formatToml, parseToml } from '../src/index.ts';

test('a comparison names each value that is new, another or gone', () => {
  const before = parseToml('a = 1\ngone = true\n[t]\nx = 1\ny = [1]\n[only]\nz = 1\n');
  const after = parseToml('a = 1.0\nnew = "n"\n[t]\nx = 1\ny = [1, 2]\n');
  expect(compareConfig(before, after)).toEqual([
    { path: ['a'], before: 1n, after: 1 },
    { path: ['new'], before: undefined, after: 'n' },
    { path: ['t', 'y'], before: [1n], after: [1n, 2n] },
    { path: ['gone'], before: true },
    { path: ['only'], before: new Map([['z', 1n]]) },
  ]);
  expect(compareConfig(after, after)).toEqual([]);
});

test.for([
  ['a = 1\nb = 2\n', 'a', 'b = 2\n', true],
  ['b = 2\n\n[t]\nx = 1\ny = 2\n', 't.x', 'b = 2\n\n[t]\ny = 2\n', true],
  ['b = 2\n\n[t.u]\nx = 1\n', 't.u.x', 'b = 2\n', true],
  ['b = 2\n\n[t]\nx = 1\n', 't', 'b = 2\n', true],
  ['b = 2\n', 'b.c', 'b = 2\n', false],
  ['b = 2\n', 'c', 'b = 2\n', false],
  ['b = 2\n"__proto__" = 1\n', '__proto__', 'b = 2\n', true],
  ['b = 2\n', 'constructor.name', 'b = 2\n', false],
] as const)('%j without %s', ([text, key, expected, found]) => {
  const table = parseToml(text);
  const removal = removeConfigKey(table, parseKeyPath(key));
  expect([formatToml(removal.table), removal.found]).toEqual([expected, found]);
  expect(formatToml(table)).toBe(formatToml(parseToml(text)));
});

test('keys that the defaults do not have are named, except where the defaults leave room for anything', () => {
  const defaults = parseToml('port = 1\n[tls]\ncert = ""\n[env]\n');
  const table = parseToml('prot = 2\nport = [1]\n[tls]\ncret = "x"\n[env]\nANY = "y"\n');
  expect(unknownConfigKeys(table, defaults)).toEqual([['prot'], ['tls', 'cret']]);
});

test('keys of another kind than their defaults; integers and floats are both numbers', () => {
  const defaults = parseToml('n = 1\nf = 1.5\ns = "x"\nb = true\nl = []\nd = 2020-01-01\n[t]\nk = 1\n');
  const same = parseToml('n = 1.5\nf = 1\ns = ""\nb = false\nl = [1]\nd = 12:00:00\nnew = 1\n[t]\nk = 2\nnew = ""\n');
  expect(mistypedConfigKeys(same, defaults)).toEqual([]);
  const other = parseToml('n = "1"\nb = 1\nl = 1\nd = "2020"\n[t]\nk = []\n[s]\n');
  const lines = mistypedConfigKeys(other, defaults).map(({ path, wanted, found }) => [path.join('.'), wanted, found]);
  expect(lines).toEqual([
    ['n', 'a number', 'a text'],
    ['b', 'true or false', 'a number'],
    ['l', 'a list', 'a number'],
    ['d', 'a date', 'a text'],
    ['t.k', 'a number', 'a list'],
    ['s', 'a text', 'a table'],
  ]);
});

test.for([
  [['a'], 'a'],
  [['a', 'b-c', '1'], 'a.b-c.1'],
  [['a.b', 'c d'], '"a.b"."c d"'],
  [['say "x"', '\\'], String.raw`'say "x"'.'\'`],
  [[''], '""'],
] as const)('the path %j is written %s and read again', ([path, text]) => {
  expect(formatKeyPath(path)).toBe(text);
  expect(parseKeyPath(text)).toEqual(path);
});

test('quotes and blanks as TOML allows them', () => {
  expect(parseKeyPath(' a . "b\\"c" . \'d\'')).toEqual(['a', 'b"c', 'd']);
});

test.for(['', '.', 'a.', '.a', 'a..b', 'a b', 'a."b', '"\\n"', `${'a.'.repeat(2048)}a`])('%j is no path', (text) => {
  expect(thrownBy(() => parseKeyPath(text))).toMatchObject({ code: 'TEMPLATE_VALUE_INVALID' });
});

test('a path of the longest allowed text is read', () => {
  expect(parseKeyPath(`${'a.'.repeat(2047)}aa`)).toHaveLength(2048);
});
