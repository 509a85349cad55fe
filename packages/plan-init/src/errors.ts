import { HabError, isHabError } from '@hab/core';

/** One entry per code: what `details` carries. `text` is the rejected input. */
export interface PlanInitErrorDetails {
  /** A package is to have a name that no package can have. */
  PLAN_INIT_NAME_INVALID: { readonly text: string };
  /** An origin that no package can come from. */
  PLAN_INIT_ORIGIN_INVALID: { readonly text: string };
  /** Neither one of the known scaffoldings nor a package identifier. */
  PLAN_INIT_SCAFFOLDING_INVALID: { readonly text: string };
  /** A value for a list or table that is none, or that a shell would run or work out; a value with a NUL. */
  PLAN_INIT_VALUE_INVALID: { readonly variable: string; readonly text: string };
  /** Something else stands where a folder is needed. */
  PLAN_INIT_NOT_A_FOLDER: { readonly text: string };
}
export type PlanInitErrorCode = keyof PlanInitErrorDetails;

/** The one error class of this package. */
export class PlanInitError<C extends PlanInitErrorCode = PlanInitErrorCode> extends HabError<
  C,
  PlanInitErrorDetails[C]
> {
  override readonly name = 'PlanInitError';
}

/** Tells an error of this package, by its code if one is given, across copies of the package. */
export function isPlanInitError<C extends PlanInitErrorCode>(value: unknown, code: C): value is PlanInitError<C> {
  return isHabError(value, code);
}
