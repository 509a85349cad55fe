import { seededRandom } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';

import {
  compareByParts,
  compareByteOrder,
  comparePartial,
  compareTotal,
  compareVersions,
  compareVersionsTotal,
  isIdentError,
  parseIdent,
  splitVersion,
} from '../src/index.ts';

test.for([
  ['1.2.3-beta16', ['1', '2', '3'], 'beta16'],
  ['1.2.3+build', ['1', '2', '3'], '+build'],
  ['1.0-', ['1', '0'], '-'],
  ['1.0.0_p1', ['1', '0', '0'], '_p1'],
  ['2023-11-01T01-57-10Z', ['2023'], '11-01T01-57-10Z'],
  ['v1', ['1'], undefined],
] as const)('%s falls apart', ([version, numbers, extension]) => {
  expect(splitVersion(version)).toEqual(extension === undefined ? { numbers } : { numbers, extension });
});

test('versions without release, by the partial order', () => {
  const order = (a: string, b: string) => comparePartial(parseIdent(a), parseIdent(b));
  expect(order('adam/foo/1.0.1/1', 'adam/foo/1.0.0/1')).toBe(1);
  expect(order('a/snoopy/1/1', 'a/banana/1/1')).toBeUndefined();
  expect(order('adam/x/1/1', 'banana/x/1/1')).toBe(0);
  expect(order('a/x/1/20150521131556', 'a/x/1/20150521131555')).toBe(1);
  expect(order('a/x/random/2', 'a/x/random/1')).toBe(1);
  expect(order('a/x/random/2', 'a/x/undefined/1')).toBe(-1);
  expect(order('a/x', 'a/x')).toBeUndefined();
  expect(order('a/x', 'a/x/1')).toBe(-1);
  expect(order('a/x/1/1', 'a/x/2')).toBe(1);
});

const WORDS = [
  '',
  '0',
  '1',
  '01',
  '10',
  '1.0',
  '1.',
  '.1',
  '1..2',
  'x',
  'master',
  '-',
  '-rc1',
  'rc10',
  '+b',
  '18446744073709551616',
  'é',
  '😀',
  '～',
];

/** Random versions out of pieces that are trouble on their own. */
function versions(count: number): string[] {
  const random = seededRandom(11);
  const pick = (): string => WORDS[(random.bytes(1)[0] ?? 0) % WORDS.length] ?? '';
  return Array.from({ length: count }, () => `${pick()}${pick()}${pick()}`);
}

describe('the total order of versions', () => {
  const all = versions(70);

  test('agrees with compareVersions wherever that has an answer, and is antisymmetric', () => {
    let answers = 0;
    for (const a of all) {
      for (const b of all) {
        const total = compareVersionsTotal(a, b);
        expect(total).toBe(0 - compareVersionsTotal(b, a));
        const wanted = orUndefined(() => compareVersions(a, b));
        if (wanted === undefined) continue;
        answers += 1;
        expect([a, b, total]).toEqual([a, b, wanted]);
      }
    }
    expect(answers).toBeGreaterThan(300);
  });

  test('is transitive', () => {
    let broken = '';
    for (const a of all) {
      for (const b of all) {
        if (compareVersionsTotal(a, b) > 0) continue;
        for (const c of all) {
          if (compareVersionsTotal(b, c) <= 0 && compareVersionsTotal(a, c) > 0) broken = JSON.stringify([a, b, c]);
        }
      }
    }
    expect(broken).toBe('');
  });

  test('orders whole identifiers the same way whatever order they come in', () => {
    const idents = all.map((version, i) => parseIdent(`o/n/${version}/${i % 7}`));
    const bySort = [...idents].sort(compareTotal).map((ident) => [ident.version, ident.release]);
    const byReverse = [...idents].reverse().sort(compareTotal);
    for (const [i, ident] of byReverse.entries()) {
      const [version, release] = bySort[i] ?? [];
      expect(compareTotal(ident, { origin: 'o', name: 'n', version, release })).toBe(0);
    }
  });
});

test('by parts the origin comes first, absent parts before present ones', () => {
  const texts = ['b/a/1/1', 'a/b/2/1', 'a/b/1/2', 'a/b/1/1', 'a/b/1', 'a/b', 'a/a/9/9'];
  const sorted = texts.map(parseIdent).sort(compareByParts);
  expect(sorted).toEqual(['a/a/9/9', 'a/b', 'a/b/1', 'a/b/1/1', 'a/b/1/2', 'a/b/2/1', 'b/a/1/1'].map(parseIdent));
});

test('byte order is that of UTF-8, not of UTF-16', () => {
  const texts = ['', 'a', 'ab', 'b', 'é', '～', '😀', '😀a'];
  const byBytes = [...texts].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect([...texts].reverse().sort(compareByteOrder)).toEqual(byBytes);
});

function orUndefined<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (isIdentError(error, 'IDENT_VERSION_INVALID')) return undefined;
    throw error;
  }
}
