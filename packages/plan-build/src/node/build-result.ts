import type { FullIdent, PackageTarget } from '@hab/ident';
import type { PhaseTiming } from '../build-report.ts';
import { BuildError, type PlanPlace } from '../errors.ts';
import type { SessionEnd } from './bash-session.ts';
import { type BuildState, stopPlace } from './build-state.ts';
import type { FinishedPackage } from './finished-package.ts';

/** A package that was built and signed. */
export interface BuiltPackage extends FinishedPackage {
  readonly type: 'built';
  readonly status: 0;
  readonly phases: readonly PhaseTiming[];
}

/** A plan that ended its own build with `exit 0`: nothing failed, and nothing was made. */
export interface StoppedBuild {
  readonly type: 'stopped';
  readonly status: 0;
  /** Callback that ran, or `load` while the plan was read. */
  readonly phase: string;
  readonly phases: readonly PhaseTiming[];
}

/** A build without result. */
export interface FailedBuild {
  readonly type: 'failed';
  /** Exit status of the program, never 0. @see spec/plan-build, 12.2 */
  readonly status: number;
  readonly error: BuildError;
  /** Callback or step that failed. @see PlanPlace.phase */
  readonly phase: string;
  /** Where in the plan, if it was there. */
  readonly place?: PlanPlace | undefined;
  readonly phases: readonly PhaseTiming[];
}

/** How a build ended. */
export type BuildResult = BuiltPackage | StoppedBuild | FailedBuild;

/** What a finished package is, for those who wrote it; the artifact's ident and target among it. */
export interface PackageIdentity {
  readonly ident: FullIdent;
  readonly target: PackageTarget;
}

export function failedResult(error: BuildError, state?: BuildState): FailedBuild {
  const place = state === undefined ? undefined : stopPlace(state);
  const phase = place?.phase ?? state?.step ?? 'start';
  return { type: 'failed', status: error.details.status || 1, error, phase, place, phases: state?.timings ?? [] };
}

/** Judges the end of the bash process. */
export function resultOf(state: BuildState, end: SessionEnd, finished: FinishedPackage | undefined): BuildResult {
  if (end.status === 0 && finished !== undefined) {
    return { type: 'built', status: 0, ...finished, phases: state.timings };
  }
  if (end.status === 0) {
    return { type: 'stopped', status: 0, phase: state.stop?.phase ?? state.step, phases: state.timings };
  }
  const error =
    state.problem ??
    new BuildError('BUILD_BASH_FAILED', `bash ended with status ${end.status} and did not say why`, {
      details: { status: end.status },
      cause: end.error,
    });
  return { ...failedResult(error, state), status: end.status };
}
