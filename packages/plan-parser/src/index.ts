/** Reads Habitat plans without running them. @packageDocumentation */

export { readBashPlan } from './bash/read-plan.ts';
export type {
  HelperCall,
  PlanFunction,
  PlanProblem,
  PlanProblemCode,
  PlanReading,
  PlanSetting,
  ReadPlanOptions,
  SettingValue,
  SourceSpan,
} from './plan-reading.ts';
export { CALLBACKS, HELPERS, isHelper } from './vocabulary.ts';
