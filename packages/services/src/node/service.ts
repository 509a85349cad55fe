import type { ServiceGroup } from '@hab/ident';
import type { ConfigTable } from '@hab/templating';

import type { ServiceHook } from '../hooks.ts';
import type { ServicePackage } from '../service-package.ts';
import type { ServiceSpec } from '../spec.ts';
import type { ServiceIdentity } from './identity.ts';
import type { ServiceRunner } from './service-runner.ts';

/** A service that is loaded and wanted up. */
export interface Service {
  readonly pkg: ServicePackage;
  readonly runner: ServiceRunner;
  /** The merged configuration in force. */
  readonly config: ConfigTable;
  /** What its group shows others. */
  readonly exported: ConfigTable;
  readonly hooks: ReadonlySet<ServiceHook>;
  /** Environment that the package gives its hooks and processes, PATH included. */
  readonly env: Readonly<Record<string, string>>;
  readonly identity: ServiceIdentity;
  /** Starts it as soon as its binds allow. */
  begin(): void;
  adopt(pid: number): void;
  inputsChanged(): Promise<void>;
  specChanged(spec: ServiceSpec): void;
  stop(timeoutMs?: number): Promise<void>;
  detach(): void;
}

/** Prepares a service: directories, identity, configuration. @throws when it cannot run as it is. */
export type ServiceFactory = (spec: ServiceSpec, group: ServiceGroup, pkg: ServicePackage) => Promise<Service>;
