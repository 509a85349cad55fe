/** Looks for what a plan does not mean to say. @packageDocumentation */

import type { PlanReading } from '../plan-reading.ts';
import { commandRules } from './command-rules.ts';
import { dependencyRules } from './dependency-rules.ts';
import type { PlanFinding } from './finding.ts';
import { licenceRules } from './licence-rules.ts';
import { notationOf } from './notation.ts';
import { agreementRules, metadataRules, serviceAndSourceRules, settingRules } from './settings-rules.ts';
import { textRules } from './text-rules.ts';

export type { PlanFinding, PlanRule, PlanSeverity } from './finding.ts';
export { SETTING_KINDS, type SettingKind } from './known-settings.ts';

export interface LintPlanInput {
  readonly reading: PlanReading;
  /** The plan's own text, and its path as it was read by. */
  readonly text: string;
  readonly path: string;
  /** Whether `default.toml` has a value at a dotted path; absent: there is nothing to compare with. */
  readonly hasDefault?: ((path: string) => boolean) | undefined;
  /** What is to be said of licences; see `licenceWarnings` of `@hab/plan-build`. */
  readonly judgeLicences?: ((licences: readonly string[]) => readonly string[]) | undefined;
}

/** What a plan does not mean to say, in the order of the text. Files that it reads are judged by their own. */
export function lintPlan({ reading, text, path, hasDefault, judgeLicences }: LintPlanInput): readonly PlanFinding[] {
  const notation = notationOf(path);
  const findings = [
    ...textRules(reading, path, text),
    ...(path.endsWith('.ps1') ? [] : commandRules(reading, path, text)),
    ...metadataRules(reading, path, text.length, notation),
    ...settingRules(reading, text, notation),
    ...serviceAndSourceRules(reading, notation),
    ...agreementRules(reading, hasDefault, notation),
    ...dependencyRules(reading, notation),
    ...(judgeLicences === undefined ? [] : licenceRules(reading, judgeLicences)),
  ];
  return findings.filter(({ span }) => span.file === path).sort((a, b) => a.span.start - b.span.start);
}
