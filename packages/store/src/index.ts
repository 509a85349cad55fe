/** What decides about installed packages: which release, who needs whom, what goes. @packageDocumentation */

export type { ArtifactSource, FetchOptions } from './artifact-source.ts';
export type { Offers } from './choose-release.ts';
export { chooseRelease, newestAtLeast, newestRelease } from './choose-release.ts';
export type { DependencyGraph, PackageDeps } from './dependency-graph.ts';
export { createDependencyGraph } from './dependency-graph.ts';
export type { EnvironmentParts } from './environment.ts';
export { mergeEnvironment } from './environment.ts';
export type { StoreErrorCode, StoreErrorDetails } from './errors.ts';
export { isStoreError, StoreError } from './errors.ts';
export type { InstallProgress } from './install-events.ts';
export type { SignerOverrides } from './signers.ts';
export { requireSignerOf } from './signers.ts';
export type { KeepReason, UninstallDecision, UninstallRules } from './uninstall-plan.ts';
export { planUninstall } from './uninstall-plan.ts';
