import { expect, test } from 'vitest';

import { nearestName } from '../src/index.ts';

const KNOWN = ['pkg_license', 'pkg_maintainer', 'pkg_deps', 'pkg_build_deps', 'run', 'init'];

test.each([
  ['pkg_licenses', 'pkg_license'],
  ['pkg_maintainers', 'pkg_maintainer'],
  ['pkg_dpes', 'pkg_deps'],
  ['ran', 'run'],
  ['pkg_deps', 'pkg_deps'],
  ['xyz', undefined],
  ['', undefined],
  ['something_else_altogether', undefined],
  ['x'.repeat(61), undefined],
])('%s', (name, expected) => {
  expect(nearestName(name, KNOWN)).toBe(expected);
});

test('as many steps as are allowed', () => {
  expect(nearestName('abcd', ['abxy'], 1)).toBeUndefined();
  expect(nearestName('abcd', ['abxy'], 2)).toBe('abxy');
  expect(nearestName('abcd', ['abcd'], 0)).toBe('abcd');
});
