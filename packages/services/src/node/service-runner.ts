import { writeFileSync } from 'node:fs';

import type { Clock, RandomSource, ServiceLayout } from '@hab/core';
import type { ProcessExit } from '@hab/launcher';
import { signalGroup } from '@hab/launcher/node';

import { fraction } from '../fraction.ts';
import { type Health, healthOfExit, healthOfProcess, nextCheckMs } from '../health.ts';
import type { HookTimeouts, ServiceHook } from '../hooks.ts';
import {
  type ChangeReaction,
  initialLifecycle,
  type LifecycleEffect,
  type LifecycleInput,
  type LifecycleState,
  stepLifecycle,
} from '../lifecycle.ts';
import type { RestartPolicy } from '../restart-policy.ts';
import { callHook } from './call-hook.ts';
import type { HookResult } from './hook-runner.ts';
import type { ServiceIdentity } from './identity.ts';
import { formatReaction, parseReaction, readPending, removeFile, writePending } from './pending-work.ts';
import type { ServiceRenderer } from './service-renderer.ts';

/** What a runner needs to know of its service; settled when the service is added. */
export interface ServiceFacts {
  /** Service group as text: preamble of its lines, name of its process. */
  readonly group: string;
  readonly layout: ServiceLayout;
  readonly identity: ServiceIdentity;
  /** Laid over the Supervisor's or the Launcher's own environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly shutdownSignal: NodeJS.Signals;
  readonly shutdownTimeoutMs: number;
  readonly healthCheckIntervalSec: number;
  readonly policy: RestartPolicy;
  readonly hookTimeoutsMs: HookTimeouts;
}

export interface RunnerCollaborators {
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly renderer: ServiceRenderer;
  /** Environment that hooks inherit. */
  readonly inheritedEnv: Readonly<Record<string, string>>;
  /** Asks the Launcher for a process. */
  readonly spawn: (facts: ServiceFacts) => Promise<number>;
  /** A line of this service: preamble, key, text. See spec/supervisor 15.1. */
  readonly say: (preamble: string, key: string, text: string) => void;
  /** Something that others show has changed. */
  readonly onChange: () => void;
}

/** Result of the last health check. */
export interface HealthReport {
  readonly health: Health;
  readonly stdout: string;
  readonly stderr: string;
}

/** Drives one service through its life: performs what {@link stepLifecycle} asks for and tells it what came of it. */
export class ServiceRunner {
  readonly facts: ServiceFacts;
  readonly #with: RunnerCollaborators;
  readonly #ended: Promise<void>;
  #resolveEnded: () => void = () => undefined;
  #state: LifecycleState;
  #health: HealthReport = { health: 'Unknown', stdout: '', stderr: '' };
  /** Hooks and timers of the current life; replaced at each start. */
  #hooks = new AbortController();
  #waits = new AbortController();
  #stopTimeoutMs: number | undefined;
  /** Exits that were heard of before the answer to their spawn. */
  readonly #earlyExits = new Map<number, ProcessExit>();
  #rendering: Promise<void> = Promise.resolve();
  #problem: string | undefined;
  /** Reconfigurations under way. */
  #reconfiguring = 0;
  /** The service's files came while it could not hear of them. */
  #filesUpdated = false;

  constructor(facts: ServiceFacts, collaborators: RunnerCollaborators) {
    this.facts = facts;
    this.#with = collaborators;
    this.#state = initialLifecycle(collaborators.clock.now());
    this.#ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
  }

  get state(): LifecycleState {
    return this.#state;
  }

  get health(): HealthReport {
    return this.#health;
  }

  /** Why its files are not what the configuration asks for: it was not started with them, or runs with older ones. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Binds and leader are there: initialize, run. Later calls, and calls on a running service, change nothing. */
  begin(): void {
    this.#dispatch({ type: 'begin' });
  }

