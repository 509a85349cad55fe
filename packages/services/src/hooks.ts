import type { ChangeReaction } from './lifecycle.ts';

/** Hooks that a running service may have, in the order in which they are rendered. See spec/templating 12. */
export const SERVICE_HOOKS = [
  'config-check',
  'file-updated',
  'health-check',
  'init',
  'reload',
  'reconfigure',
  'suitability',
  'run',
  'post-run',
  'post-stop',
] as const;
export type ServiceHook = (typeof SERVICE_HOOKS)[number];

/** Old spellings that packages still carry; the new one wins when both are there. */
const OLD_NAMES: Readonly<Record<string, ServiceHook>> = {
  file_updated: 'file-updated',
  health_check: 'health-check',
  post_run: 'post-run',
  post_stop: 'post-stop',
};

/** A hook and the file of the package that holds it. */
export interface HookSource {
  readonly hook: ServiceHook;
  readonly file: string;
}

/** Hooks of a service that run because of a change of its files, in their order. */
export function hooksOfReaction(reaction: ChangeReaction | undefined): readonly ServiceHook[] {
  if (reaction === undefined) return [];
  if (reaction.type === 'reconfigure') return ['reload', 'reconfigure'];
  return ['post-stop', 'init', 'run', 'post-run'];
}

/** Which files of a package's `hooks/` are hooks, and which are not what their author meant. */
export function selectHooks(files: readonly string[]): { readonly hooks: HookSource[]; readonly warnings: string[] } {
  const hooks: HookSource[] = [];
  const warnings: string[] = [];
  for (const hook of SERVICE_HOOKS) {
    const old = Object.entries(OLD_NAMES).find(([name, now]) => now === hook && files.includes(name))?.[0];
    if (files.includes(hook)) hooks.push({ hook, file: hook });
    else if (old !== undefined) hooks.push({ hook, file: old });
    if (old !== undefined) warnings.push(`The hook name "${old}" is old: call it "${hook}"`);
  }
  if (files.includes('smoke_test')) warnings.push('The hook "smoke_test" is never run: remove it');
  return { hooks, warnings };
}

/** Hooks that end by themselves: all but `run`, which is the service. */
export type TimedHook = Exclude<ServiceHook, 'run'> | 'install' | 'uninstall';

/** Milliseconds after which a hook that still runs is ended, with everything it started. */
export type HookTimeouts = Readonly<Record<TimedHook, number>>;

/** Limits that are long enough for what each hook is for; `run` has none. */
export const HOOK_TIMEOUT_MS: HookTimeouts = {
  'config-check': 60_000,
  install: 3_600_000,
  uninstall: 3_600_000,
  'file-updated': 60_000,
  'health-check': 60_000,
  init: 3_600_000,
  reload: 60_000,
  reconfigure: 60_000,
  suitability: 10_000,
  'post-run': 3_600_000,
  'post-stop': 60_000,
};
