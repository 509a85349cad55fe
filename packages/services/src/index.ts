/** Services under a Supervisor: what is decided about them. @packageDocumentation */

export type { BindStatus, BoundGroup } from './binds.ts';
export { checkBinds, describeBindStatus, statusOfBind } from './binds.ts';
export type { ServiceErrorCode, ServiceErrorDetails } from './errors.ts';
export { isServiceError, ServiceError } from './errors.ts';
export type { Health } from './health.ts';
export { healthOfExit, healthOfProcess, httpStatusOfHealth, nextCheckMs } from './health.ts';
export type { HookSettings } from './hook-settings.ts';
export {
  parseConfigPrecedence,
  parseHookTimeout,
  parseHookTimeouts,
  parseTemplateDialect,
  readHookSettings,
} from './hook-settings.ts';
export type { HookSource, HookTimeouts, ServiceHook, TimedHook } from './hooks.ts';
export { HOOK_TIMEOUT_MS, hooksOfReaction, SERVICE_HOOKS, selectHooks } from './hooks.ts';
export type {
  ChangeReaction,
  LastProcess,
  LifecycleEffect,
  LifecycleInput,
  LifecycleState,
  LifecycleStep,
  LifecycleWorld,
  Next,
  Phase,
  TerminationReason,
} from './lifecycle.ts';
export { initialLifecycle, stepLifecycle } from './lifecycle.ts';
export type { Reconciliation } from './reconcile.ts';
export { reconcile } from './reconcile.ts';
export type { RestartPolicy } from './restart-policy.ts';
export { DEFAULT_RESTART_POLICY, nextBackoffMs } from './restart-policy.ts';
export type { ContextFacts } from './service-context.ts';
export { boundGroup, serviceContext, sysView } from './service-context.ts';
export type { DeclaredBind, ServicePackage } from './service-package.ts';
export { DEFAULT_SHUTDOWN } from './service-package.ts';
export type { ServiceFactsForView, ViewPaths } from './service-view.ts';
export { serviceView } from './service-view.ts';
export type {
  DesiredState,
  ServiceSpec,
  SpecDefaults,
  Topology,
  UpdateCondition,
  UpdateStrategy,
} from './spec.ts';
export { defaultSpec, formatSpec, parseSpec, specFileName } from './spec.ts';
export type { StatusRow } from './status.ts';
export { formatStatusTable } from './status.ts';
export { SERVICE_TEMPLATE_LIMITS } from './template-limits.ts';
