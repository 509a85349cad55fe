import { artifactName, type FullIdent, formatIdent, type PackageTarget } from '@hab/ident';
import type { PlanPlace } from './errors.ts';

/** The report about a package that was built, beside `last_build.env`. */
export const BUILT_REPORT = 'last_build.json';
/** The report about a build that did not come to its end; gone after the next success. */
export const FAILED_REPORT = 'failed_build.json';

/** How long one step of a build took: a callback, `dependencies`, or `artifact`. */
export interface PhaseTiming {
  readonly phase: string;
  readonly durationMs: number;
}

/** A direct dependency and the release that it meant. */
export interface ResolvedDependency {
  readonly kind: 'build dependency' | 'dependency' | 'scaffolding' | 'service';
  /** As the plan writes it. */
  readonly wanted: string;
  readonly ident: string;
  /** `already installed`, or the folder, the address or the channel that it came from. */
  readonly from: string;
}

/** What a report tells, however the build ended. Times are milliseconds since the epoch. */
export interface BuildReportFacts {
  /** Absent when the plan did not come so far as to have one. */
  readonly ident: FullIdent | undefined;
  readonly target: PackageTarget;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly timings: readonly PhaseTiming[];
  readonly resolved: readonly ResolvedDependency[];
  /** Path of the log, if one was written. */
  readonly log?: string | undefined;
}

/** How a build ended. */
export type ReportedEnd =
  | { readonly type: 'built'; readonly sha256: string; readonly blake2b: string }
  | { readonly type: 'stopped'; readonly phase: string; readonly place: PlanPlace }
  | {
      readonly type: 'failed';
      readonly status: number;
      readonly code: string;
      readonly message: string;
      /** Callback, or step between callbacks. */
      readonly phase: string;
      readonly place?: PlanPlace | undefined;
    };

/** JSON for programs: what was built, from what, how long each step took, or why it failed. */
export function buildReportText(facts: BuildReportFacts, end: ReportedEnd): string {
  const { ident, target, startedAtMs, endedAtMs } = facts;
  const artifact = end.type === 'built' && ident !== undefined ? { artifact: artifactName(ident, target) } : {};
  const report = {
    version: 1,
    ...(ident === undefined ? {} : { ident: formatIdent(ident) }),
    target,
    started: new Date(startedAtMs).toISOString(),
    durationMs: rounded(endedAtMs - startedAtMs),
    result: { ...end, ...artifact },
    phases: facts.timings.map(({ phase, durationMs }) => ({ phase, durationMs: rounded(durationMs) })),
    dependencies: facts.resolved,
    ...(facts.log === undefined ? {} : { log: facts.log }),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

const rounded = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);
