import {
  type Bind,
  type BindingMode,
  DEFAULT_BINDING_MODE,
  DEFAULT_GROUP,
  DEFAULT_HEALTH_CHECK_INTERVAL_SEC,
  formatBind,
  formatIdent,
  type PackageIdent,
  parseBind,
  parseIdent,
} from '@hab/ident';
import { parseToml } from '@hab/templating';

import { ServiceError } from './errors.ts';

export type Topology = 'standalone' | 'leader';
export type UpdateStrategy = 'none' | 'at-once' | 'rolling';
export type UpdateCondition = 'latest' | 'track-channel';
export type DesiredState = 'up' | 'down';

/** What an operator asked of one service. See spec/supervisor 4.1. */
export interface ServiceSpec {
  readonly ident: PackageIdent;
  readonly group: string;
  readonly bldrUrl: string;
  readonly channel: string;
  readonly topology: Topology;
  readonly updateStrategy: UpdateStrategy;
  readonly updateCondition: UpdateCondition;
  readonly binds: readonly Bind[];
  readonly bindingMode: BindingMode;
  readonly configFrom?: string | undefined;
  readonly desiredState: DesiredState;
  readonly shutdownTimeoutSec?: number | undefined;
  readonly svcEncryptedPassword?: string | undefined;
  readonly healthCheckIntervalSec: number;
}

/** Values of a spec that its file need not hold. */
export interface SpecDefaults {
  readonly bldrUrl: string;
  readonly channel: string;
}

const TOPOLOGIES = ['standalone', 'leader'] as const;
const STRATEGIES = ['none', 'at-once', 'rolling'] as const;
const CONDITIONS = ['latest', 'track-channel'] as const;
const MODES = ['strict', 'relaxed'] as const;
const STATES = ['up', 'down'] as const;
/** A spec is a few hundred bytes; more is not a spec. */
const MAX_SPEC_CHARACTERS = 65_536;
const MAX_U32 = 0xffffffff;

/** A spec with every default, for an ident. */
export function defaultSpec(ident: PackageIdent, defaults: SpecDefaults): ServiceSpec {
  return {
    ident,
    group: DEFAULT_GROUP,
    bldrUrl: defaults.bldrUrl,
    channel: defaults.channel,
    topology: 'standalone',
    updateStrategy: 'none',
    updateCondition: 'latest',
    binds: [],
    bindingMode: DEFAULT_BINDING_MODE,
    desiredState: 'up',
    healthCheckIntervalSec: DEFAULT_HEALTH_CHECK_INTERVAL_SEC,
  };
}

/** `<package name>.spec` */
export function specFileName(spec: ServiceSpec): string {
  return `${spec.ident.name}.spec`;
}

/**
 * Reads a spec file. Unknown keys are ignored.
 *
 * @throws {@link ServiceError} `SERVICE_SPEC_INVALID` naming the key.
 */
export function parseSpec(text: string, defaults: SpecDefaults): ServiceSpec {
  if (text.length > MAX_SPEC_CHARACTERS) throw invalid(`it has ${text.length} characters`);
  const table = readTable(text);
  const ident = readIdent(table.get('ident'));
  const base = defaultSpec(ident, defaults);
  return {
    ident,
    group: readString(table, 'group') ?? base.group,
    bldrUrl: readString(table, 'bldr_url') ?? base.bldrUrl,
    channel: readString(table, 'channel') ?? base.channel,
    topology: readWord(table, 'topology', TOPOLOGIES) ?? base.topology,
    updateStrategy: readWord(table, 'update_strategy', STRATEGIES) ?? base.updateStrategy,
    updateCondition: readWord(table, 'update_condition', CONDITIONS) ?? base.updateCondition,
    binds: readBinds(table.get('binds')),
    bindingMode: readWord(table, 'binding_mode', MODES) ?? base.bindingMode,
    configFrom: readString(table, 'config_from'),
    desiredState: readWord(table, 'desired_state', STATES) ?? base.desiredState,
    shutdownTimeoutSec: readSeconds(table.get('shutdown_timeout'), 'shutdown_timeout', MAX_U32),
    svcEncryptedPassword: readString(table, 'svc_encrypted_password'),
    healthCheckIntervalSec: readInterval(table.get('health_check_interval')) ?? base.healthCheckIntervalSec,
  };
}

