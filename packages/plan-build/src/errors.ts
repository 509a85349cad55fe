import { HabError, isHabError } from '@hab/core';

/** What every failure knows: the exit status that scripts test. See spec/plan-build 12.2. */
interface Ended {
  readonly status: number;
}

/** One entry per code: what `details` carries. */
export interface BuildErrorDetails {
  /** Words of a command line that mean nothing. */
  BUILD_ARGUMENTS: Ended & { readonly option: string };
  /** The context to build does not exist or is not a directory. */
  BUILD_CONTEXT_MISSING: Ended & { readonly context: string };
  /** No plan, or two, where one is looked for. */
  BUILD_PLAN_LOCATION: Ended & { readonly paths: readonly string[] };
  /** Too long, not text, or not readable. */
  BUILD_PLAN_UNREADABLE: Ended & { readonly path: string };
  /** bash could not read the plan to its end, or its last command failed. */
  BUILD_PLAN_LOAD: Ended & { readonly path: string };
  /** A variable of the plan is missing or makes no sense. */
  BUILD_METADATA_INVALID: Ended & { readonly variable: string };
  /** `update_pkg_version` was called too late, or never. */
  BUILD_VERSION: Ended;
  /** No secret key of the plan's origin. */
  BUILD_KEY_MISSING: Ended & { readonly origin: string; readonly directory: string };
  /** `lib/scaffolding.sh` is missing or failed. */
  BUILD_SCAFFOLDING: Ended & { readonly path: string };
  /** A dependency is neither installed nor could it be. */
  BUILD_DEPENDENCY_UNRESOLVED: Ended & { readonly ident: string; readonly tried: readonly string[] };
  /** A file of an installed dependency is not what it should be. */
  BUILD_DEPENDENCY_MALFORMED: Ended & { readonly ident: string; readonly file: string };
  /** Two releases of one package among the run dependencies. */
  BUILD_DEPENDENCY_CONFLICT: Ended & { readonly conflicts: readonly string[] };
  /** A file of exact releases that cannot be used; line 0 for the file as a whole. */
  BUILD_LOCK_INVALID: Ended & { readonly path: string; readonly line: number };
  /** A plan asked for something that its environment cannot hold. */
  BUILD_ENVIRONMENT_INVALID: Ended & { readonly variable: string };
  /** Hooks with Windows line ends, or two files for one hook. */
  BUILD_HOOKS_INVALID: Ended & { readonly files: readonly string[] };
  /** `pkg_exposes`, `pkg_exports` and `default.toml` disagree. */
  BUILD_EXPOSES_INVALID: Ended & { readonly key: string };
  BUILD_COMPOSITE_INVALID: Ended & { readonly problems: readonly string[] };
  BUILD_DOWNLOAD_FAILED: Ended & { readonly url: string };
  BUILD_CHECKSUM_MISMATCH: Ended & { readonly file: string; readonly expected: string; readonly computed: string };
  BUILD_ARCHIVE_INVALID: Ended & { readonly file: string };
  /** A program that this build needs is on no path. */
  BUILD_TOOL_MISSING: Ended & { readonly tool: string };
  /** A command of the plan failed, or the plan called `exit`. */
  BUILD_PHASE_FAILED: Ended & PlanPlace;
  BUILD_INTERRUPTED: Ended & { readonly signal: string };
  /** Writing the package, signing it or putting it into the output directory failed. */
  BUILD_OUTPUT_FAILED: Ended & { readonly path: string };
  /** bash could not be started, or ended without saying why. */
  BUILD_BASH_FAILED: Ended;
  /** A value that bash or a metafile cannot hold. */
  BUILD_VALUE_INVALID: Ended & { readonly name: string };
}
export type BuildErrorCode = keyof BuildErrorDetails;

/** Where in a plan something went wrong. */
export interface PlanPlace {
  /**
   * Callback that ran, such as `do_build`, or the step between two callbacks: `start`, `find` (of the plan), `load` (it is
   * read), `check`, `setup` (reports and key), `dependencies`, `scaffolding_load`, `environment`, `sources` (between
   * unpacking and building), `artifact` (metafiles, packing, signing), `results`.
   */
  readonly phase: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly command?: string | undefined;
}

/** The one error class of this package. */
export class BuildError<C extends BuildErrorCode = BuildErrorCode> extends HabError<C, BuildErrorDetails[C]> {
  override readonly name = 'BuildError';
}

/** Tells an error of this package, or one code of it, across copies of the package. */
export function isBuildError(value: unknown): value is BuildError;
export function isBuildError<C extends BuildErrorCode>(value: unknown, code: C): value is BuildError<C>;
export function isBuildError(value: unknown, code?: string): boolean {
  return isHabError(value, code) && value.code.startsWith('BUILD_');
}
