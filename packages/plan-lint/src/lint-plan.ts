import { locate } from '@hab/templating/offline';

import type { PlanFinding } from './finding.ts';
import { hookRules } from './hook-rules.ts';
import type { PlanSources } from './plan-sources.ts';
import { planTextRules } from './plan-text-rules.ts';
import { defaultsRules, type LintPlanOptions, templateRules } from './template-rules.ts';

/** One set of rules: looks at a plan and tells what it found. */
type PlanRules = (plan: PlanSources, options: LintPlanOptions) => Iterable<PlanFinding>;

/** All that is looked for, set by set. */
const RULES: readonly PlanRules[] = [unreadableRules, planTextRules, defaultsRules, templateRules, hookRules];

/**
 * Looks for what a plan, its hooks, templates and `default.toml` do not mean to say. Runs and renders nothing, and throws
 * for nothing that a text holds.
 *
 * @returns Findings by file, line and column; none for a plan without blemish.
 */
export function lintPlan(plan: PlanSources, options: LintPlanOptions = {}): readonly PlanFinding[] {
  const findings = RULES.flatMap((rules) => [...rules(plan, options)]);
  return findings.sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What cannot be looked at. */
function* unreadableRules({ unreadable }: PlanSources): Generator<PlanFinding> {
  for (const { file, message } of unreadable) {
    yield {
      file,
      rule: 'plan-part-unreadable',
      severity: 'error',
      message,
      hint: 'A build cannot read it either. The rest of the plan was looked at.',
      ...locate('', 0),
    };
  }
}