/** Writes a spec file: keys in the order of the originals, the interval's table last. */
export function formatSpec(spec: ServiceSpec): string {
  const { ident, configFrom, shutdownTimeoutSec, svcEncryptedPassword } = spec;
  if (ident.origin === '' || ident.name === '') throw invalid('the ident lacks an origin or a name', 'ident');
  const lines = [
    line('ident', formatIdent(ident)),
    line('group', spec.group),
    line('bldr_url', spec.bldrUrl),
    line('channel', spec.channel),
    line('topology', spec.topology),
    line('update_strategy', spec.updateStrategy),
    line('update_condition', spec.updateCondition),
    `binds = [${spec.binds.map((bind) => quote(formatBind(bind))).join(', ')}]`,
    line('binding_mode', spec.bindingMode),
    ...(configFrom === undefined ? [] : [line('config_from', configFrom)]),
    line('desired_state', spec.desiredState),
    ...(shutdownTimeoutSec === undefined ? [] : [`shutdown_timeout = ${shutdownTimeoutSec}`]),
    ...(svcEncryptedPassword === undefined ? [] : [line('svc_encrypted_password', svcEncryptedPassword)]),
  ];
  return `${lines.join('\n')}\n\n[health_check_interval]\nsecs = ${spec.healthCheckIntervalSec}\nnanos = 0\n`;
}

type Table = ReadonlyMap<string, unknown>;

function readTable(text: string): Table {
  try {
    return parseToml(text);
  } catch (error) {
    throw invalid('it is not TOML', undefined, error);
  }
}

function readIdent(value: unknown): PackageIdent {
  if (typeof value !== 'string') throw invalid('ident is missing', 'ident');
  try {
    const ident = parseIdent(value);
    if (ident.origin !== '' && ident.name !== '') return ident;
  } catch (error) {
    throw invalid(`ident "${value}" is no package identifier`, 'ident', error);
  }
  throw invalid('ident lacks an origin or a name', 'ident');
}

function readString(table: Table, key: string): string | undefined {
  const value = table.get(key);
  if (value === undefined || typeof value === 'string') return value;
  throw invalid(`${key} is not a string`, key);
}

function readWord<T extends string>(table: Table, key: string, words: readonly T[]): T | undefined {
  const text = readString(table, key);
  if (text === undefined) return undefined;
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw invalid(`${key} = "${text}" is none of ${words.join(', ')}`, key);
  return word;
}

function readBinds(value: unknown): Bind[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid('binds is not a list', 'binds');
  return value.map((item: unknown) => {
    if (typeof item !== 'string') throw invalid('a bind is not a string', 'binds');
    try {
      return parseBind(item);
    } catch (error) {
      throw invalid(`bind "${item}" is not name:service.group`, 'binds', error);
    }
  });
}

function readSeconds(value: unknown, key: string, limit: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'bigint' && value >= 0n && value <= BigInt(limit)) return Number(value);
  throw invalid(`${key} is not a number of seconds`, key);
}

function readInterval(value: unknown): number | undefined {
  if (!(value instanceof Map)) {
    if (value === undefined) return undefined;
    throw invalid('health_check_interval is not a table', 'health_check_interval');
  }
  return readSeconds(value.get('secs'), 'health_check_interval.secs', Number.MAX_SAFE_INTEGER);
}

const line = (key: string, value: string): string => `${key} = ${quote(value)}`;

/** JSON's escapes are a subset of TOML's; DEL alone is raw there. */
const quote = (text: string): string => JSON.stringify(text).replaceAll('\u007f', '\\u007f');

function invalid(reason: string, key?: string, cause?: unknown): ServiceError<'SERVICE_SPEC_INVALID'> {
  return new ServiceError('SERVICE_SPEC_INVALID', `Not a service spec: ${reason}`, { details: { key }, cause });
}
