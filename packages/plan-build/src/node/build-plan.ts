import { isAbsolute, resolve } from 'node:path';
import { type AbortOptions, type Clock, formatRelease, noopLogger } from '@hab/core';
import { isPackageTarget, type PackageTarget, targetFor } from '@hab/ident';
import { failureScript } from '../console-lines.ts';
import { orderDependencies } from '../dependency.ts';
import { LayeredEnvironment } from '../environment.ts';
import { BuildError, isBuildError } from '../errors.ts';
import { parseSubshellNote } from '../failure.ts';
import { planFacts } from '../plan-variables.ts';
import { type BuildSettings, readBuildSettings } from '../settings.ts';
import { textOf } from '../shell-variables.ts';
import { answer } from './answers.ts';
import { BashSession, type SessionEnd, SessionEnded, signalNumber } from './bash-session.ts';
import { type BuildResult, failedResult, resultOf } from './build-result.ts';
import type { BuildCollaborators, BuildProgress, BuildState } from './build-state.ts';
import { buildComposite } from './composite-build.ts';
import { type FinishedPackage, finishBuild } from './finish-build.ts';
import { findPlan, loadPlan, validatePlan } from './load-plan.ts';
import { prepareBuild } from './prepare-build.ts';
import { signalAll, signalTree, stillAlive } from './process-tree.ts';
import { findProgram } from './programs.ts';
import { runPhases, sendAll } from './run-phases.ts';
import { BuildStdio, type StdioOptions } from './stdio.ts';

/** What to build, and how the caller wants it done. */
export interface BuildOptions extends AbortOptions {
  /** Directory with the plan, absolute or relative to `cwd`. @defaultValue `.` */
  readonly context?: string | undefined;
  /** Directory of the caller, absolute. */
  readonly cwd: string;
  /** Environment of the caller; the plan gets it, and the settings of {@link readBuildSettings} come out of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Wins over `HAB_BLDR_URL`. */
  readonly builderUrl?: string | undefined;
  /** Target of the program; absent: `BUILD_PKG_TARGET`, else this machine's. */
  readonly target?: PackageTarget | undefined;
  /** Streams of the plan. @defaultValue no input, the caller's output */
  readonly stdio?: StdioOptions | undefined;
  /** True when a person sits at `stdio.input`: `attach` then works outside a Studio, too. @defaultValue false */
  readonly interactive?: boolean | undefined;
  /** Name of the program in the lines of a build. @defaultValue `hab-plan-build` */
  readonly programName?: string | undefined;
  /** Called as the build goes on; cannot change it. */
  readonly onProgress?: ((event: BuildProgress) => void) | undefined;
}

/** Waits between telling a plan to stop, and before killing it, in milliseconds. */
const STOP_WAITS_MS = [100, 400, 1500, 3000, 5000];

/** Longest wait for what such a plan left in the background, and between looks at it, in milliseconds. */
const END_GRACE_MS = 1000;
const END_POLL_MS = 20;

/**
 * Builds a plan into a signed artifact.
 *
 * Everything a person should read is printed by the build itself on the given streams; the result repeats what happened
 * for programs. Failing is an ordinary result, not an exception.
 *
 * @throws only what is a bug, and the errors of collaborators that no build can explain.
 * @see spec/plan-build
 */
export async function buildPlan(options: BuildOptions, world: BuildCollaborators): Promise<BuildResult> {
  options.signal?.throwIfAborted();
  const settings = readBuildSettings({
    ...options.environment,
    ...(options.builderUrl === undefined ? {} : { HAB_BLDR_URL: options.builderUrl }),
  });
  let state: BuildState;
  try {
    state = createState(options, settings, world);
  } catch (error) {
    if (isBuildError(error)) return failedResult(error);
    throw error;
  }
  const stopListening = obeySignal(state);
  let finished: FinishedPackage | undefined;
  try {
    finished = await buildUntilDone(state);
  } catch (error) {
    if (!(error instanceof SessionEnded) && !state.signal?.aborted) {
      if (!isBuildError(error)) {
        state.session.hangUp();
        await state.session.ended;
        throw error;
      }
      await reportFailure(state, error);
    }
  }
  const end = await state.session.ended;
  await stopListening();
  if (end.error !== undefined && isBuildError(end.error)) return failedResult(end.error, state);
  if (end.error !== undefined) throw end.error;
  return resultOf(state, end, finished);
}

async function buildUntilDone(state: BuildState): Promise<FinishedPackage> {
  const started = state.session.start();
  // Looking for the plan while bash starts.
  const [found] = await Promise.allSettled([findPlan(state), started]);
  await started;
  if (found.status === 'rejected') throw found.reason;
  await loadPlan(state);
  await validatePlan(state);
  await sendAll(state);
  if (state.facts.type === 'composite') return await buildComposite(state);
  await prepareBuild(state);
  await runPhases(state);
  return await finishBuild(state);
}

async function reportFailure(state: BuildState, error: BuildError): Promise<void> {
  state.problem = error;
  const script = [...state.pending, failureScript(error)].join('\n');
  state.pending = [];
  await state.session.run(script).catch((ended: unknown) => {
    if (!(ended instanceof SessionEnded)) throw ended;
  });
}

/** Passes the caller's wish to stop on to bash and to whatever it runs. */
function obeySignal(state: BuildState): () => Promise<void> {
  const { signal } = state;
  if (signal === undefined) return () => Promise.resolve();
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping = stopBuild(state, stopSignal(signal));
  };
  signal.addEventListener('abort', stop, { once: true });
  return async () => {
    signal.removeEventListener('abort', stop);
    await stopping;
  };
}

