/** Services on a machine: hooks, processes, spec files. @packageDocumentation */
export type { HookCall, HookCallCollaborators, HookFacts } from './call-hook.ts';
export { callHook } from './call-hook.ts';
export { createServiceDirectories } from './directories.ts';
export type { HookResult, HookRun } from './hook-runner.ts';
export { MAX_KEPT_BYTES, runHook } from './hook-runner.ts';
export type { Accounts, ServiceIdentity } from './identity.ts';
export { resolveIdentity, systemAccounts } from './identity.ts';
export type { InstallHook, InstallHookWorld } from './install-hook.ts';
export { INSTALL_HOOKS, runInstallHook } from './install-hook.ts';
export { PathWatcher } from './path-watcher.ts';
export type { PendingInstallHook } from './pending-install-hooks.ts';
export { runPendingInstallHooks } from './pending-install-hooks.ts';
export type { InstalledPackages, MetafileSource } from './read-service-package.ts';
export { readInstalledPackage, readServicePackage } from './read-service-package.ts';
export type {
  InspectedLayer,
  Service,
  ServiceChange,
  ServiceFactory,
  ServiceInspection,
  ServicePreview,
} from './service.ts';
export type { ServiceWorld } from './service-factory.ts';
export { createServiceFactory } from './service-factory.ts';
export type { FileChange, FilesPreview, ServiceFilesOptions } from './service-files.ts';
export { ServiceFiles } from './service-files.ts';
export type { LoadedService, ManagerCollaborators, ManagerOptions, RunsOn } from './service-manager.ts';
export { ServiceManager } from './service-manager.ts';
export type { Rendered, ServiceRenderer } from './service-renderer.ts';
export type { HealthReport, RunnerCollaborators, ServiceFacts } from './service-runner.ts';
export { ServiceRunner } from './service-runner.ts';
export { SpecFolder } from './spec-folder.ts';
