import { expect, test } from 'vitest';

import { HabError, isHabError } from '../src/index.ts';
import { rejectionOf, thrownBy } from '../src/testing/index.ts';

test('an error carries code, details, cause and hint', () => {
  const cause = new Error('below');
  const error = new HabError('STORE_FULL', 'no room', { details: { path: '/x' }, cause, hint: 'free some' });
  expect(error).toMatchObject({
    code: 'STORE_FULL',
    message: 'no room',
    details: { path: '/x' },
    cause,
    hint: 'free some',
  });
  expect(isHabError(error)).toBe(true);
  expect(isHabError(error, 'STORE_FULL')).toBe(true);
  expect(isHabError(error, 'OTHER')).toBe(false);
});

test('the brand is what counts, not the class', () => {
  expect(isHabError(new Error('x'))).toBe(false);
  expect(isHabError({ code: 'STORE_FULL' })).toBe(false);
  expect(isHabError(null)).toBe(false);
  const foreign = Object.assign(new Error('x'), { [Symbol.for('@hab/core/error')]: true, code: 'STORE_FULL' });
  expect(isHabError(foreign, 'STORE_FULL')).toBe(true);
});

test('thrownBy and rejectionOf fail when nothing is thrown', async () => {
  expect(() => thrownBy(() => 1)).toThrow('expected a throw');
  await expect(rejectionOf(Promise.resolve(1))).rejects.toThrow('expected a rejection');
});
