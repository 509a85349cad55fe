import { seededRandom } from '@hab/core/testing';
import { locate } from '@hab/templating/offline';
import { expect, test } from 'vitest';

import { TextPlaces } from '../src/text-places.ts';

test.each([
  ['nothing', ''],
  ['a line end', '\n'],
  ['lines', 'a\nbb\n\nccc'],
  ['Windows line ends', 'a\r\nbb\r\n\r\n\rccc\r'],
  ['tabs and no last line end', '\ta\tb\n\tc'],
  ['long lines', `${'x'.repeat(3000)}\r\n${'y\t'.repeat(1500)}\n`],
])('%s: every place is told as locate tells it', (_what, text) => {
  const places = new TextPlaces(text);
  for (let offset = -1; offset <= text.length + 1; offset++) expect(places.at(offset)).toEqual(locate(text, offset));
});

test('texts made at random', () => {
  const random = seededRandom(7);
  for (let round = 0; round < 200; round++) {
    const text = [...random.bytes(60)].map((byte) => 'ab\t\r\n'[byte % 5]).join('');
    const places = new TextPlaces(text);
    for (let offset = 0; offset <= text.length; offset++) expect(places.at(offset)).toEqual(locate(text, offset));
  }
});
