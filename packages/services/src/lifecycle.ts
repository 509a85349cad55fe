import type { ProcessExit } from '@hab/launcher';

import { nextBackoffMs, type RestartPolicy } from './restart-policy.ts';

/** Why a process was ended or given up. Names of the HTTP gateway. See spec/supervisor 7.4. */
export type TerminationReason =
  | 'package_updated'
  | 'init_hook_failed'
  | 'run_hook_failed'
  | 'app_config_updated'
  | 'init_hook_updated'
  | 'run_hook_updated'
  | 'post_run_hook_updated';

/** What a change of rendered files asks for. */
export type ChangeReaction =
  | { readonly type: 'restart'; readonly reason: TerminationReason }
  | { readonly type: 'reconfigure' };

/** Where a service is between two inputs. */
export type Phase =
  /** Not begun: binds or a leader are missing. */
  | { readonly type: 'waiting' }
  /** Files are rendered, then init runs. */
  | { readonly type: 'initializing' }
  | { readonly type: 'starting' }
  | { readonly type: 'up'; readonly pid: number; readonly sinceMs: number }
  | { readonly type: 'stopping'; readonly pid: number; readonly next: Next }
  | { readonly type: 'post-stop'; readonly next: Next }
  | { readonly type: 'backing-off'; readonly untilMs: number }
  /** Over; a new machine starts it again. */
  | { readonly type: 'ended' };

/** What follows a stop. */
export type Next = { readonly type: 'end' } | { readonly type: 'restart'; readonly afterMs: number };

export interface LastProcess {
  readonly pid: number | null;
  readonly reason: TerminationReason;
  readonly atMs: number;
}

export interface LifecycleState {
  readonly phase: Phase;
  /** Restarts after failures since the last deliberate one. */
  readonly restartCount: number;
  readonly lastBackoffMs: number | undefined;
  /** Failures in a row, each within a second of its start. */
  readonly quickFailures: number;
  /** When the last attempt began. */
  readonly begunMs: number;
  readonly lastProcess: LastProcess | undefined;
  /** A change that came while nothing ran. */
  readonly pending: ChangeReaction | undefined;
  /** Ended on request while init or the start was under way. */
  readonly stopRequested: boolean;
  readonly stateEnteredMs: number;
}

export type LifecycleInput =
  /** Binds and leader are there. */
  | { readonly type: 'begin' }
  /** A process of this service runs already. */
  | { readonly type: 'adopt'; readonly pid: number }
  | { readonly type: 'init-finished'; readonly ok: boolean }
  /** The files could not be rendered: nothing ran, and nothing will until it is begun again. */
  | { readonly type: 'init-refused' }
  | { readonly type: 'started'; readonly pid: number }
  | { readonly type: 'start-failed' }
  | { readonly type: 'exited'; readonly pid: number; readonly exit: ProcessExit }
  | { readonly type: 'changed'; readonly reaction: ChangeReaction }
  | { readonly type: 'stop' }
  | { readonly type: 'post-stop-finished' }
  | { readonly type: 'backoff-over' };

export type LifecycleEffect =
  /** Render everything, then run init if there is one; answered by `init-finished`. */
  | { readonly type: 'initialize' }
  /** Answered by `started` or `start-failed`. */
  | { readonly type: 'start-process' }
  | { readonly type: 'run-post-run' }
  | { readonly type: 'start-health' }
  | { readonly type: 'run-reconfigure' }
  /** End whatever hook of this service still runs, health checks included. */
  | { readonly type: 'cancel-hooks' }
  /** Shutdown signal to the group, KILL after the time-out; answered by `exited`. */
  | { readonly type: 'terminate'; readonly pid: number }
  /** Remove the PID file and run post-stop; answered by `post-stop-finished`. */
  | { readonly type: 'run-post-stop' }
  | { readonly type: 'back-off'; readonly ms: number }
  | { readonly type: 'ended' };

export interface LifecycleWorld {
  /** Wall clock, for what is shown. */
  readonly nowMs: number;
  /** From 0 to just below 1. */
  readonly random: number;
  readonly policy: RestartPolicy;
}

export interface LifecycleStep {
  readonly state: LifecycleState;
  readonly effects: readonly LifecycleEffect[];
}

