/** Plans of this machine: reads their folders, and mends them. @packageDocumentation */

export type { LeftAlone } from './mend-plan.ts';
export { mendPlan } from './mend-plan.ts';
export type { ReadPlanSourcesOptions } from './read-plan-sources.ts';
export { readPlanMetadata, readPlanSources, readTemplateFolders } from './read-plan-sources.ts';
