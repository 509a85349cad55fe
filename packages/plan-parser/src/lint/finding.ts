import type { PlanSetting, SourceSpan } from '../plan-reading.ts';

/** Rules for plans; `docs/plans.md` has an example of each. */
export type PlanRule =
  | 'plan-syntax'
  | 'unknown-setting'
  | 'wrong-type'
  | 'spaced-pairs'
  | 'missing-metadata'
  | 'unknown-licence'
  | 'export-without-default'
  | 'expose-without-export'
  | 'bind-twice'
  | 'dependency-twice'
  | 'build-tool-at-run-time'
  | 'undeclared-dependency'
  | 'unused-dependency'
  | 'unquoted-expansion'
  | 'group-without-user'
  | 'source-without-checksum';

/** `error`: it does not work. `warning`: it works and does something else than it seems to, or lacks something. */
export type PlanSeverity = 'error' | 'warning';

/** What a rule found. */
export interface PlanFinding {
  readonly rule: PlanRule;
  readonly severity: PlanSeverity;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly hint: string;
  readonly span: SourceSpan;
  /** Text to put in place of a span, where that is safe. */
  readonly fix?: { readonly span: SourceSpan; readonly text: string };
}

/** A finding at an assignment. */
export const at = (setting: PlanSetting, finding: Omit<PlanFinding, 'span'>): PlanFinding => ({
  ...finding,
  span: setting.span,
});