async function stopBuild(state: BuildState, name: NodeJS.Signals): Promise<void> {
  const { session, world } = state;
  const { pid } = session;
  if (pid === undefined) return;
  const over = new AbortController();
  void session.ended.then(() => over.abort());
  const children = new Set<number>();
  try {
    for (const waitMs of STOP_WAITS_MS) {
      // Again for a command that began just then; not once bash is cleaning up, which must not be disturbed.
      if (state.stop === undefined) for (const each of signalTree(pid, name)) children.add(each);
      await world.clock.sleep(waitMs, { signal: over.signal });
    }
    signalTree(pid, 'SIGKILL');
  } catch (error) {
    if (!over.signal.aborted) throw error;
  }
  children.delete(pid);
  await endAll([...children], world.clock);
}

/** Programs that outlive the build that was stopped: those in the background of a shell do not hear an interrupt. */
async function endAll(pids: readonly number[], clock: Clock): Promise<void> {
  signalAll(pids, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < END_GRACE_MS && stillAlive(pids).length > 0; waitedMs += END_POLL_MS) {
    await clock.sleep(END_POLL_MS);
  }
  signalAll(stillAlive(pids), 'SIGKILL');
}

/** The signal that stopped the caller, as its reason names it; SIGTERM otherwise. */
export function stopSignal(signal: AbortSignal): 'SIGINT' | 'SIGHUP' | 'SIGQUIT' | 'SIGTERM' {
  const name = signal.reason instanceof Error ? signal.reason.message : '';
  return name === 'SIGINT' || name === 'SIGHUP' || name === 'SIGQUIT' ? name : 'SIGTERM';
}

/** What would change how bash reads plans, before a plan can say a word; and what plans never see. */
const WITHHELD = new Set([
  'BASH_ENV',
  'BASHOPTS',
  'BUILD_PKG_TARGET',
  'ENV',
  'POSIXLY_CORRECT',
  'SHELLOPTS',
  'TERMINFO',
]);

function createState(options: BuildOptions, settings: BuildSettings, world: BuildCollaborators): BuildState {
  const { cwd, environment } = options;
  if (!isAbsolute(cwd)) throw new TypeError(`cwd must be absolute, not ${JSON.stringify(cwd)}`);
  const bash = findProgram('bash', environment.PATH ?? '');
  if (bash === undefined) {
    throw new BuildError('BUILD_BASH_FAILED', 'bash is on no path', {
      details: { status: 1 },
      hint: 'Install bash 4.4 or newer: plans are bash programs.',
    });
  }
  const { target, remark } = chooseTarget(options.target, settings);
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value !== undefined && !WITHHELD.has(name)) inherited[name] = value;
  }
  const programName = options.programName ?? 'hab-plan-build';
  const handler = {
    answer: async (verb: string, args: readonly string[], tell: (script: string) => void): Promise<number> => {
      try {
        return await answer(state, verb, args, tell);
      } catch (error) {
        // The signal reaches bash as well; this only keeps a helper from waiting for ever.
        if (state.signal?.aborted) return 128 + signalNumber(stopSignal(state.signal));
        throw error;
      }
    },
    note: (fields: readonly string[]): void => {
      state.note = parseSubshellNote(fields);
    },
  };
  const state: BuildState = {
    settings,
    world: { logger: noopLogger, ...world },
    environment,
    signal: options.signal,
    onProgress: options.onProgress ?? (() => undefined),
    context: resolve(cwd, options.context ?? '.'),
    cwd,
    target,
    targetRemark: remark,
    release: formatRelease(world.clock.now()),
    startedMs: world.clock.monotonic(),
    keyPath: settings.keyPath ?? world.layout.keyCache,
    outputPath: resolve(cwd, settings.outputPath ?? 'results'),
    programName,
    interactive: options.interactive ?? false,
    session: new BashSession({
      bash,
      cwd,
      environment: inherited,
      stdio: new BuildStdio(options.stdio ?? {}),
      handler,
      programName,
    }),
    pending: [],
    timings: [],
    location: { directory: '', file: '', warnings: [] },
    planText: '',
    variables: new Map(),
    facts: planFacts(new Map()),
    functions: new Set(),
    givenDirname: undefined,
    givenPrefix: undefined,
    build: [],
    run: [],
    sets: orderDependencies([], []),
    known: new Map(),
    variablesOfPackages: new LayeredEnvironment((name) => ({
      type: textOf(state.variables, `HAB_ENV_${name}_TYPE`),
      separator: textOf(state.variables, `HAB_ENV_${name}_SEPARATOR`),
    })),
    versionSettled: false,
    unpacked: undefined,
    metafilesBegun: false,
    downloaded: new Set(),
    problem: undefined,
    stop: undefined,
    note: undefined,
  };
  return state;
}

function chooseTarget(given: PackageTarget | undefined, settings: BuildSettings) {
  if (given !== undefined) return { target: given, remark: undefined };
  const { target } = settings;
  if (target === undefined) {
    const detected = targetFor({ arch: process.arch, platform: process.platform });
    return { target: detected, remark: `Setting pkg_target='${detected}' using \`uname' detection` };
  }
  if (isPackageTarget(target)) return { target, remark: `Setting pkg_target='${target}' from $BUILD_PKG_TARGET` };
  throw new BuildError('BUILD_METADATA_INVALID', `BUILD_PKG_TARGET '${target}' is no target`, {
    details: { status: 1, variable: 'BUILD_PKG_TARGET' },
    hint: 'Use one such as x86_64-linux.',
  });
}

export type { SessionEnd };
