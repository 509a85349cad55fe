import { HabError, isHabError } from '@hab/core';

/** One entry per code: what `details` carries. */
export interface PlanLintErrorDetails {
  /** Neither a plan nor defaults in a folder, or in `habitat` of it. */
  PLAN_LINT_NO_PLAN: { readonly path: string };
  /** A `plan.ps1` among texts, and nothing given that reads it. */
  PLAN_LINT_READER_MISSING: { readonly path: string };
  /** A path of a text that is none below a plan's folder. */
  PLAN_LINT_PATH_INVALID: { readonly path: string };
  /** More texts than a plan may have, or longer ones; `max` is in files, or in UTF-16 units of all texts together. */
  PLAN_LINT_LIMIT_EXCEEDED: { readonly limit: 'files' | 'characters'; readonly max: number };
  /** A fix for a place that the text does not have. */
  PLAN_LINT_FIX_INVALID: { readonly start: number; readonly end: number };
}
export type PlanLintErrorCode = keyof PlanLintErrorDetails;

/** The one error class of this package. */
export class PlanLintError<C extends PlanLintErrorCode = PlanLintErrorCode> extends HabError<
  C,
  PlanLintErrorDetails[C]
> {
  override readonly name = 'PlanLintError';
}

/** Tells an error of this package, by its code, across copies of the package. */
export function isPlanLintError<C extends PlanLintErrorCode>(value: unknown, code: C): value is PlanLintError<C> {
  return isHabError(value, code);
}
