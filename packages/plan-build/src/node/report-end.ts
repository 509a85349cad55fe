import { isPathSafeIdent } from '@hab/ident';
import { type BuildReportFacts, buildReportText, FAILED_REPORT } from '../build-report.ts';
import type { BuildResult } from './build-result.ts';
import { type BuildState, ownIdent, stopPlace } from './build-state.ts';
import { writeOutput } from './output-directory.ts';

/** What the report of a build says, however it ended. */
export function reportFacts(state: BuildState): BuildReportFacts {
  const { target, timings, resolved, log, startedAtMs, startedMs, world } = state;
  const endedAtMs = startedAtMs + world.clock.monotonic() - startedMs;
  const own = ownIdent(state);
  const ident = isPathSafeIdent(own) ? own : undefined;
  return { ident, target, startedAtMs, endedAtMs, timings, resolved, log: log?.path };
}

/** Leaves a report about a build that did not come to its end, beside `pre_build.env`. */
export async function reportEnd(state: BuildState, result: BuildResult): Promise<void> {
  if (result.type === 'built' || state.step === 'start' || state.step === 'find') return;
  const place = stopPlace(state);
  const end =
    result.type === 'stopped'
      ? ({ type: 'stopped', phase: result.phase, place: place ?? { phase: result.phase } } as const)
      : ({
          type: 'failed',
          status: result.status,
          code: result.error.code,
          message: result.error.message,
          phase: result.phase,
          place,
        } as const);
  // How the build ended is known and told; a disk that is full now changes nothing about it.
  await writeOutput(state, FAILED_REPORT, buildReportText(reportFacts(state), end)).catch(() => undefined);
}
