import type { ServiceLayout } from '@hab/core';
import type { FullIdent, ServiceGroup } from '@hab/ident';

import type { ConfigTable } from '../values.ts';

/** The local Supervisor: `sys`. */
export interface SysFacts extends AddressFacts {
  /** `x.y.z/release` */
  readonly version: string;
  /** 32 hex digits. */
  readonly memberId: string;
  readonly permanent: boolean;
}

/** Addresses of a Supervisor. Of `sys` the ones it listens on, of a member the ones it is reached at. */
export interface AddressFacts {
  readonly ip: string;
  readonly hostname: string;
  readonly gossipIp: string;
  readonly gossipPort: number;
  readonly httpGatewayIp: string;
  readonly httpGatewayPort: number;
  readonly ctlGatewayIp: string;
  readonly ctlGatewayPort: number;
}

/** The package that is configured: `pkg`. */
export interface PackageFacts {
  readonly ident: FullIdent;
  /** All runtime dependencies, in the order of TDEPS. */
  readonly deps: readonly FullIdent[];
  /** The service's environment, PATH included. */
  readonly env: Iterable<readonly [string, string]>;
  /** Ports as text. */
  readonly exposes: readonly string[];
  /** Exported key and dotted path. */
  readonly exports: Iterable<readonly [string, string]>;
  /** Installed directory, as the package knows it. */
  readonly path: string;
  readonly svcUser: string;
  readonly svcGroup: string;
  /** Directories of the service. */
  readonly layout: ServiceLayout;
}

/** How far an election is. */
export type ElectionPhase = 'none' | 'running' | 'no-quorum' | 'finished';

export type MemberHealth = 'alive' | 'suspect' | 'confirmed' | 'departed';

/** One member of a service group. */
export interface MemberFacts {
  readonly memberId: string;
  readonly pkg: FullIdent;
  readonly pkgIncarnation: bigint;
  readonly health: MemberHealth;
  /** @defaultValue true: it is, for every member that is in the membership list */
  readonly persistent?: boolean | undefined;
  /** Addresses; gossip address and port as the ring knows them. */
  readonly sys: AddressFacts;
  /** What it exports. */
  readonly cfg: ConfigTable;
}

/** A service group and its members, of any health. */
export interface GroupFacts {
  readonly serviceGroup: ServiceGroup;
  readonly members: readonly MemberFacts[];
  /** @defaultValue 'none' */
  readonly election?: ElectionPhase | undefined;
  /** The last elected leader; it stays until a new election finishes. */
  readonly leaderId?: string | undefined;
  /** @defaultValue 'none' */
  readonly updateElection?: ElectionPhase | undefined;
  readonly updateLeaderId?: string | undefined;
}

/** Everything that templates of a running service see. */
export interface ServiceFacts {
  readonly sys: SysFacts;
  readonly pkg: PackageFacts;
  /** All layers merged. */
  readonly cfg: ConfigTable;
  readonly svc: GroupFacts & {
    /** The member that this Supervisor is; it is in the group even before the ring knows. */
    readonly me: MemberFacts;
  };
  /** Groups of satisfied binds, by the bind's name. */
  readonly binds?: Iterable<readonly [string, GroupFacts]> | undefined;
}

/** What `install` and `uninstall` hooks and the templates of `config_install` see. */
export type InstallFacts = Pick<ServiceFacts, 'pkg' | 'cfg'>;
