import Handlebars from 'handlebars';
import { expect, test } from 'vitest';

import { renderTemplate, toConfigTable } from '../src/index.ts';

// Where spec/templating 8 has nothing to tell apart, and but for what `~` does to lines that hold a block tag alone, dialect 2.1 gives what handlebars.js 4.7 gives without escaping.

const DATA = {
  name: 'web',
  empty: '',
  port: 8080,
  zero: 0,
  on: true,
  off: false,
  list: ['a', 'b', 'c'],
  none: [],
  table: { host: 'h', port: 1 },
  deep: {
    list: [
      { name: 'x', tags: ['p', 'q'] },
      { name: 'y', tags: [] },
    ],
  },
};

/** A random number generator that anybody can repeat. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function makeTemplate(seed: number): string {
  const next = generator(seed);
  const pick = (words: readonly string[]): string => words[next(words.length)] ?? '';
  const text = (): string => pick(['', ' ', '\n', 'x', '\n  ', 'a b\n', '\r\n', '\\n', '#']);
  // Without a text before it handlebars.js adds numbers up.
  const open = (inside: string): string => `${/^[#/]|^else/.test(inside) ? '' : '|'}{{${inside}}}`;
  const value = (): string =>
    open(pick(['name', 'empty', 'port', 'on', 'missing', 'table.host', 'this.name', 'lookup table "host"']));
  const body = (depth: number): string =>
    Array.from({ length: 1 + next(3) }, () => text() + part(depth)).join('') + text();
  const part = (depth: number): string => {
    if (depth === 0) return value();
    const otherwise = next(2) === 0 ? '' : open('else') + body(depth - 1);
    const block = (head: string, close: string): string =>
      open(`#${head}`) + body(depth - 1) + otherwise + open(`/${close}`);
    switch (next(8)) {
      case 0:
        return block(`if ${pick(['name', 'empty', 'zero', 'on', 'off', 'none', 'missing'])}`, 'if');
      case 1:
        return block(`unless ${pick(['name', 'empty', 'zero', 'on', 'off', 'none', 'missing'])}`, 'unless');
      case 2:
        return (
          open('#each list as |item index|') +
          text() +
          open('item') +
          open('index') +
          open('@index') +
          otherwise +
          open('/each')
        );
      case 3:
        return (
          open(`#each ${pick(['list', 'none', 'missing'])}`) +
          text() +
          open('this') +
          open('@first') +
          open('@last') +
          otherwise +
          open('/each')
        );
      case 4:
        return open('#each table') + open('@key') + text() + open('this') + otherwise + open('/each');
      case 5:
        return block(`with ${pick(['table', 'missing', 'none'])}`, 'with');
      case 6:
        return (
          open('#each deep.list') +
          text() +
          open('name') +
          open('#each tags') +
          open('this') +
          open('../name') +
          open('/each') +
          open('/each')
        );
      default:
        return pick(['{{! a note }}', '{{!-- {{x}} --}}']) + value();
    }
  };
  return `${body(3)}.`;
}

test('templates of both worlds give the same text', () => {
  const context = toConfigTable(DATA);
  for (let seed = 1; seed <= 800; seed++) {
    const template = makeTemplate(seed);
    const theirs = Handlebars.compile(template, { noEscape: true })(DATA);
    const ours = renderTemplate(template, context, { dialect: '2.1' });
    expect({ template, text: ours }).toEqual({ template, text: theirs });
  }
});
