/** Writes the first version of a Habitat plan. @packageDocumentation */

export type { PlanInitErrorCode, PlanInitErrorDetails } from './errors.ts';
export { isPlanInitError, PlanInitError } from './errors.ts';
export { ignoreResults } from './ignore-text.ts';
export type { NewFile, NewFolder, PlanFacts, PlanLanguage } from './plan-facts.ts';
export { createPlanFiles, PLAN_FOLDERS } from './plan-files.ts';
export type { Detection, Scaffolding } from './scaffolding.ts';
export { detectApplication, resolveScaffolding, SCAFFOLDING_NAMES, TELLING_FILES } from './scaffolding.ts';
