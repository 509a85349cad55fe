import { isAbsolute, resolve } from 'node:path';
import { formatRelease, noopLogger } from '@hab/core';
import { createHartWorker } from '@hab/hart/node';
import { isPackageTarget, type PackageTarget, targetFor } from '@hab/ident';
import { orderDependencies } from '../dependency.ts';
import { LayeredEnvironment } from '../environment.ts';
import { BuildError } from '../errors.ts';
import { parseSubshellNote } from '../failure.ts';
import { releaseSeconds } from '../identity.ts';
import { planFacts } from '../plan-variables.ts';
import type { BuildSettings } from '../settings.ts';
import { textOf } from '../shell-variables.ts';
import { answer } from './answers.ts';
import { BashSession, signalNumber } from './bash-session.ts';
import { BuildLog } from './build-log.ts';
import type { BuildOptions } from './build-options.ts';
import type { BuildCollaborators, BuildState } from './build-state.ts';
import { findProgram } from './programs.ts';
import { BuildStdio } from './stdio.ts';
import { stopSignal } from './stop-build.ts';

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

/** Starts bash, and all that is known before it says a word. */
export async function createState(
  options: BuildOptions,
  settings: BuildSettings,
  world: BuildCollaborators,
): Promise<BuildState> {
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
  const release = chooseRelease(options.release, settings, world);
  if (options.release !== undefined || settings.sourceDateEpoch !== undefined) {
    Object.assign(inherited, repeatable(settings.sourceDateEpoch ?? releaseSeconds(release)));
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
  const log = options.log === true ? new BuildLog() : undefined;
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
    release,
    givenRelease: options.release !== undefined,
    startedAtMs: world.clock.now(),
    startedMs: world.clock.monotonic(),
    keyPath: settings.keyPath ?? world.layout.keyCache,
    outputPath: resolve(cwd, settings.outputPath ?? 'results'),
    programName,
    interactive: options.interactive ?? false,
    shellOnFailure: options.onFailure === 'shell',
    lockFile: options.lockFile === undefined ? undefined : resolve(cwd, options.lockFile),
    log,
    hartWorker: world.hartWorker ?? createHartWorker(),
    session: new BashSession({
      bash,
      cwd,
      environment: inherited,
      stdio: await BuildStdio.open(options.stdio ?? {}, log === undefined ? undefined : (chunk) => log.write(chunk)),
      handler,
      programName,
    }),
    step: 'start',
    place: undefined,
    pending: [],
    timings: [],
    resolved: [],
    locked: undefined,
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
    claimedPrefix: undefined,
    replaced: undefined,
    metafilesBegun: false,
    downloaded: new Map(),
    problem: undefined,
    stop: undefined,
    note: undefined,
    marked: [],
  };
  return state;
}

/** What programs of a build must see alike wherever it is repeated: the time, and how text sorts and dates look. */
const repeatable = (epochSeconds: number): Readonly<Record<string, string>> => ({
  SOURCE_DATE_EPOCH: String(epochSeconds),
  TZ: 'UTC',
  LC_ALL: 'C.UTF-8',
});

/** Releases are times. */
const RELEASE = /^\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])([0-5]\d){2}$/;

function chooseRelease(given: string | undefined, settings: BuildSettings, world: BuildCollaborators): string {
  const { sourceDateEpoch } = settings;
  if (given === undefined) {
    return formatRelease(sourceDateEpoch === undefined ? world.clock.now() : sourceDateEpoch * 1000);
  }
  if (RELEASE.test(given)) return given;
  throw new BuildError('BUILD_ARGUMENTS', `'${given.slice(0, 80)}' is no release`, {
    details: { status: 1, option: 'release' },
    hint: 'A release is a time in UTC, YYYYMMDDhhmmss, such as 20260131235959.',
  });
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
