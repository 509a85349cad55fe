import { createLayout, type Layout } from '@hab/core';
import { type FullIdent, formatIdent, parseIdent } from '@hab/ident';
import { type BuildResult, buildPlan, type DependencySource } from '@hab/plan-build/node';

import type { CommandContext } from './context.ts';
import { keyCachePath, openKeyCache } from './key-cache.ts';
import { artifactSources, openStore } from './package-store.ts';

export interface BuildArguments {
  readonly context: string | undefined;
  /** Overrides of the environment, such as `HAB_ORIGIN`. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly builderUrl?: string | undefined;
  readonly artifacts?: readonly string[];
  readonly cacheKeyPath?: string | undefined;
  readonly programName: string;
}

/** Builds a plan on this machine. @returns the exit status. */
export async function build(request: BuildArguments, caller: CommandContext): Promise<number> {
  const context = { ...caller, layout: buildLayout(caller) };
  const { layout, clock, cwd, env, signal, stdin, ui } = context;
  const { artifacts = [], cacheKeyPath } = request;
  const store = openStore(context);
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const result: BuildResult = await buildPlan(
    {
      context: request.context,
      cwd,
      environment: {
        ...Object.fromEntries(set),
        HAB_CACHE_KEY_PATH: keyCachePath(cacheKeyPath === undefined ? {} : { cacheKeyPath }, context),
        ...(ui.colored ? {} : { HAB_NOCOLORING: 'true' }),
        ...request.environment,
      },
      builderUrl: request.builderUrl,
      programName: request.programName,
      interactive: stdin.isTTY === true,
      stdio: { input: 'inherit' },
      signal,
    },
    {
      layout,
      clock,
      keys: openKeyCache(cacheKeyPath === undefined ? {} : { cacheKeyPath }, context),
      packages: { find: (ident, options) => store.tryLoad(ident, options) },
      dependencies: localDependencies(artifacts, context),
    },
  );
  return result.status;
}

/** `HAB_ROOT_PATH` moves the tree that a build works in. See spec/plan-build 2. */
function buildLayout({ env, layout }: CommandContext): Layout {
  const { HAB_ROOT_PATH: hab } = env;
  return hab ? createLayout({ hab }) : layout;
}

/** Dependencies that are not installed come from folders of artifacts, what was built before among them. */
function localDependencies(folders: readonly string[], context: CommandContext): DependencySource {
  const store = openStore(context);
  const sources = artifactSources(folders, [], context);
  return {
    async install(ident, { ignoreLocal, signal }): Promise<FullIdent> {
      const [found] = (
        await store.install([{ type: 'ident', ident: parseIdent(formatIdent(ident)) }], {
          sources,
          ignoreLocal,
          signal,
        })
      ).requested;
      if (found === undefined) throw new Error(`${formatIdent(ident)} means no package`);
      return found;
    },
  };
}
