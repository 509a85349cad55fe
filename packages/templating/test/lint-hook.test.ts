import { expect, test } from 'vitest';

import { lintHook } from '../src/offline/index.ts';

test.for<[string, string[]]>([
  ['sleep 1', ['hook-sleeps 1:1']],
  ['#!/bin/sh\nfoo; sleep 1', ['hook-sleeps 2:6']],
  ['while ! test -e x; do sleep 1; done', ['hook-sleeps 1:23']],
  ['a && /bin/sleep 1', ['hook-sleeps 1:11']],
  ['x=$(hab pkg path core/a)', ['hook-calls-hab 1:5']],
  ['x="$(hab pkg path core/a)"', ['hook-calls-hab 1:6']],
  ['x=`hab pkg path core/a`', ['hook-calls-hab 1:4']],
  ['exec hab sup run\nhab svc status', ['hook-calls-hab 1:6', 'hook-calls-hab 2:1']],
  ['if hab svc status x; then a; fi', ['hook-calls-hab 1:4']],
  ['# sleep 1', []],
  ['echo x # sleep 1', []],
  ['echo "; sleep 1"', []],
  ["echo '; hab x'", []],
  ['echo sleep 1', []],
  ['chown -R hab:hab /x; install -o hab y', []],
  ['cat <<EOF\nsleep 1\nEOF\nsleep 2', ['hook-sleeps 4:1']],
  ['cat <<-EOF\n\tsleep 1\n\tEOF', []],
  ['hab-sup; sleepy', []],
])('in %j', ([text, expected]) => {
  expect(lintHook('init', text).map(({ rule, line, column }) => `${rule} ${line}:${column}`)).toEqual(expected);
});

test('the service itself may do both', () => {
  expect(lintHook('run', 'sleep 1; hab x')).toEqual([]);
});

test('a long line costs no time', () => {
  expect(lintHook('init', `${'a;'.repeat(100_000)}'`)).toEqual([]);
  expect(lintHook('init', '/'.repeat(200_000))).toEqual([]);
});
