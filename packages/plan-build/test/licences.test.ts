import { expect, test } from 'vitest';
import { licenceWarnings } from '../src/licences.ts';
import { SPDX_IDENTIFIERS } from '../src/spdx-identifiers.ts';

const check = (...licences: readonly string[]): readonly string[] => licenceWarnings(licences, SPDX_IDENTIFIERS);

test.for([
  'MIT',
  'Apache-2.0',
  'GPL-2.0',
  'GPL-2.0-or-later',
  'GPL-2.0+',
  'MIT OR Apache-2.0',
  '(MIT AND (LGPL-2.1-or-later OR BSD-3-Clause))',
  'GPL-2.0-only WITH Classpath-exception-2.0',
  'LicenseRef-acme',
  'DocumentRef-x:LicenseRef-acme',
  'Zlib',
  '',
])('%s is an SPDX licence', (licence) => {
  expect(check(licence)).toEqual([]);
});

test.for(['Microsoft Software License', 'GCC Runtime Library Exception'])('%s is none, and near none', (licence) => {
  expect(check(licence)).toEqual([`pkg_license: '${licence}' is not on the SPDX list`]);
});

test.for([
  ['mit', 'MIT'],
  ['Apache2', 'Apache-2.0'],
  ['Apache License 2.0', 'Apache-2.0'],
  ['apache-2', 'Apache-2.0'],
  ['apache', 'Apache-2.0'],
  ['BSD', 'BSD-3-Clause'],
  ['bsd3clause', 'BSD-3-Clause'],
  ['GPLv2', 'GPL-2.0'],
  ['gplv3', 'GPL-3.0'],
  ['LGPLv2.1', 'LGPL-2.1'],
  ['MPL2.0', 'MPL-2.0'],
  ['zlib', 'Zlib'],
  ['Public Domain', 'CC0-1.0'],
])('%s is nearly one', ([licence, meant]) => {
  expect(check(licence ?? '')).toEqual([`pkg_license: '${licence}' is not on the SPDX list; did you mean ${meant}?`]);
});

test('what is like none of them has no suggestion; each is told once, also inside an expression', () => {
  expect(check('all rights reserved by acme', 'MIT OR qwertyuiopasdf', 'qwertyuiopasdf')).toEqual([
    "pkg_license: 'all rights reserved by acme' is not on the SPDX list",
    "pkg_license: 'qwertyuiopasdf' is not on the SPDX list",
  ]);
});

test('a licence text, and hundreds of words, are left alone', () => {
  expect(check('x'.repeat(201))).toEqual([]);
  expect(check(...Array.from({ length: 500 }, (_, at) => `qqqqqqqqqqqq${at}`)).length).toBe(50);
});
