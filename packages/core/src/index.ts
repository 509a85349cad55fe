/** What every Habitat library shares. @packageDocumentation */

export type { AbortOptions } from './abort.ts';
export { decodeBase64, encodeBase64, equalBytes, toHex } from './bytes.ts';
export type { Clock } from './clock.ts';
export { formatRelease } from './clock.ts';
export type { HabErrorInit } from './errors.ts';
export { HabError, isHabError } from './errors.ts';
export type {
  LauncherLayout,
  Layout,
  LayoutEnvironment,
  LayoutOptions,
  ServiceLayout,
  SupervisorLayout,
} from './layout.ts';
export { createCallerLayout, createLayout, defaultPackagePrefix } from './layout.ts';
export type { LogFields, Logger } from './logger.ts';
export { noopLogger } from './logger.ts';
export { nearestName } from './nearest-name.ts';
export type { RandomSource } from './random.ts';
