import { expect, test } from 'vitest';

import { healthOfExit, healthOfProcess, httpStatusOfHealth, nextBackoffMs, nextCheckMs } from '../src/index.ts';

test.for([
  [0, 'Ok', 200],
  [1, 'Warning', 200],
  [2, 'Critical', 503],
  [3, 'Unknown', 500],
  [4, 'Unknown', 500],
  [255, 'Unknown', 500],
  [-1, 'Unknown', 500],
  [null, 'Unknown', 500],
] as const)('exit %s is %s and HTTP %s', ([code, health, status]) => {
  expect(healthOfExit(code)).toBe(health);
  expect(httpStatusOfHealth(health)).toBe(status);
});

test('without a hook the process speaks', () => {
  expect([healthOfProcess(true), healthOfProcess(false)]).toEqual(['Ok', 'Critical']);
});

test.for([
  ['Ok', 30, true, 0.999, 29_000],
  ['Ok', 30, true, 0, 0],
  ['Ok', 30, false, 0.5, 30_000],
  ['Critical', 120, false, 0.5, 30_000],
  ['Unknown', 2, true, 0.5, 2000],
  ['Ok', 0, false, 0.5, 1000],
] as const)('%s every %s s, first %s: next in %s', ([health, interval, first, random, expected]) => {
  expect(nextCheckMs(health, interval, first, random)).toBe(expected);
});

test('a lower maximum bounds the minimum', () => {
  expect(nextBackoffMs({ minBackoffMs: 10, maxBackoffMs: 5, cooldownMs: 0 }, undefined, 0.5)).toBe(5);
});
