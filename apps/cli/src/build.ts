import { createLayout, type Layout } from '@hab/core';
import { formatIdent } from '@hab/ident';
import {
  type BuildOptions,
  type BuildResult,
  buildPlan,
  type DependencySource,
  type StdioOptions,
  storeInstaller,
  storePackages,
} from '@hab/plan-build/node';

import type { CommandContext } from './context.ts';
import { keyCachePath, openKeyCache } from './key-cache.ts';
import { artifactSources, openStore } from './package-store.ts';

export interface BuildArguments {
  readonly context: string | undefined;
  /** Overrides of the environment, such as `HAB_ORIGIN`; `undefined` takes a variable away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly builderUrl?: string | undefined;
  readonly artifacts?: readonly string[];
  readonly cacheKeyPath?: string | undefined;
  readonly programName: string;
  /** Release of the package, `YYYYMMDDhhmmss`. @defaultValue `SOURCE_DATE_EPOCH`, else the time now */
  readonly release?: string | undefined;
  /** @defaultValue `stop` */
  readonly onFailure?: BuildOptions['onFailure'];
  /** File of exact releases of dependencies, obeyed and written. */
  readonly lockFile?: string | undefined;
  /** Keep what is printed in a file, too. */
  readonly log?: boolean | undefined;
  /** Streams of the plan. @defaultValue those of the command */
  readonly stdio?: StdioOptions | undefined;
}

/** Standard output is for the document. */
const STANDARD_ERROR = 2;

/** What goes wrong before there is a bash that could tell. */
const SILENT: readonly string[] = ['BUILD_ARGUMENTS', 'BUILD_BASH_FAILED'];

/** Builds a plan on this machine. @returns the exit status. */
export async function build(request: BuildArguments, caller: CommandContext): Promise<number> {
  const { ui } = caller;
  const stdio = ui.json ? ({ input: 'inherit', output: STANDARD_ERROR } as const) : request.stdio;
  const result = await runBuild({ ...request, stdio }, caller);
  if (ui.json) ui.document(resultDocument(result));
  // Everything else the build itself has said, on the streams of its bash.
  if (result.type === 'failed' && SILENT.includes(result.error.code)) throw result.error;
  return result.status;
}

/** What programs are told: the names are those of `last_build.json` and `failed_build.json`. */
function resultDocument(result: BuildResult): unknown {
  const { type, status, phases } = result;
  switch (type) {
    case 'built': {
      const { ident, target, artifact, result: copy, sha256, blake2b } = result;
      return { type, status, ident: formatIdent(ident), target, artifact, result: copy, sha256, blake2b, phases };
    }
    case 'stopped':
      return { type, status, phase: result.phase, phases };
    case 'failed': {
      const { error, phase, place } = result;
      return { type, status, code: error.code, message: error.message, phase, place, phases };
    }
  }
}

/** Builds a plan on this machine. */
export async function runBuild(request: BuildArguments, caller: CommandContext): Promise<BuildResult> {
  const context = { ...caller, layout: buildLayout(caller) };
  const { layout, clock, cwd, env, signal, stdin, ui } = context;
  const { artifacts = [], cacheKeyPath } = request;
  const store = openStore(context);
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return await buildPlan(
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
      release: request.release,
      onFailure: request.onFailure,
      lockFile: request.lockFile,
      log: request.log,
      interactive: stdin.isTTY === true,
      stdio: request.stdio ?? { input: 'inherit' },
      onProgress: (event) => {
        if (event.type === 'build:prompt') caller.holdInterrupts?.(event.open);
      },
      signal,
    },
    {
      layout,
      clock,
      keys: openKeyCache(cacheKeyPath === undefined ? {} : { cacheKeyPath }, context),
      packages: storePackages(store),
      dependencies: localDependencies(artifacts, context),
    },
  );
}

/** `HAB_ROOT_PATH` moves the tree that a build works in. See spec/plan-build 2. */
export function buildLayout({ env, layout }: CommandContext): Layout {
  const { HAB_ROOT_PATH: hab } = env;
  return hab ? createLayout({ hab }) : layout;
}

/**
 * Dependencies that are not installed come from folders of artifacts, what was built before among them. Those of the build
 * run their install hooks; those of the package do so where it is installed. See spec/plan-build 7.
 */
function localDependencies(folders: readonly string[], context: CommandContext): DependencySource {
  const store = openStore(context);
  const sources = artifactSources(folders, [], context);
  return storeInstaller(store, {
    sources: () => sources,
    async runInstallHooks(packages) {
      const { runInstallHooks } = await import('./install-hooks.ts');
      for (const { ident } of packages) await runInstallHooks(ident, store, {}, context);
    },
  });
}
