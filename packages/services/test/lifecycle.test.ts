import { expect, test } from 'vitest';

import {
  DEFAULT_RESTART_POLICY,
  initialLifecycle,
  type LifecycleEffect,
  type LifecycleInput,
  type LifecycleState,
  type RestartPolicy,
  stepLifecycle,
} from '../src/index.ts';

const exit = { code: 1, signal: null };
const restart = { type: 'restart', reason: 'app_config_updated' } as const;

/** Plays inputs one second apart; returns the end state and the effects of each step. */
function play(inputs: readonly LifecycleInput[], policy: RestartPolicy = DEFAULT_RESTART_POLICY, random = 0.5) {
  let state: LifecycleState = initialLifecycle(0);
  let nowMs = 0;
  const effects: string[][] = [];
  for (const input of inputs) {
    nowMs += 1000;
    const step = stepLifecycle(state, input, { nowMs, random, policy });
    state = step.state;
    effects.push(step.effects.map((effect: LifecycleEffect) => effect.type));
  }
  return { state, effects, last: effects.at(-1) };
}
const up: readonly LifecycleInput[] = [
  { type: 'begin' },
  { type: 'init-finished', ok: true },
  { type: 'started', pid: 10 },
];

test('init, run, then post-run and health', () => {
  const { state, effects } = play(up);
  expect(effects).toEqual([['initialize'], ['start-process'], ['run-post-run', 'start-health']]);
  expect(state.phase).toEqual({ type: 'up', pid: 10, sinceMs: 3000 });
});

test('a stop ends the process before post-stop, and the service after it', () => {
  const { state, effects } = play([
    ...up,
    { type: 'stop' },
    { type: 'exited', pid: 10, exit },
    { type: 'post-stop-finished' },
  ]);
  expect(effects.slice(3)).toEqual([['cancel-hooks', 'terminate'], ['run-post-stop'], ['ended']]);
  expect(state.phase.type).toBe('ended');
});

test('a crash restarts at once by default, and counts', () => {
  const { state, effects } = play([...up, { type: 'exited', pid: 10, exit }, { type: 'post-stop-finished' }]);
  expect(effects.slice(3)).toEqual([['cancel-hooks', 'run-post-stop'], ['initialize']]);
  expect(state).toMatchObject({ restartCount: 1, lastProcess: { pid: 10, reason: 'run_hook_failed', atMs: 4000 } });
});

test('a failed init runs post-stop and tries again', () => {
  const { state, effects } = play([
    { type: 'begin' },
    { type: 'init-finished', ok: false },
    { type: 'post-stop-finished' },
  ]);
  expect(effects.slice(1)).toEqual([['cancel-hooks', 'run-post-stop'], ['initialize']]);
  expect(state.lastProcess?.reason).toBe('init_hook_failed');
});

test('backs off between the bounds, and forgets after the cool-down', () => {
  const policy = { minBackoffMs: 5000, maxBackoffMs: 20_000, cooldownMs: 60_000 };
  const crash: readonly LifecycleInput[] = [{ type: 'exited', pid: 10, exit }, { type: 'post-stop-finished' }];
  const again: readonly LifecycleInput[] = [{ type: 'backoff-over' }, ...up.slice(1)];
  const first = play([...up, ...crash], policy);
  expect(first.last).toEqual(['back-off']);
  expect(first.state.phase).toEqual({ type: 'backing-off', untilMs: 10_000 });
  expect(play([...up, ...crash, ...again, ...crash], policy).state.lastBackoffMs).toBe(10_000);
  expect(play([...up, ...crash, ...again, ...crash, ...again, ...crash], policy, 0.99).state.lastBackoffMs).toBe(
    20_000,
  );
  const lateState: LifecycleState = { ...play(up, policy).state, restartCount: 7, lastBackoffMs: 20_000 };
  const late = stepLifecycle(lateState, { type: 'exited', pid: 10, exit }, { nowMs: 100_000, random: 0.5, policy });
  expect(late.state).toMatchObject({ restartCount: 1, lastBackoffMs: 5000 });
});

