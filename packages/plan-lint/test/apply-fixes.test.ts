import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { applyFixes } from '../src/index.ts';

const fix = (start: number, end: number, text: string) => ({ start, end, text });

test.each([
  ['none', [], 'abcdef'],
  ['one', [fix(1, 3, 'X')], 'aXdef'],
  ['several, in any order', [fix(4, 5, '5'), fix(0, 1, '123')], '123bcd5f'],
  ['at both ends', [fix(6, 6, '!'), fix(0, 0, '<')], '<abcdef!'],
  ['side by side', [fix(0, 2, 'x'), fix(2, 4, 'y')], 'xyef'],
  ['of two that overlap, the later one', [fix(0, 3, 'x'), fix(2, 4, 'y')], 'abyef'],
  ['the whole text', [fix(0, 6, '')], ''],
])('%s', (_what, fixes, after) => {
  expect(applyFixes('abcdef', fixes)).toBe(after);
});

test.each([
  [-1, 2],
  [3, 2],
  [0, 7],
  [0.5, 1],
  [Number.NaN, 1],
  [0, Number.POSITIVE_INFINITY],
])('no text has a place from %d to %d', (start, end) => {
  const error = thrownBy(() => applyFixes('abcdef', [fix(0, 1, 'x'), fix(start, end, 'y')]));
  expect(error).toMatchObject({ code: 'PLAN_LINT_FIX_INVALID', details: { start, end } });
});

test('a text with a fix at every other character', () => {
  const fixes = Array.from({ length: 100_000 }, (_, i) => fix(2 * i, 2 * i + 1, 'bc'));
  expect(applyFixes('a-'.repeat(100_000), fixes)).toBe('bc-'.repeat(100_000));
});
