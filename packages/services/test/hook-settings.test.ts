import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { HOOK_TIMEOUT_MS, parseHookTimeout, parseHookTimeouts, readHookSettings } from '../src/index.ts';

test('limits of hooks, one or several', () => {
  expect(parseHookTimeout('init=600', HOOK_TIMEOUT_MS)).toEqual({ ...HOOK_TIMEOUT_MS, init: 600_000 });
  expect(parseHookTimeouts('install=1,post-stop=2147483')).toEqual({
    ...HOOK_TIMEOUT_MS,
    install: 1000,
    'post-stop': 2_147_483_000,
  });
});

test.for([
  '',
  'init',
  'init=',
  '=1',
  'init=0',
  'init=2147484',
  'init=1.5',
  'init=-1',
  'run=5',
  'toString=5',
  'init=1,',
])('%j is no list of limits', (text) => {
  expect(thrownBy(() => parseHookTimeouts(text))).toMatchObject({
    code: 'SERVICE_SETTING_INVALID',
    details: { setting: 'hook time limit' },
  });
});

test('the environment, where it makes sense; the rest is told of and left alone', () => {
  const told: string[] = [];
  const read = (env: Record<string, string>): ReturnType<typeof readHookSettings> =>
    readHookSettings(env, (message) => told.push(message));
  const preset = { precedence: 'default', dialect: 'documented', hookTimeoutsMs: HOOK_TIMEOUT_MS };
  expect(read({ HAB_HOOK_TIMEOUTS: '', HAB_TEMPLATE_DIALECT: '', HAB_CONFIG_PRECEDENCE: '' })).toEqual(preset);
  expect(
    read({ HAB_HOOK_TIMEOUTS: 'install=5', HAB_TEMPLATE_DIALECT: 'legacy', HAB_CONFIG_PRECEDENCE: 'original' }),
  ).toEqual({ precedence: 'original', dialect: 'legacy', hookTimeoutsMs: { ...HOOK_TIMEOUT_MS, install: 5000 } });
  expect(told).toEqual([]);
  expect(read({ HAB_HOOK_TIMEOUTS: 'x', HAB_TEMPLATE_DIALECT: '3', HAB_CONFIG_PRECEDENCE: 'first' })).toEqual(preset);
  expect(told.map((message) => message.split(' ')[0])).toEqual([
    'HAB_CONFIG_PRECEDENCE',
    'HAB_TEMPLATE_DIALECT',
    'HAB_HOOK_TIMEOUTS',
  ]);
});
