import { expect, test } from 'vitest';

import { formatDiff } from '../src/format-diff.ts';

test('equal texts give nothing', () => {
  expect(formatDiff('a', 'x\n', 'x\n')).toBe('');
});

test('a file that comes, and one that goes', () => {
  expect(formatDiff('a', undefined, 'x\ny\n')).toBe('--- /dev/null\n+++ a\n@@ -0,0 +1,2 @@\n+x\n+y\n');
  expect(formatDiff('a', 'x\n', undefined)).toBe('--- a\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-x\n');
});

test('changes with what is around them; those far apart stand alone', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `l${index}`);
  const changed = lines.with(2, 'two').toSpliced(16, 1);
  expect(formatDiff('a', `${lines.join('\n')}\n`, `${changed.join('\n')}\n`)).toBe(
    `--- a\n+++ a\n@@ -1,6 +1,6 @@\n l0\n l1\n-l2\n+two\n l3\n l4\n l5\n@@ -14,7 +14,6 @@\n l13\n l14\n l15\n-l16\n l17\n l18\n l19\n`,
  );
});

test('a missing last line end is told', () => {
  expect(formatDiff('a', 'x\n', 'x')).toBe('--- a\n+++ a\n@@ -1,1 +1,1 @@\n-x\n+x\n\\ No newline at end of file\n');
});

test('texts too long to compare are shown one after the other', () => {
  const many = (word: string): string => Array.from({ length: 3000 }, (_, index) => `${word}${index}\n`).join('');
  const diff = formatDiff('a', many('a'), many('b'));
  expect(diff.split('\n').length).toBe(6004);
  expect(diff).toContain('-a2999\n+b0\n');
});
