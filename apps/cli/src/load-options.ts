import {
  BINDING_MODES,
  type CtlMessages,
  TOPOLOGIES,
  UPDATE_CONDITIONS,
  UPDATE_STRATEGIES,
  type WireBind,
  type WireIdent,
  type WireServiceGroup,
} from '@hab/ctl';
import {
  type Bind,
  DEFAULT_CHANNEL,
  DEFAULT_GROUP,
  DEFAULT_HEALTH_CHECK_INTERVAL_SEC,
  type PackageIdent,
  type ServiceGroup,
} from '@hab/ident';
import type { Command } from 'commander';

import { bindArgument, choice, numberArgument, U32 } from './arguments.ts';
import type { CommandContext } from './context.ts';

const WORDS = {
  topology: ['standalone', 'leader'],
  strategy: ['none', 'at-once', 'rolling'],
  condition: ['latest', 'track-channel'],
  mode: ['strict', 'relaxed'],
} as const;

/** Options that `svc load`, `svc update`, `start` and `sup run` share. See spec/supervisor 3.3. */
export interface LoadOptions {
  readonly group?: string;
  readonly topology?: (typeof WORDS.topology)[number];
  readonly strategy?: (typeof WORDS.strategy)[number];
  readonly updateCondition?: (typeof WORDS.condition)[number];
  readonly channel?: string;
  readonly url?: string;
  readonly bind?: readonly Bind[];
  readonly bindingMode?: (typeof WORDS.mode)[number];
  readonly healthCheckInterval?: bigint;
  readonly shutdownTimeout?: bigint;
  readonly configFrom?: string;
}

export function addLoadOptions(command: Command): Command {
  return command
    .option('--group <name>', 'Group of the service (default: "default")')
    .option('-t, --topology <word>', WORDS.topology.join(' or '), choice(WORDS.topology))
    .option('-s, --strategy <word>', `How updates are taken: ${WORDS.strategy.join(', ')}`, choice(WORDS.strategy))
    .option('--update-condition <word>', WORDS.condition.join(' or '), choice(WORDS.condition))
    .option('--channel <name>', 'Channel to take the package from [env: HAB_BLDR_CHANNEL]')
    .option('-u, --url <url>', 'Builder to take the package from [env: HAB_BLDR_URL]')
    .option('--bind <name:service.group>', 'Service group behind a bind; may be repeated', bindArgument)
    .option('--binding-mode <word>', WORDS.mode.join(' or '), choice(WORDS.mode))
    .option('-i, --health-check-interval <seconds>', 'Time between health checks (default: 30)', numberArgument(U32))
    .option('--shutdown-timeout <seconds>', 'Time from the shutdown signal to KILL', numberArgument(U32));
}

/** Every default is sent, so that a forced load resets what it does not name. See spec/supervisor 3.3. */
export function toLoadMessage(
  ident: PackageIdent,
  options: LoadOptions,
  force: boolean,
  { settings }: CommandContext,
  bldrUrl: string,
): CtlMessages['SvcLoad'] & { readonly type: 'SvcLoad' } {
  return {
    type: 'SvcLoad',
    ident: toWireIdent(ident),
    binds: toWireBinds(options.bind),
    bldrUrl: options.url === undefined ? bldrUrl : normalizeUrl(options.url),
    bldrChannel: options.channel ?? settings.HAB_BLDR_CHANNEL ?? DEFAULT_CHANNEL,
    configFrom: options.configFrom,
    force: force ? true : undefined,
    group: options.group ?? DEFAULT_GROUP,
    topology: options.topology === undefined ? undefined : TOPOLOGIES[options.topology],
    updateStrategy: UPDATE_STRATEGIES[options.strategy ?? 'none'],
    bindingMode: BINDING_MODES[options.bindingMode ?? 'strict'],
    healthCheckInterval: { seconds: options.healthCheckInterval ?? BigInt(DEFAULT_HEALTH_CHECK_INTERVAL_SEC) },
    shutdownTimeout: options.shutdownTimeout === undefined ? undefined : Number(options.shutdownTimeout),
    updateCondition: UPDATE_CONDITIONS[options.updateCondition ?? 'latest'],
  };
}

/** Only what was named changes. */
export function toUpdateMessage(
  ident: PackageIdent,
  options: LoadOptions,
): CtlMessages['SvcUpdate'] & { readonly type: 'SvcUpdate' } {
  const { group, topology, strategy, updateCondition, channel, url, bind, bindingMode } = options;
  const { healthCheckInterval, shutdownTimeout } = options;
  return {
    type: 'SvcUpdate',
    ident: toWireIdent(ident),
    binds: toWireBinds(bind),
    bldrUrl: url === undefined ? undefined : normalizeUrl(url),
    bldrChannel: channel,
    group,
    topology: topology === undefined ? undefined : TOPOLOGIES[topology],
    updateStrategy: strategy === undefined ? undefined : UPDATE_STRATEGIES[strategy],
    bindingMode: bindingMode === undefined ? undefined : BINDING_MODES[bindingMode],
    healthCheckInterval: healthCheckInterval === undefined ? undefined : { seconds: healthCheckInterval },
    shutdownTimeout: shutdownTimeout === undefined ? undefined : Number(shutdownTimeout),
    updateCondition: updateCondition === undefined ? undefined : UPDATE_CONDITIONS[updateCondition],
  };
}

export const toWireIdent = ({ origin, name, version, release }: PackageIdent): WireIdent => ({
  origin,
  name,
  version,
  release,
});

export const toWireGroup = ({ service, group, organization }: ServiceGroup): WireServiceGroup => ({
  service,
  group,
  organization,
});

function toWireBinds(binds: readonly Bind[] | undefined): { readonly binds: readonly WireBind[] } | undefined {
  if (binds === undefined) return undefined;
  return { binds: binds.map(({ name, serviceGroup }) => ({ name, serviceGroup: toWireGroup(serviceGroup) })) };
}

/** `https://depot.example` becomes `https://depot.example/`. */
function normalizeUrl(text: string): string {
  return URL.canParse(text) ? new URL(text).href : text;
}
