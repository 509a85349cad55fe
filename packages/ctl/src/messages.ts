/** A package identifier on the wire; absent parts are absent. */
export interface WireIdent {
  readonly origin?: string | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
}
export interface WireServiceGroup {
  readonly service?: string | undefined;
  readonly group?: string | undefined;
  readonly organization?: string | undefined;
}
export interface WireBind {
  readonly name?: string | undefined;
  readonly serviceGroup?: WireServiceGroup | undefined;
  /** 0.64: the service of a composite that the bind belongs to. */
  readonly serviceName?: string | undefined;
}
export interface WireProcess {
  /** Seconds in this state. */
  readonly elapsed?: bigint | undefined;
  readonly pid?: number | undefined;
  readonly state?: number | undefined;
}

/** Numbers of the wire's enumerations. See spec/supervisor 11.3. */
export const TOPOLOGIES = { standalone: 0, leader: 1 } as const;
export const UPDATE_STRATEGIES = { none: 0, 'at-once': 1, rolling: 2 } as const;
export const UPDATE_CONDITIONS = { latest: 0, 'track-channel': 1 } as const;
export const BINDING_MODES = { relaxed: 0, strict: 1 } as const;
export const DESIRED_STATES = { none: -1, down: 0, up: 1 } as const;
export const PROCESS_STATES = { down: 0, up: 1 } as const;

/** Codes of {@link CtlMessages.NetErr}. */
export const NET_ERRORS = {
  internal: 0,
  io: 1,
  notFound: 2,
  conflict: 3,
  unauthorized: 4,
  notSupported: 5,
  badPayload: 6,
  invalidPayload: 7,
  entityTooLarge: 8,
  updateClient: 9,
  tlsHandshakeFailed: 10,
} as const;
export type NetErrorCode = (typeof NET_ERRORS)[keyof typeof NET_ERRORS];

interface LoadOptions {
  readonly bldrUrl?: string | undefined;
  readonly bldrChannel?: string | undefined;
  readonly group?: string | undefined;
  readonly svcEncryptedPassword?: string | undefined;
  readonly topology?: number | undefined;
  readonly updateStrategy?: number | undefined;
  readonly bindingMode?: number | undefined;
  readonly healthCheckInterval?: { readonly seconds?: bigint | undefined } | undefined;
  readonly shutdownTimeout?: number | undefined;
  readonly updateCondition?: number | undefined;
  readonly binds?: { readonly binds?: readonly WireBind[] | undefined } | undefined;
}

/** Every message of the control gateway, by type name. Absent and present-with-default differ (proto2). */
export interface CtlMessages {
  Handshake: { readonly secretKey?: string | undefined };
  SvcLoad: LoadOptions & {
    readonly ident?: WireIdent | undefined;
    readonly applicationEnvironment?:
      | { readonly application?: string | undefined; readonly environment?: string | undefined }
      | undefined;
    readonly specifiedBinds?: boolean | undefined;
    readonly configFrom?: string | undefined;
    readonly force?: boolean | undefined;
  };
  SvcUpdate: LoadOptions & { readonly ident?: WireIdent | undefined };
  SvcUnload: { readonly ident?: WireIdent | undefined; readonly timeoutInSeconds?: number | undefined };
  SvcStop: { readonly ident?: WireIdent | undefined; readonly timeoutInSeconds?: number | undefined };
  SvcStart: { readonly ident?: WireIdent | undefined };
  SvcStatus: { readonly ident?: WireIdent | undefined };
  SvcGetDefaultCfg: { readonly ident?: WireIdent | undefined };
  SvcValidateCfg: {
    readonly serviceGroup?: WireServiceGroup | undefined;
    readonly format?: number | undefined;
    readonly cfg?: Uint8Array | undefined;
  };
  SvcSetCfg: {
    readonly serviceGroup?: WireServiceGroup | undefined;
    readonly cfg?: Uint8Array | undefined;
    readonly version?: bigint | undefined;
    readonly isEncrypted?: boolean | undefined;
  };
  SvcFilePut: {
    readonly serviceGroup?: WireServiceGroup | undefined;
    readonly content?: Uint8Array | undefined;
    readonly filename?: string | undefined;
    readonly version?: bigint | undefined;
    readonly isEncrypted?: boolean | undefined;
  };
  /** Ours: asks for the configuration of a group's service, its layers and, if wished, all that its templates see. */
  SvcInspect: { readonly serviceGroup?: WireServiceGroup | undefined; readonly context?: boolean | undefined };
  /**
   * Ours: changes the configuration applied to a group and tells what follows. A message of its own and no new fields
   * of `SvcSetCfg`: a Supervisor that does not know them would replace what was to be merged.
   */
  SvcChangeCfg: {
    readonly serviceGroup?: WireServiceGroup | undefined;
    readonly cfg?: Uint8Array | undefined;
    readonly version?: bigint | undefined;
    /** Lay it over what was applied before instead of replacing that. */
    readonly merge?: boolean | undefined;
    /** Dotted keys to take out of what was applied before; the rest of that stays, as with `merge`. */
    readonly delete?: readonly string[] | undefined;
    /** Change nothing, tell what would follow. */
    readonly dryRun?: boolean | undefined;
  };
  SupDepart: { readonly memberId?: string | undefined };
  SupRestart: Readonly<Record<never, never>>;
  ServiceCfg: { readonly format?: number | undefined; readonly default?: string | undefined };
  ServiceStatus: {
    readonly ident?: WireIdent | undefined;
    readonly process?: WireProcess | undefined;
    readonly serviceGroup?: WireServiceGroup | undefined;
    readonly composite?: string | undefined;
    readonly desiredState?: number | undefined;
    /** Ours: why its files are not what the configuration asks for. Peers that do not know it pass over it. */
    readonly problem?: string | undefined;
  };
  /** Part of a JSON document, in order; ours. See `documentParts`. */
  Document: { readonly part?: Uint8Array | undefined };
  NetProgress: { readonly total?: bigint | undefined; readonly position?: bigint | undefined };
  ConsoleLine: {
    readonly line?: string | undefined;
    readonly color?: string | undefined;
    readonly bold?: boolean | undefined;
  };
  NetOk: Readonly<Record<never, never>>;
  NetErr: { readonly code?: number | undefined; readonly msg?: string | undefined };
}
export type CtlMessageType = keyof CtlMessages;

/** A message with its type name. */
export type CtlMessage = { [T in CtlMessageType]: { readonly type: T } & CtlMessages[T] }[CtlMessageType];
