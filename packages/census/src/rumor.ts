/** How a member is seen. */
export type Health = 'Alive' | 'Suspect' | 'Confirmed' | 'Departed';

/** A Supervisor in the ring. See spec/ring 3. */
export interface Member {
  /** 32 lower-case hex digits. */
  readonly id: string;
  readonly incarnation: bigint;
  /** Empty until somebody learnt it from where a message came. */
  readonly address: string;
  readonly swimPort: number;
  readonly gossipPort: number;
  readonly persistent: boolean;
  readonly departed: boolean;
  readonly probePing: boolean;
}

/** A member and how it is seen. */
export interface Membership {
  readonly member: Member;
  readonly health: Health;
}

/** What a Supervisor tells of its machine. */
export interface SysInfo {
  readonly ip: string;
  readonly hostname: string;
  readonly gossipIp: string;
  readonly gossipPort: number;
  readonly httpGatewayIp: string;
  readonly httpGatewayPort: number;
  readonly ctlGatewayIp: string;
  readonly ctlGatewayPort: number;
}

/** One member runs a service. */
export interface ServiceRumor {
  readonly type: 'service';
  readonly fromId: string;
  readonly memberId: string;
  readonly serviceGroup: string;
  readonly incarnation: bigint;
  readonly initialized: boolean;
  /** `origin/name/version/release` */
  readonly pkg: string;
  /** TOML text of the exported configuration. */
  readonly cfg: Uint8Array;
  readonly sys: SysInfo;
  readonly pkgIncarnation: bigint;
}

/** The configuration that `hab config apply` gave a group. */
export interface ServiceConfigRumor {
  readonly type: 'service-config';
  readonly fromId: string;
  readonly serviceGroup: string;
  /** The version that the operator gave. */
  readonly incarnation: bigint;
  readonly encrypted: boolean;
  /** TOML text, or an encrypted envelope of it. */
  readonly config: Uint8Array;
}

/** A file that `hab file upload` gave a group. */
export interface ServiceFileRumor {
  readonly type: 'service-file';
  readonly fromId: string;
  readonly serviceGroup: string;
  readonly incarnation: bigint;
  readonly encrypted: boolean;
  readonly filename: string;
  readonly body: Uint8Array;
}

export type ElectionStatus = 'Running' | 'NoQuorum' | 'Finished';

/** A vote for a group's leader, or for who leads its update. */
export interface ElectionRumor {
  readonly type: 'election' | 'election-update';
  /** The candidate. */
  readonly fromId: string;
  readonly serviceGroup: string;
  readonly term: bigint;
  readonly suitability: bigint;
  readonly status: ElectionStatus;
  readonly votes: readonly string[];
}

/** A member may not come back. */
export interface DepartureRumor {
  readonly type: 'departure';
  readonly fromId: string;
  readonly memberId: string;
}

/** A membership told as a rumor. */
export interface MemberRumor {
  readonly type: 'member';
  readonly fromId: string;
  readonly membership: Membership;
}

export type Rumor = MemberRumor | ServiceRumor | ServiceConfigRumor | ServiceFileRumor | ElectionRumor | DepartureRumor;

/** Sender of what comes in through a control gateway. */
export const CONTROL_SENDER = 'butterflyclient';