  /** Takes over a process that an earlier Supervisor had started. */
  adopt(pid: number): void {
    this.#say('SR', `Reattaching to ${this.facts.group}`);
    void this.#rerender();
    this.#dispatch({ type: 'adopt', pid });
    const { postRunPending, reactionPending } = this.facts.layout;
    if (readPending(postRunPending, pid) !== undefined) this.#perform({ type: 'run-post-run' });
    const reaction = parseReaction(readPending(reactionPending, pid) ?? '');
    if (reaction !== undefined) this.#dispatch({ type: 'changed', reaction });
  }

  /** Told by the Launcher. */
  exited(pid: number, exit: ProcessExit): void {
    if (this.#state.phase.type === 'starting') this.#earlyExits.set(pid, exit);
    else this.#dispatch({ type: 'exited', pid, exit });
  }

  /** Something that templates may read has changed; resolves when the files are as they should be. */
  async inputsChanged(): Promise<void> {
    if (this.#state.phase.type === 'waiting' && this.#problem !== undefined) return this.begin();
    await this.#rerender();
  }

  /** Ends the service. @param timeoutMs - Instead of the package's time until KILL. */
  stop(timeoutMs?: number): Promise<void> {
    this.#stopTimeoutMs = timeoutMs;
    this.#dispatch({ type: 'stop' });
    return this.#ended;
  }

  /** Lets go of the process without touching it: another Supervisor takes over. */
  detach(): void {
    this.#hooks.abort();
    this.#waits.abort();
    this.#state = { ...this.#state, phase: { type: 'ended' } };
  }

  /** Asks the service how much it is suited to lead, if it has a hook for that. */
  async runSuitability(): Promise<HookResult | undefined> {
    return await this.#hook('suitability', this.#hooks.signal);
  }

  /** Files of the group were written: runs `file-updated`, as soon as the service is up. */
  async filesUpdated(): Promise<void> {
    this.#filesUpdated = true;
    if (this.#state.phase.type === 'up') await this.#runFileUpdated(this.#hooks.signal);
  }

  async #runFileUpdated(signal: AbortSignal): Promise<void> {
    this.#filesUpdated = false;
    await this.#hook('file-updated', signal);
  }

  #dispatch(input: LifecycleInput): void {
    const { clock, random, onChange } = this.#with;
    // Few steps want a random number, and one costs as much as the rest of a step.
    const world = {
      nowMs: clock.now(),
      policy: this.facts.policy,
      get random(): number {
        return fraction(random);
      },
    };
    const { state, effects } = stepLifecycle(this.#state, input, world);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    onChange();
  }

  #perform(effect: LifecycleEffect): void {
    switch (effect.type) {
      case 'cancel-hooks':
        this.#hooks.abort(LIFE_OVER);
        this.#hooks = new AbortController();
        break;
      case 'ended':
        this.#hooks.abort();
        this.#waits.abort();
        this.#setHealth({ health: 'Unknown', stdout: '', stderr: '' });
        this.#resolveEnded();
        break;
      default:
        this.#work(effect).catch((error: unknown) => this.#say('SR', `Unexpected failure: ${describe(error)}`));
    }
  }

  /** Effects that take time; each tells the lifecycle what came of it. */
  #work(effect: Exclude<LifecycleEffect, { readonly type: 'cancel-hooks' | 'ended' }>): Promise<void> {
    switch (effect.type) {
      case 'initialize':
        return this.#initialize();
      case 'start-process':
        return this.#startProcess();
      case 'run-post-run':
        if (this.#filesUpdated) void this.#runFileUpdated(this.#hooks.signal);
        return this.#runPostRun(this.#hooks.signal);
      case 'start-health':
        return this.#checkHealth(this.#hooks.signal);
      case 'run-reconfigure':
        return this.#reconfigure(this.#hooks.signal);
      case 'terminate':
        return this.#terminate(effect.pid);
      case 'run-post-stop':
        return this.#postStop();
      case 'back-off':
        return this.#backOff(effect.ms);
    }
  }

  async #initialize(): Promise<void> {
    const { signal } = this.#hooks;
    try {
      const { settle } = await this.#with.renderer.render();
      await settle();
      this.#problem = undefined;
    } catch (error) {
      this.#problem = describe(error);
      this.#say('SR', `Unable to start ${this.facts.group}: ${this.#problem}`);
      return this.#dispatch({ type: 'init-refused' });
    }
    if (!this.#with.renderer.has('init')) return this.#dispatch({ type: 'init-finished', ok: true });
    this.#say('SR', 'Initializing');
    const result = await this.#hook('init', signal);
    const ok = result?.code === 0;
    if (!ok && !signal.aborted)
      this.#say('HK', `Initialization failed! 'init' exited with status code ${result?.code ?? -1}`);
    this.#dispatch({ type: 'init-finished', ok });
  }

  async #startProcess(): Promise<void> {
    const { layout, identity } = this.facts;
    // Asked first, told second: the Launcher forks meanwhile.
    const spawned = this.#with.spawn(this.facts);
    this.#say('SV', `Starting service as user=${identity.user}, group=${identity.group}`);
    let pid: number;
    try {
      pid = await spawned;
    } catch (error) {
      this.#say('SV', `Service start failed: ${describe(error)}`);
      return this.#dispatch({ type: 'start-failed' });
    }
    // A few bytes, on the way from a crash to a running service: not worth a trip to the thread pool.
    writeFileSync(layout.pid, String(pid), { mode: 0o644 });
    this.#dispatch({ type: 'started', pid });
    const early = this.#earlyExits.get(pid);
    this.#earlyExits.clear();
    if (early !== undefined) this.#dispatch({ type: 'exited', pid, exit: early });
  }

