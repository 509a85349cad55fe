import type { Census } from '@hab/census';
import type { ServiceGroup } from '@hab/ident';
import type { ConfigPrecedence, ConfigTable, MergedConfig } from '@hab/templating';

import type { ServiceHook } from '../hooks.ts';
import type { ChangeReaction } from '../lifecycle.ts';
import type { ServicePackage } from '../service-package.ts';
import type { ServiceSpec } from '../spec.ts';
import type { ServiceIdentity } from './identity.ts';
import type { FileChange } from './service-files.ts';
import type { ServiceRunner } from './service-runner.ts';

/** One layer of a service's configuration and where it was read. */
export interface InspectedLayer {
  readonly name: 'default' | 'user' | 'gossip' | 'environment';
  /** A path, a command or the name of a variable. */
  readonly source: string;
  readonly table: ConfigTable;
  /** Of the `gossip` layer, when there is one. */
  readonly version?: bigint | undefined;
}

/** The configuration of a running service, laid open. */
export interface ServiceInspection {
  readonly merged: MergedConfig;
  readonly layers: readonly InspectedLayer[];
  readonly precedence: ConfigPrecedence;
  readonly problem: string | undefined;
}

/** Something that has not happened. */
export interface ServiceChange {
  /** What would be applied to the service's group; absent: what is. */
  readonly gossip?: ConfigTable | undefined;
  readonly census: Census;
}

/** What it would lead to. */
export interface ServicePreview {
  readonly changes: readonly FileChange[];
  readonly reaction: ChangeReaction | undefined;
  /** Hooks that would run, in their order; none of a service that has not begun. */
  readonly hooks: readonly ServiceHook[];
}

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
  /** What its templates see. */
  readonly context: ConfigTable;
  /** Why its files are not what the configuration asks for. */
  readonly problem: string | undefined;
  inspect(): ServiceInspection;
  /** @throws as rendering does. */
  preview(change: ServiceChange): ServicePreview;
  configWith(gossip: ConfigTable): { readonly merged: MergedConfig; readonly exported: ConfigTable };
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
