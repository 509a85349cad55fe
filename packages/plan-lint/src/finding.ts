import type { PlanRule } from '@hab/plan-parser/lint';
import type { LintFinding, LintRule } from '@hab/templating/offline';

/** Rules for hooks, and for what cannot be looked at; `docs/plans.md` has an example of each. */
export type HookRule = 'plan-part-unreadable' | 'hook-name' | 'hook-shebang' | 'hook-line-ends' | 'hook-run-bit';

/** Names of all rules: for plans, for templates and `default.toml`, for hooks. */
export type PlanLintRule = LintRule | PlanRule | HookRule;

/** A finding and the file of the plan that it is in. */
export interface PlanFinding extends Omit<LintFinding, 'rule'> {
  readonly rule: PlanLintRule;
  /** Path below the plan's folder. */
  readonly file: string;
  /** Text to put in place of a part of the file, where that is safe. */
  readonly fix?: PlanFix;
  /** Hooks that are to be made executable, by name. */
  readonly execute?: readonly string[];
}

/** Text in place of a part of another text. */
export interface PlanFix {
  /** Offsets in the file's text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const inFile = (file: string, findings: readonly LintFinding[]): PlanFinding[] =>
  findings.map((finding) => ({ file, ...finding }));
