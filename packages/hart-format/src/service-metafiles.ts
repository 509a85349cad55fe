import { type PackageIdent, parseIdent } from '@hab/ident';

import { malformed, parseKeyValues, words } from './metafile-text.ts';

/** Signals that a package may ask to be stopped with. @see spec/formats, 10.1 */
export const SHUTDOWN_SIGNALS = [
  'HUP',
  'INT',
  'QUIT',
  'ILL',
  'ABRT',
  'FPE',
  'KILL',
  'USR1',
  'SEGV',
  'USR2',
  'ALRM',
  'TERM',
  'CHLD',
] as const;

/** Name of a signal without `SIG`. */
export type ShutdownSignal = (typeof SHUTDOWN_SIGNALS)[number];

export const DEFAULT_SHUTDOWN_SIGNAL: ShutdownSignal = 'TERM';
/** Seconds between the shutdown signal and the end of patience. */
export const DEFAULT_SHUTDOWN_TIMEOUT_SEC = 8;

const MAX_UNSIGNED_32 = 0xffff_ffff;

/** @throws {@link HartError} `HART_METAFILE_MALFORMED`; lower case is an error too. */
export function parseShutdownSignal(text: string): ShutdownSignal {
  const name = text.trim();
  const signal = SHUTDOWN_SIGNALS.find((known) => known === name);
  if (signal !== undefined) return signal;
  throw malformed('SHUTDOWN_SIGNAL', name, 'is no signal (upper case, without SIG)');
}

/** @returns Seconds. @throws {@link HartError} `HART_METAFILE_MALFORMED` for anything but 32 unsigned bits. */
export function parseShutdownTimeout(text: string): number {
  const value = text.trim();
  const seconds = /^\+?[0-9]{1,10}$/.test(value) ? Number(value) : Number.NaN;
  if (seconds <= MAX_UNSIGNED_32) return seconds;
  throw malformed('SHUTDOWN_TIMEOUT', value, 'is no number of seconds');
}

/** `native` packages run without any interpreter of Habitat. */
export type PackageType = 'standard' | 'native';

/** @throws {@link HartError} `HART_METAFILE_MALFORMED`. */
export function parsePackageType(text: string): PackageType {
  const value = text.trim();
  if (value === 'standard' || value === 'native') return value;
  throw malformed('PACKAGE_TYPE', value, 'is no package type');
}

/** `TYPE` of 0.64: one package, or several services under one name. */
export type CompositeType = 'standalone' | 'composite';

/** @throws {@link HartError} `HART_METAFILE_MALFORMED`. */
export function parseCompositeType(text: string): CompositeType {
  const value = text.trim();
  if (value === 'standalone' || value === 'composite') return value;
  throw malformed('TYPE', value, 'is neither standalone nor composite');
}

/** How one member of a composite is bound to another. */
export interface BindMapping {
  readonly bind: string;
  /** The member that satisfies it, as written in the plan. */
  readonly satisfiedBy: PackageIdent;
}

/**
 * Reads `BIND_MAP` of a composite: `<service>=<bind>:<service> <bind>:<service>...`.
 *
 * @returns Mappings by service, both as written in the plan.
 * @throws {@link HartError} `HART_METAFILE_MALFORMED`.
 */
export function parseBindMap(text: string): ReadonlyMap<string, readonly BindMapping[]> {
  const map = new Map<string, readonly BindMapping[]>();
  for (const [service, mappings] of parseKeyValues('BIND_MAP', text)) map.set(service, words(mappings).map(mapping));
  return map;
}

/** The lines of `BIND_MAP`, sorted by service. */
export function formatBindMap(map: ReadonlyMap<string, readonly string[]>): string {
  const lines = [...map].map(([service, mappings]) => `${service}=${mappings.join(' ')}\n`);
  return lines.sort().join('');
}

function mapping(word: string): BindMapping {
  const at = word.indexOf(':');
  if (at === -1) throw malformed('BIND_MAP', word, 'has no :');
  try {
    return { bind: word.slice(0, at), satisfiedBy: parseIdent(word.slice(at + 1)) };
  } catch (cause) {
    throw malformed('BIND_MAP', word, 'names no package', cause);
  }
}

/**
 * Reads `INSTALL_HOOK_STATUS`: the exit code of the install hook.
 *
 * @throws {@link HartError} `HART_METAFILE_MALFORMED` when the first line is no number.
 */
export function parseInstallHookStatus(text: string): number {
  const [line = ''] = text.split('\n', 1);
  const value = line.trim();
  if (/^-?[0-9]{1,10}$/.test(value)) return Number(value);
  throw malformed('INSTALL_HOOK_STATUS', value, 'is no exit code');
}

/** The code alone, no newline. */
export function formatInstallHookStatus(exitCode: number): string {
  return String(exitCode);
}
