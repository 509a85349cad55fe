/** The Launcher: its protocol and its decisions. @packageDocumentation */
export { EnvelopeDecoder, encodeEnvelope } from './codec.ts';
export type { LauncherErrorCode, LauncherErrorDetails } from './errors.ts';
export { isLauncherError, LauncherError } from './errors.ts';
export type { LauncherEnvelope, LauncherMessage, LauncherMessages, LauncherMessageType } from './messages.ts';
export { LAUNCHER_NET_ERRORS, SHUTDOWN_METHODS } from './messages.ts';
export type { OutputStyle } from './output-line.ts';
export { formatOutputLine, LineSplitter } from './output-line.ts';
export type { ProcessRecord, ProcessStamp, ProcessTable } from './process-table.ts';
export { findLeftovers, formatProcessTable, parseProcessTable } from './process-table.ts';
export type { ProcessExit, SupervisorExitReaction } from './supervisor-exit.ts';
export { EXIT_DONE, EXIT_FAILED, reactToSupervisorExit } from './supervisor-exit.ts';
