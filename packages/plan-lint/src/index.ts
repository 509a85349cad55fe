/** Looks for what a Habitat plan does not mean to say, without running it. @packageDocumentation */

export { applyFixes } from './apply-fixes.ts';
export type { CreatePlanSourcesOptions } from './create-plan-sources.ts';
export { createPlanSources } from './create-plan-sources.ts';
export type { PlanLintErrorCode, PlanLintErrorDetails } from './errors.ts';
export { isPlanLintError, PlanLintError } from './errors.ts';
export type { HookRule, PlanFinding, PlanFix, PlanLintRule } from './finding.ts';
export { lintPlan } from './lint-plan.ts';
export type { PlanMetadata, PlanText } from './plan-metadata.ts';
export { NO_PLAN, planMetadata } from './plan-metadata.ts';
export type { PlanSources, PlanTemplate, TemplateFolder, UnreadablePart } from './plan-sources.ts';
export { TEMPLATE_FOLDERS, templateUse } from './plan-sources.ts';
export type { LintPlanOptions } from './template-rules.ts';
