import { failureScript } from '../console-lines.ts';
import { type BuildError, isBuildError } from '../errors.ts';
import { LOAD_PHASE } from '../failure.ts';
import { readBuildSettings } from '../settings.ts';
import { SessionEnded } from './bash-session.ts';
import { openLog } from './build-log.ts';
import type { BuildOptions } from './build-options.ts';
import { type BuildResult, failedResult, resultOf } from './build-result.ts';
import type { BuildCollaborators, BuildState } from './build-state.ts';
import { buildComposite } from './composite-build.ts';
import { createState } from './create-state.ts';
import { explain } from './explain.ts';
import { finishBuild } from './finish-build.ts';
import type { FinishedPackage } from './finished-package.ts';
import { findPlan, loadPlan, validatePlan } from './load-plan.ts';
import { sendAll } from './plan-dump.ts';
import { prepareBuild } from './prepare-build.ts';
import { reportEnd } from './report-end.ts';
import { runPhases } from './run-phases.ts';
import { settleRelease } from './settle-release.ts';
import { obeySignal } from './stop-build.ts';
import { removeUnfinished } from './unfinished.ts';

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
    state = await createState(options, settings, world);
  } catch (error) {
    if (isBuildError(error)) return failedResult(error);
    throw error;
  }
  const stopListening = obeySignal(state);
  // Closed when the build is over, however it ends.
  await using _worker = world.hartWorker === undefined ? state.hartWorker : undefined;
  let finished: FinishedPackage | undefined;
  try {
    finished = await buildUntilDone(state);
  } catch (error) {
    if (!(error instanceof SessionEnded) && !state.signal?.aborted) {
      const explained = explain(error, 'The build cannot go on');
      if (explained === undefined) {
        state.session.hangUp();
        await state.session.ended;
        await state.replaced?.restore();
        throw error;
      }
      await reportFailure(state, explained);
    }
  }
  const end = await state.session.ended;
  await stopListening();
  if (finished === undefined && state.problem?.code === 'BUILD_INTERRUPTED') await removeUnfinished(state);
  await state.replaced?.restore();
  if (state.location.file !== '') await openLog(state);
  state.log?.close();
  if (end.error !== undefined && isBuildError(end.error)) return failedResult(end.error, state);
  if (end.error !== undefined) throw end.error;
  const result = resultOf(state, end, finished);
  await reportEnd(state, result);
  return result;
}

async function buildUntilDone(state: BuildState): Promise<FinishedPackage> {
  const started = state.session.start();
  // Looking for the plan while bash starts.
  state.step = 'find';
  const [found] = await Promise.allSettled([findPlan(state), started]);
  await started;
  if (found.status === 'rejected') throw found.reason;
  await settleRelease(state);
  state.step = LOAD_PHASE;
  await loadPlan(state);
  state.step = 'check';
  await openLog(state);
  await validatePlan(state);
  // Its start takes as long as a small plan: both go on at the same time.
  state.hartWorker.start();
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
