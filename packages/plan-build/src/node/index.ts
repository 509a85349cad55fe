/** Builds plans on this machine. @packageDocumentation */

export type { BuildOptions } from './build-options.ts';
export { buildPlan } from './build-plan.ts';
export type { BuildResult, BuiltPackage, FailedBuild, StoppedBuild } from './build-result.ts';
export type { BuildCollaborators, BuildProgress, PhaseTiming } from './build-state.ts';
export type { FinishedPackage } from './finish-build.ts';
export type { DependencySource, FoundPackage, InstallRequest, PackageSource } from './packages.ts';
export type { OutputTarget, StdioOptions } from './stdio.ts';
export type { StoreInstallerOptions } from './store-packages.ts';
export { storeInstaller, storePackages } from './store-packages.ts';
