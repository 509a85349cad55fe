/** Builds plans on this machine. @packageDocumentation */

export type { PhaseTiming } from '../build-report.ts';
export type { BuildOptions } from './build-options.ts';
export { buildPlan } from './build-plan.ts';
export type { BuildResult, BuiltPackage, FailedBuild, StoppedBuild } from './build-result.ts';
export type { BuildCollaborators, BuildProgress } from './build-state.ts';
export type { FinishedPackage } from './finished-package.ts';
export type { DependencySource, FoundPackage, InstalledDependency, InstallRequest, PackageSource } from './packages.ts';
export type { OutputTarget, StdioOptions } from './stdio.ts';
export type { StoreInstallerOptions } from './store-packages.ts';
export { storeInstaller, storePackages } from './store-packages.ts';
