/** How a process ended when it was told to. See spec/supervisor 10.2. */
export const SHUTDOWN_METHODS = { alreadyExited: 0, gracefulTermination: 1, killed: 2 } as const;

/** Codes of {@link LauncherMessages.NetErr}. */
export const LAUNCHER_NET_ERRORS = {
  unknown: 0,
  groupNotFound: 1,
  userNotFound: 2,
  execWait: 3,
  noPid: 4,
  unknownMessage: 5,
  invalidVersionNumber: 6,
} as const;

type Nothing = Readonly<Record<never, never>>;

/** Every message between the Launcher and its Supervisor, by type name. */
export interface LauncherMessages {
  /** Supervisor to Launcher, first: answered by NetOk. */
  Register: { readonly pipe?: string | undefined };
  Spawn: {
    /** The service group; one process each. */
    readonly id?: string | undefined;
    readonly binary?: string | undefined;
    readonly svcUser?: string | undefined;
    readonly svcGroup?: string | undefined;
    readonly svcPassword?: string | undefined;
    /** Laid over the Launcher's own environment. */
    readonly env?: Readonly<Record<string, string>> | undefined;
    readonly svcUserId?: number | undefined;
    readonly svcGroupId?: number | undefined;
  };
  SpawnOk: { readonly pid?: bigint | undefined };
  Restart: { readonly pid?: bigint | undefined };
  Terminate: { readonly pid?: bigint | undefined };
  TerminateOk: { readonly exitCode?: number | undefined; readonly shutdownMethod?: number | undefined };
  PidOf: { readonly serviceName?: string | undefined };
  PidIs: { readonly pid?: number | undefined };
  Version: Nothing;
  VersionNumber: { readonly version?: number | undefined };
  /** Launcher to Supervisor: stop everything and leave. */
  Shutdown: Nothing;
  NetOk: Nothing;
  NetErr: { readonly code?: number | undefined; readonly msg?: string | undefined };
  /** Launcher to Supervisor, at once, when a service's process ended. Ours. */
  Exited: {
    readonly id?: string | undefined;
    readonly pid?: bigint | undefined;
    readonly exitCode?: number | undefined;
    /** Name such as `SIGKILL` when a signal ended it. */
    readonly signal?: string | undefined;
  };
}
export type LauncherMessageType = keyof LauncherMessages;

/** A message with its type name. */
export type LauncherMessage = {
  [T in LauncherMessageType]: { readonly type: T } & LauncherMessages[T];
}[LauncherMessageType];

/** A message and, for questions and their answers, the number that ties them. */
export interface LauncherEnvelope {
  readonly message: LauncherMessage;
  readonly transaction?: number | undefined;
}
