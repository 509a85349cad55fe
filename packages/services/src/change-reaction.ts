import type { ServiceHook } from './hooks.ts';
import type { ChangeReaction } from './lifecycle.ts';

/** What a rendering changed on disk. */
export interface RenderedChanges {
  readonly hooks: ReadonlySet<ServiceHook>;
  /** Some file below `config/` was created, changed or removed. */
  readonly config: boolean;
}

/**
 * What a running service does about changed files: the first that applies, from the top.
 *
 * @param hasReconfigure - A `reconfigure` or `reload` hook exists.
 * @returns undefined for nothing.
 * @see spec/templating 11, reaction to changes
 */
export function reactionTo({ hooks, config }: RenderedChanges, hasReconfigure: boolean): ChangeReaction | undefined {
  if (hooks.has('init')) return { type: 'restart', reason: 'init_hook_updated' };
  if (hooks.has('run')) return { type: 'restart', reason: 'run_hook_updated' };
  if (hooks.has('post-run')) return { type: 'restart', reason: 'post_run_hook_updated' };
  if (config && !hasReconfigure) return { type: 'restart', reason: 'app_config_updated' };
  if (config || hooks.has('reconfigure') || hooks.has('reload')) return { type: 'reconfigure' };
  return undefined;
}