export function initialLifecycle(nowMs: number): LifecycleState {
  return {
    phase: { type: 'waiting' },
    restartCount: 0,
    lastBackoffMs: undefined,
    quickFailures: 0,
    begunMs: nowMs,
    lastProcess: undefined,
    pending: undefined,
    stopRequested: false,
    stateEnteredMs: nowMs,
  };
}

/**
 * One step in a service's life: pure, so that order and outcome are provable without a process. Inputs that do not
 * concern the phase (a late exit, a second stop) change nothing.
 *
 * @see spec/supervisor 7.2 to 7.6; termination is awaited before post-stop (18.1)
 */
export function stepLifecycle(state: LifecycleState, input: LifecycleInput, world: LifecycleWorld): LifecycleStep {
  switch (input.type) {
    case 'begin':
      return state.phase.type === 'waiting' ? initialize(state, world) : same(state);
    case 'adopt':
      return state.phase.type === 'waiting' ? adopt(state, input.pid, world) : same(state);
    case 'init-finished':
      return state.phase.type === 'initializing' ? afterInit(state, input.ok, world) : same(state);
    case 'init-refused':
      return state.phase.type === 'initializing' ? refuse(state) : same(state);
    case 'started':
      return state.phase.type === 'starting' ? afterStart(state, input.pid, world) : same(state);
    case 'start-failed':
      return state.phase.type === 'starting' ? fail(state, 'run_hook_failed', null, world) : same(state);
    case 'exited':
      return afterExit(state, input.pid, world);
    case 'changed':
      return change(state, input.reaction, world);
    case 'stop':
      return stop(state, world);
    case 'post-stop-finished':
      return state.phase.type === 'post-stop' ? afterPostStop(state, state.phase.next, world) : same(state);
    case 'backoff-over':
      return state.phase.type === 'backing-off' ? initialize(state, world) : same(state);
  }
}

/** A service that fails faster than this ... */
const QUICK_MS = 1000;
/** ... more often than this in a row is slowed down, whatever the policy: it would only burn the machine. */
const QUICK_FAILURES = 3;

const same = (state: LifecycleState): LifecycleStep => ({ state, effects: [] });

function initialize(state: LifecycleState, { nowMs }: LifecycleWorld): LifecycleStep {
  return { state: { ...state, phase: { type: 'initializing' }, begunMs: nowMs }, effects: [{ type: 'initialize' }] };
}

function adopt(state: LifecycleState, pid: number, { nowMs }: LifecycleWorld): LifecycleStep {
  const phase: Phase = { type: 'up', pid, sinceMs: nowMs };
  return { state: { ...state, phase, stateEnteredMs: nowMs }, effects: [{ type: 'start-health' }] };
}

function afterInit(state: LifecycleState, ok: boolean, world: LifecycleWorld): LifecycleStep {
  if (state.stopRequested) return postStop(state, { type: 'end' });
  if (!ok) return fail(state, 'init_hook_failed', null, world);
  return { state: { ...state, phase: { type: 'starting' } }, effects: [{ type: 'start-process' }] };
}

function refuse(state: LifecycleState): LifecycleStep {
  if (state.stopRequested) return { state: { ...state, phase: { type: 'ended' } }, effects: [{ type: 'ended' }] };
  return same({ ...state, phase: { type: 'waiting' }, pending: undefined });
}

function afterStart(state: LifecycleState, pid: number, world: LifecycleWorld): LifecycleStep {
  const phase: Phase = { type: 'up', pid, sinceMs: world.nowMs };
  const up: LifecycleState = { ...state, phase, pending: undefined, stateEnteredMs: world.nowMs };
  if (state.stopRequested) return stop(up, world);
  const begun: LifecycleStep = { state: up, effects: [{ type: 'run-post-run' }, { type: 'start-health' }] };
  if (state.pending === undefined) return begun;
  const changed = change(up, state.pending, world);
  return { state: changed.state, effects: [...begun.effects, ...changed.effects] };
}

function afterExit(state: LifecycleState, pid: number, world: LifecycleWorld): LifecycleStep {
  const { phase } = state;
  if (phase.type === 'stopping' && phase.pid === pid) return postStop(entered(state, world), phase.next);
  if (phase.type !== 'up' || phase.pid !== pid) return same(state);
  const cool = world.nowMs - phase.sinceMs >= world.policy.cooldownMs;
  const fresh = cool ? { ...state, lastBackoffMs: undefined, restartCount: 0 } : state;
  return fail(fresh, 'run_hook_failed', pid, world);
}

