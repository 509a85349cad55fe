/** What one rendering changed. */
export interface RenderedChanges {
  /** Hooks whose text is another one than before. */
  readonly hooks: Iterable<string>;
  /** True when any configuration file changed. */
  readonly config: boolean;
  /** The service has a `reconfigure` hook, or a `reload` hook, which counts as one. */
  readonly reconfigureHook: boolean;
}

/** What follows; `reason` is the code that the HTTP gateway shows. */
export type ReactionToChanges =
  | { readonly type: 'none' }
  | { readonly type: 'reconfigure' }
  | {
      readonly type: 'restart';
      readonly reason: 'init_hook_updated' | 'run_hook_updated' | 'post_run_hook_updated' | 'app_config_updated';
    };

/** In this order the first that changed decides. */
const RESTARTING_HOOKS = [
  ['init', 'init_hook_updated'],
  ['run', 'run_hook_updated'],
  ['post-run', 'post_run_hook_updated'],
] as const;

/**
 * Decides what a running, initialized service does about files that rendered differently. A service that is not
 * initialized keeps the reaction until it is (the originals forget it).
 *
 * @see spec/templating 11, "Reaction to changes"
 */
export function reactionToChanges({ hooks, config, reconfigureHook }: RenderedChanges): ReactionToChanges {
  const changed = new Set(hooks);
  for (const [hook, reason] of RESTARTING_HOOKS) if (changed.has(hook)) return { type: 'restart', reason };
  if (config) return reconfigureHook ? { type: 'reconfigure' } : { type: 'restart', reason: 'app_config_updated' };
  // A reload hook that changed is like a reconfigure hook that changed: it exists now, so it runs.
  return changed.has('reconfigure') || changed.has('reload') ? { type: 'reconfigure' } : { type: 'none' };
}
