import type { Clock, Layout, Logger } from '@hab/core';
import type { KeyCache } from '@hab/crypto-keys';
import type { HartWorker } from '@hab/hart/node';
import type { FullIdent, PackageTarget } from '@hab/ident';
import type { PhaseTiming, ResolvedDependency } from '../build-report.ts';
import type { Dependency, DependencySets } from '../dependency.ts';
import type { LayeredEnvironment } from '../environment.ts';
import type { BuildError, PlanPlace } from '../errors.ts';
import { planPlace, type StopReport, type SubshellNote } from '../failure.ts';
import type { LockedIdents } from '../lock-file.ts';
import type { PlanLocation } from '../plan-location.ts';
import type { PlanFacts } from '../plan-variables.ts';
import type { BuildSettings } from '../settings.ts';
import type { ShellVariables } from '../shell-variables.ts';
import type { BashSession } from './bash-session.ts';
import type { BuildLog } from './build-log.ts';
import type { DependencySource, PackageSource } from './packages.ts';
import type { ReplacedPackage } from './replaced-package.ts';

/** What happens while a build runs. */
export type BuildProgress =
  | { readonly type: 'build:phase'; readonly phase: string }
  | { readonly type: 'build:dependency'; readonly wanted: string; readonly ident: string; readonly from: string }
  /** The prompt of `attach` opens or closes. While it is open an interrupt from the terminal is meant for what was typed. */
  | { readonly type: 'build:prompt'; readonly open: boolean }
  | { readonly type: 'build:download'; readonly url: string; readonly bytes: number; readonly totalBytes?: number };

/** The world that a build lives in; the caller owns all of it. */
export interface BuildCollaborators {
  readonly layout: Layout;
  readonly packages: PackageSource;
  /** Absent: only installed packages are used, as with `NO_INSTALL_DEPS`. */
  readonly dependencies?: DependencySource | undefined;
  readonly keys: KeyCache;
  readonly clock: Clock;
  /** @defaultValue says nothing */
  readonly logger?: Logger | undefined;
  /** Thread that packs; a bundled program says where its file is. @defaultValue one for each build */
  readonly hartWorker?: HartWorker | undefined;
}

/** Everything that one build knows, filled step by step. Paths are absolute. */
export interface BuildState {
  readonly settings: BuildSettings;
  readonly world: BuildCollaborators;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: (event: BuildProgress) => void;
  readonly context: string;
  readonly cwd: string;
  readonly target: PackageTarget;
  readonly targetRemark: string | undefined;
  /** Settled once the plan is found, before bash reads it. */
  release: string;
  /** The caller chose the release; else it is the time. */
  readonly givenRelease: boolean;
  /** By the clock on the wall, and by the one that only goes forward. */
  readonly startedAtMs: number;
  readonly startedMs: number;
  readonly keyPath: string;
  readonly outputPath: string;
  readonly programName: string;
  readonly interactive: boolean;
  /** The prompt opens where a plan fails. */
  readonly shellOnFailure: boolean;
  readonly lockFile: string | undefined;
  readonly log: BuildLog | undefined;
  /** Thread that packs. */
  readonly hartWorker: HartWorker;
  readonly session: BashSession;
  /** Callback or step that goes on now. @see PlanPlace.phase */
  step: string;
  /** Where the plan failed, when bash cannot tell by itself. */
  place: PlanPlace | undefined;
  /** Bash text that waits to go out with the next command. */
  pending: string[];
  timings: PhaseTiming[];
  /** Direct dependencies, in the order in which they were found. */
  readonly resolved: ResolvedDependency[];
  /** What the lock file said. */
  locked: LockedIdents | undefined;
  location: PlanLocation;
  planText: string;
  variables: ShellVariables;
  facts: PlanFacts;
  functions: ReadonlySet<string>;
  /** The plan gives these itself, so they do not follow from the version. */
  givenDirname: string | undefined;
  givenPrefix: string | undefined;
  build: readonly Dependency[];
  run: readonly Dependency[];
  sets: DependencySets;
  /** Every dependency, direct and transitive, by ident. */
  known: Map<string, Dependency>;
  variablesOfPackages: LayeredEnvironment;
  /** `do_prepare` has begun: the version is settled. */
  versionSettled: boolean;
  /** Name of the file that the default steps unpacked, if they did. */
  unpacked: string | undefined;
  /** The prefix, once it is known to hold nothing but this build. */
  claimedPrefix: string | undefined;
  /** What was installed there, until this build succeeds. */
  replaced: ReplacedPackage | undefined;
  /** `TARGET` is written: a build that fails now must not look installed. */
  metafilesBegun: boolean;
  /** The last problem that a helper reported; the reason when the build stops right after it. */
  problem: BuildError | undefined;
  /** Files that this build downloaded, and the address of each without secrets. */
  readonly downloaded: Map<string, string>;
  stop: StopReport | undefined;
  /** The last subshell that broke off; whoever waited for it may not have minded. */
  note: SubshellNote | undefined;
  /** Variables that may hold the mark for the package's name. */
  marked: readonly string[];
}

/** The identity of the package under construction. */
export function ownIdent(state: BuildState): FullIdent {
  const { origin, name, version } = state.facts;
  return { origin, name, version, release: state.release };
}

/** Where in its plan a build stopped early, if it did there. */
export function stopPlace({ place, stop }: BuildState): PlanPlace | undefined {
  return place ?? (stop === undefined ? undefined : planPlace(stop));
}
