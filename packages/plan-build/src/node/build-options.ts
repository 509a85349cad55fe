import type { AbortOptions } from '@hab/core';
import type { PackageTarget } from '@hab/ident';
import type { BuildProgress } from './build-state.ts';
import type { StdioOptions } from './stdio.ts';

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
  /**
   * Release to build, `YYYYMMDDhhmmss` in UTC. With the same plan, inputs and key the artifact is then the same, byte for
   * byte. @defaultValue `SOURCE_DATE_EPOCH`, else the time at the start of the build
   */
  readonly release?: string | undefined;
  /** Streams of the plan. @defaultValue no input, the caller's output */
  readonly stdio?: StdioOptions | undefined;
  /** True when a person sits at `stdio.input`: `attach` then works outside a Studio, too. @defaultValue false */
  readonly interactive?: boolean | undefined;
  /**
   * What happens when a command of the plan fails: the build ends, or `attach` opens at that place first, for a person at
   * the terminal. @defaultValue `stop`
   */
  readonly onFailure?: 'stop' | 'shell' | undefined;
  /**
   * File of exact releases, absolute or relative to `cwd`. Dependencies that it names are taken in exactly that release;
   * the build writes it, or brings it up to date, once every dependency is found. @defaultValue none
   */
  readonly lockFile?: string | undefined;
  /**
   * True: everything printed also goes to `$LOGDIR` or `<output directory>/logs`, as `<pkg_name>.<time>.log`. The plan's
   * programs then print into pipes. @defaultValue false
   */
  readonly log?: boolean | undefined;
  /** Name of the program in the lines of a build. @defaultValue `hab-plan-build` */
  readonly programName?: string | undefined;
  /** Called as the build goes on; cannot change it. */
  readonly onProgress?: ((event: BuildProgress) => void) | undefined;
}
