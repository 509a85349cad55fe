/** Installed packages on disk: load, install, uninstall. @packageDocumentation */

export { folderArtifactSource } from './folder-source.ts';
export type { InstallOptions, InstallRequest, InstallResult } from './install-request.ts';
export { parseInstallRequest } from './install-request.ts';
export type { InstalledPackage } from './installed-package.ts';
export { packageAt } from './installed-package.ts';
export type { ListFilter } from './listing.ts';
export type { PackageEnvironmentOptions } from './package-environment.ts';
export { packageEnvironment, runtimePath } from './package-environment.ts';
export type { ProvidedFile } from './provides.ts';
export type { Store, StoreOptions } from './store.ts';
export { createStore } from './store.ts';
export type { ReleaseChoice, UninstallOptions, UninstallResult } from './uninstall.ts';
