/** The Launcher's two ends: the process that owns services, and the Supervisor's client. @packageDocumentation */

export type { LauncherEvents } from './client.ts';
export { LauncherClient } from './client.ts';
export type { LauncherCollaborators, LauncherOptions } from './launcher.ts';
export { Launcher } from './launcher.ts';
export type { IdentityPowers } from './proc.ts';
export { groupLives, readBootId, readIdentityPowers, readStartTicks } from './proc.ts';
export type { ServiceOutput } from './service-outputs.ts';
export { clearProcess, killGroup, signalGroup } from './signal-group.ts';
