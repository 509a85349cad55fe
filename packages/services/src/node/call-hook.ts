import type { AbortOptions, Clock } from '@hab/core';

import type { TimedHook } from '../hooks.ts';
import { type HookResult, runHook } from './hook-runner.ts';
import type { ServiceFacts } from './service-runner.ts';

export interface HookCall extends AbortOptions {
  readonly hook: TimedHook;
  /** Where it is, when not among the service's hooks. */
  readonly path?: string | undefined;
  /** Environment of the Supervisor; the service's is laid over it. */
  readonly inheritedEnv: Readonly<Record<string, string>>;
}

/** Who runs hooks for a service: its group, its files, its user. */
export type HookFacts = Pick<ServiceFacts, 'group' | 'layout' | 'identity' | 'env' | 'hookTimeoutsMs'>;

export interface HookCallCollaborators {
  readonly clock: Clock;
  /** A line of this service: preamble, key, text. */
  readonly say: (preamble: string, key: string, text: string) => void;
}

/**
 * Runs a hook of a service: its lines on the console and in the log files, its end told when it was not its own.
 *
 * @throws The system error when it cannot be started.
 */
export async function callHook(
  { group, layout, identity, env, hookTimeoutsMs }: HookFacts,
  { hook, path = layout.hook(hook), inheritedEnv, signal }: HookCall,
  { clock, say }: HookCallCollaborators,
): Promise<HookResult> {
  const preamble = `${group} hook[${hook}]:`;
  const timeoutMs = hookTimeoutsMs[hook];
  const result = await runHook(
    {
      path,
      env: { ...inheritedEnv, ...env },
      identity,
      stdoutLog: layout.hookLog(hook, 'stdout'),
      stderrLog: layout.hookLog(hook, 'stderr'),
      timeoutMs,
      onLine: (line) => say(preamble, 'HK', line),
      signal,
    },
    clock,
  );
  if (result.timedOut) say(group, 'HK', `${hook} was ended: it ran longer than ${timeoutMs / 1000} s`);
  else if (result.signal !== null && !signal?.aborted) {
    say(group, 'HK', `${hook} was terminated by signal ${result.signal}`);
  }
  return result;
}