  /**
   * Repeated until it succeeds or the service ends: at once, then ever slower. A Supervisor that takes the process over
   * goes on with it, and never runs again what has succeeded. See spec/templating 18.14.
   */
  async #runPostRun(signal: AbortSignal): Promise<void> {
    const { phase } = this.#state;
    if (phase.type !== 'up' || !this.#with.renderer.has('post-run')) return;
    writePending(this.facts.layout.postRunPending, phase.pid);
    for (let waitMs = 0; !signal.aborted; waitMs = Math.min(60_000, waitMs === 0 ? 1000 : waitMs * 2)) {
      if (waitMs > 0 && !(await this.#wait(waitMs, signal))) return;
      const result = await this.#hook('post-run', signal);
      if (result?.code === 0) return removeFile(this.facts.layout.postRunPending);
    }
  }

  async #checkHealth(signal: AbortSignal): Promise<void> {
    const { healthCheckIntervalSec } = this.facts;
    let wasOk = false;
    while (!signal.aborted) {
      const report = await this.#healthReport(signal);
      if (signal.aborted) return;
      this.#setHealth(report);
      const first = report.health === 'Ok' && !wasOk;
      wasOk ||= report.health === 'Ok';
      const waitMs = nextCheckMs(report.health, healthCheckIntervalSec, first, fraction(this.#with.random));
      if (!(await this.#wait(waitMs, signal))) return;
    }
  }

  async #healthReport(signal: AbortSignal): Promise<HealthReport> {
    const result = await this.#hook('health-check', signal);
    if (result === undefined) {
      const health = this.#with.renderer.has('health-check')
        ? 'Unknown'
        : healthOfProcess(this.#state.phase.type === 'up');
      return { health, stdout: '', stderr: '' };
    }
    const health = healthOfExit(result.code);
    if (health === 'Unknown' && result.code !== 3 && !signal.aborted) {
      this.#say('HK', `Health check exited with an unknown status code, ${result.code ?? result.signal}`);
    }
    return { health, stdout: result.stdout, stderr: result.stderr };
  }

  /** On the disk first: a Supervisor that dies before the service has heard of the change leaves that to the next. */
  #react(reaction: ChangeReaction): void {
    const { phase } = this.#state;
    if (phase.type === 'up') writePending(this.facts.layout.reactionPending, phase.pid, formatReaction(reaction));
    this.#dispatch({ type: 'changed', reaction });
  }

  async #reconfigure(signal: AbortSignal): Promise<void> {
    this.#reconfiguring++;
    await this.#hook('reload', signal);
    await this.#hook('reconfigure', signal);
    if (--this.#reconfiguring === 0 && !signal.aborted) removeFile(this.facts.layout.reactionPending);
  }

  async #terminate(pid: number): Promise<void> {
    const { shutdownSignal, shutdownTimeoutMs } = this.facts;
    this.#say('ST', `Terminating service (PID: ${pid})`);
    if (!signalGroup(pid, shutdownSignal)) return;
    const patience = this.#waits.signal;
    const late = await this.#wait(this.#stopTimeoutMs ?? shutdownTimeoutMs, patience);
    const { phase } = this.#state;
    if (!late || phase.type !== 'stopping' || phase.pid !== pid) return;
    signalGroup(pid, 'SIGKILL');
    this.#say('ST', `Service killed (PID: ${pid})`);
  }

  async #postStop(): Promise<void> {
    // The wait for a KILL, if any, is over: the process is gone.
    this.#waits.abort(LIFE_OVER);
    this.#waits = new AbortController();
    removeFile(this.facts.layout.pid);
    removeFile(this.facts.layout.postRunPending);
    removeFile(this.facts.layout.reactionPending);
    await this.#hook('post-stop', undefined);
    this.#dispatch({ type: 'post-stop-finished' });
  }

  async #backOff(ms: number): Promise<void> {
    this.#say('SR', `Stopping service, will restart after ${(ms / 1000).toFixed(2)} secs`);
    if (await this.#wait(ms, this.#waits.signal)) this.#dispatch({ type: 'backoff-over' });
  }

  /** One rendering at a time, in the order of the changes. */
  #rerender(): Promise<void> {
    this.#rendering = this.#rendering.then(async () => {
      const { type } = this.#state.phase;
      if (type === 'waiting' || type === 'ended') return;
      try {
        const { reaction, settle } = await this.#with.renderer.render();
        this.#problem = undefined;
        if (reaction !== undefined) this.#react(reaction);
        await settle();
      } catch (error) {
        const problem = describe(error);
        // Whatever else changes asks again: only another answer is news.
        if (problem === this.#problem) return;
        this.#problem = problem;
        this.#say('CF', `The configuration in force stays: ${problem}`);
        this.#with.onChange();
      }
    });
    return this.#rendering;
  }

  /** @returns undefined when the service has no such hook, or it could not be started. */
  async #hook(hook: Exclude<ServiceHook, 'run'>, signal: AbortSignal | undefined): Promise<HookResult | undefined> {
    const { renderer, inheritedEnv, clock, say } = this.#with;
    if (!renderer.has(hook) || signal?.aborted) return undefined;
    try {
      return await callHook(this.facts, { hook, inheritedEnv, signal }, { clock, say });
    } catch (error) {
      this.#say('HK', `Hook failed to run, ${hook}, ${describe(error)}`);
      return undefined;
    }
  }

  /** @returns false when the wait was cut short. */
  #wait(ms: number, signal: AbortSignal): Promise<boolean> {
    return this.#with.clock.sleep(ms, { signal }).then(
      () => true,
      () => false,
    );
  }

  #setHealth(report: HealthReport): void {
    this.#health = report;
    this.#with.onChange();
  }

  #say(key: string, text: string): void {
    this.#with.say(this.facts.group, key, text);
  }
}

/** Nobody reads why: one reason for all spares each restart the making of an error. */
const LIFE_OVER = new Error('This life of the service is over');

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