/** Init or run failed: post-stop, then again after the back-off. */
function fail(
  state: LifecycleState,
  reason: TerminationReason,
  pid: number | null,
  world: LifecycleWorld,
): LifecycleStep {
  const quickFailures = world.nowMs - state.begunMs < QUICK_MS ? state.quickFailures + 1 : 0;
  const backoffMs = nextBackoffMs(world.policy, state.lastBackoffMs, world.random);
  const afterMs = quickFailures > QUICK_FAILURES ? Math.max(backoffMs, QUICK_MS) : backoffMs;
  const failed: LifecycleState = {
    ...entered(state, world),
    lastProcess: { pid, reason, atMs: world.nowMs },
    lastBackoffMs: backoffMs,
    quickFailures,
    restartCount: state.restartCount + 1,
  };
  const next: Next = state.stopRequested ? { type: 'end' } : { type: 'restart', afterMs };
  const step = postStop(failed, next);
  return { state: step.state, effects: [{ type: 'cancel-hooks' }, ...step.effects] };
}

function change(state: LifecycleState, reaction: ChangeReaction, world: LifecycleWorld): LifecycleStep {
  const { phase } = state;
  switch (phase.type) {
    case 'up': {
      if (reaction.type === 'reconfigure') return { state, effects: [{ type: 'run-reconfigure' }] };
      const { pid } = phase;
      const restarting: LifecycleState = {
        ...state,
        phase: { type: 'stopping', pid, next: { type: 'restart', afterMs: 0 } },
        restartCount: 0,
        lastBackoffMs: undefined,
        lastProcess: { pid, reason: reaction.reason, atMs: world.nowMs },
      };
      return { state: restarting, effects: [{ type: 'cancel-hooks' }, { type: 'terminate', pid }] };
    }
    case 'initializing':
    case 'starting':
      // What runs next reads the files as they are now; only init has seen the old ones.
      return same({ ...state, pending: strongest(state.pending, reaction) });
    default:
      return same(state);
  }
}

function strongest(kept: ChangeReaction | undefined, added: ChangeReaction): ChangeReaction {
  return kept?.type === 'restart' ? kept : added;
}

function stop(state: LifecycleState, world: LifecycleWorld): LifecycleStep {
  const { phase } = state;
  const end: Next = { type: 'end' };
  switch (phase.type) {
    case 'waiting':
    case 'backing-off':
      return { state: { ...entered(state, world), phase: { type: 'ended' } }, effects: [{ type: 'ended' }] };
    case 'initializing':
      return { state: { ...state, stopRequested: true }, effects: [{ type: 'cancel-hooks' }] };
    case 'starting':
      return same({ ...state, stopRequested: true });
    case 'up': {
      const { pid } = phase;
      const stopping: LifecycleState = { ...state, phase: { type: 'stopping', pid, next: end } };
      return { state: stopping, effects: [{ type: 'cancel-hooks' }, { type: 'terminate', pid }] };
    }
    case 'stopping':
    case 'post-stop':
      return same({ ...state, phase: { ...phase, next: end } });
    case 'ended':
      return same(state);
  }
}

function postStop(state: LifecycleState, next: Next): LifecycleStep {
  return { state: { ...state, phase: { type: 'post-stop', next } }, effects: [{ type: 'run-post-stop' }] };
}

function afterPostStop(state: LifecycleState, next: Next, world: LifecycleWorld): LifecycleStep {
  if (next.type === 'end') return { state: { ...state, phase: { type: 'ended' } }, effects: [{ type: 'ended' }] };
  if (next.afterMs <= 0) return initialize(state, world);
  const phase: Phase = { type: 'backing-off', untilMs: world.nowMs + next.afterMs };
  return { state: { ...state, phase }, effects: [{ type: 'back-off', ms: next.afterMs }] };
}

const entered = (state: LifecycleState, { nowMs }: LifecycleWorld): LifecycleState => ({
  ...state,
  stateEnteredMs: nowMs,
});