test('a change restarts, without counting as a failure', () => {
  const changed = play([...up, { type: 'changed', reaction: restart }]);
  expect(changed.last).toEqual(['cancel-hooks', 'terminate']);
  const after = play([
    ...up,
    { type: 'changed', reaction: restart },
    { type: 'exited', pid: 10, exit },
    { type: 'post-stop-finished' },
  ]);
  expect(after.last).toEqual(['initialize']);
  expect(after.state).toMatchObject({ restartCount: 0, lastProcess: { reason: 'app_config_updated' } });
});

test('a change with a reconfigure hook leaves the process alone', () => {
  const { state, last } = play([...up, { type: 'changed', reaction: { type: 'reconfigure' } }]);
  expect(last).toEqual(['run-reconfigure']);
  expect(state.phase.type).toBe('up');
});

test('a change during init is kept until the service is up', () => {
  const { effects, state } = play([
    { type: 'begin' },
    { type: 'changed', reaction: { type: 'reconfigure' } },
    ...up.slice(1),
  ]);
  expect(effects[1]).toEqual([]);
  expect(effects.at(-1)).toEqual(['run-post-run', 'start-health', 'run-reconfigure']);
  expect(state.pending).toBeUndefined();
});

test('a stop during init waits for it and still runs post-stop', () => {
  const { effects } = play([
    { type: 'begin' },
    { type: 'stop' },
    { type: 'init-finished', ok: false },
    { type: 'post-stop-finished' },
  ]);
  expect(effects.slice(1)).toEqual([['cancel-hooks'], ['run-post-stop'], ['ended']]);
});

test('a stop between init and start ends what was started', () => {
  const { effects } = play([
    { type: 'begin' },
    { type: 'init-finished', ok: true },
    { type: 'stop' },
    { type: 'started', pid: 10 },
  ]);
  expect(effects.slice(2)).toEqual([[], ['cancel-hooks', 'terminate']]);
});

test('a stop while a restart is under way wins', () => {
  const { last } = play([
    ...up,
    { type: 'changed', reaction: restart },
    { type: 'stop' },
    { type: 'exited', pid: 10, exit },
    { type: 'post-stop-finished' },
  ]);
  expect(last).toEqual(['ended']);
});

test('a service that never began ends without hooks', () => {
  expect(play([{ type: 'stop' }]).effects).toEqual([['ended']]);
});

test('an adopted process runs neither init nor post-run', () => {
  expect(play([{ type: 'adopt', pid: 10 }]).effects).toEqual([['start-health']]);
});

test('the exit of an earlier process changes nothing', () => {
  const { state, last } = play([...up, { type: 'exited', pid: 9, exit }]);
  expect(last).toEqual([]);
  expect(state.phase.type).toBe('up');
});

/** Whatever comes, in whatever order: one process at most, hooks in order, and an end that is final. */
test('random lives keep the invariants', () => {
  let seed = 1;
  const next = (n: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return (seed >>> 8) % n;
  };
  for (let life = 0; life < 2000; life++) {
    let state = initialLifecycle(0);
    let running: number | undefined;
    let pids = 0;
    for (let turn = 0; turn < 40; turn++) {
      const inputs: LifecycleInput[] = [
        { type: 'begin' },
        { type: 'changed', reaction: next(2) === 0 ? restart : { type: 'reconfigure' } },
        { type: 'stop' },
        { type: 'backoff-over' },
        { type: 'post-stop-finished' },
        { type: 'init-finished', ok: next(3) > 0 },
        ...(running === undefined ? [] : ([{ type: 'exited', pid: running, exit }] as const)),
        ...(state.phase.type === 'starting' ? ([{ type: 'started', pid: pids + 1 }] as const) : []),
      ];
      const input = inputs[next(inputs.length)] ?? { type: 'begin' };
      const before = state.phase.type;
      const step = stepLifecycle(state, input, { nowMs: turn, random: 0, policy: DEFAULT_RESTART_POLICY });
      if (input.type === 'started') running = ++pids;
      if (input.type === 'exited') running = undefined;
      for (const effect of step.effects) {
        if (effect.type === 'start-process' || effect.type === 'run-post-stop') expect(running).toBeUndefined();
        if (effect.type === 'terminate') expect(effect.pid).toBe(running);
      }
      if (before === 'ended') expect(step.effects).toEqual([]);
      state = step.state;
    }
  }
});
