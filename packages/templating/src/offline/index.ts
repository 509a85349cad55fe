/** Looking at templates without a Supervisor: contexts made up, findings of a linter. @packageDocumentation */

export { locate } from '../errors.ts';
export type { ContextKnowledge } from './context-shape.ts';
export type { LintFinding, LintRule, LintSeverity } from './finding.ts';
export { lintDefaults } from './lint-defaults.ts';
export { lintHook } from './lint-hook.ts';
export type { LintTemplateOptions } from './lint-template.ts';
export { lintTemplate } from './lint-template.ts';
export { overlayContext } from './overlay-context.ts';
export type { RenderedTemplate } from './render-all.ts';
export { registerAll, renderAll, templatesFailed } from './render-all.ts';
export type { SampleContextOptions } from './sample-context.ts';
export { sampleContext } from './sample-context.ts';
export { suggestIndexForm } from './text-rules.ts';
