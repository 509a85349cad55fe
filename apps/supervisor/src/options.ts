import {
  type Bind,
  type BindingMode,
  DEFAULT_CHANNEL,
  parseBind,
  parseBindingMode,
  parseHealthCheckInterval,
} from '@hab/ident';
import {
  type HookTimeouts,
  parseConfigPrecedence,
  parseHookTimeout,
  parseTemplateDialect,
  type RestartPolicy,
  readHookSettings,
  type Topology,
  type UpdateCondition,
  type UpdateStrategy,
} from '@hab/services';
import type { ConfigPrecedence, TemplateDialect } from '@hab/templating';
import { Command, InvalidArgumentError, Option } from 'commander';

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** What `hab-sup run` was told. */
export interface SupervisorOptions {
  readonly listenGossip: Address;
  readonly listenHttp: Address;
  readonly listenCtl: Address;
  readonly httpDisable: boolean;
  readonly organization: string | undefined;
  readonly permanentPeer: boolean;
  readonly policy: RestartPolicy;
  readonly hookTimeoutsMs: HookTimeouts;
  readonly configPrecedence: ConfigPrecedence;
  readonly templateDialect: TemplateDialect;
  readonly sysIpAddress: string | undefined;
  readonly channel: string;
  readonly bldrUrl: string;
  /** Folders of artifacts to install from. */
  readonly artifacts: readonly string[];
  /** A service to load at the start. */
  readonly service: InitialService | undefined;
}

export interface InitialService {
  /** An identifier or the path of an artifact. */
  readonly package: string;
  readonly group?: string | undefined;
  readonly topology?: Topology | undefined;
  readonly strategy?: UpdateStrategy | undefined;
  readonly updateCondition?: UpdateCondition | undefined;
  readonly binds: readonly Bind[];
  readonly bindingMode?: BindingMode | undefined;
  readonly healthCheckIntervalSec?: number | undefined;
  readonly shutdownTimeoutSec?: number | undefined;
  readonly configFrom?: string | undefined;
}

const DEFAULT_BLDR_URL = 'https://bldr.habitat.sh';

/** Reads `HOST:PORT`; without a port, the default one. */
export function parseAddress(text: string, defaultPort: number): Address {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:[\]]*))(?::([0-9]{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined || host === '' || port > 65_535) {
    throw new InvalidArgumentError(`"${text}" is no HOST:PORT.`);
  }
  return { host, port };
}

function isAddress(text: string, defaultPort: number): boolean {
  try {
    parseAddress(text, defaultPort);
    return true;
  } catch (error) {
    if (error instanceof InvalidArgumentError) return false;
    throw error;
  }
}

const address =
  (port: number) =>
  (text: string): Address =>
    parseAddress(text, port);

function seconds(text: string): number {
  if (!/^[0-9]{1,10}$/.test(text)) throw new InvalidArgumentError('It is not a number of seconds.');
  return Number(text);
}

function word<T extends string>(...words: readonly T[]): (text: string) => T {
  return (text) => {
    const found = words.find((candidate) => candidate === text);
    if (found === undefined) throw new InvalidArgumentError(`It is none of ${words.join(', ')}.`);
    return found;
  };
}

function checked<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}

type Raw = Readonly<Record<string, never>> & {
  readonly listenGossip: Address;
  readonly listenHttp: Address;
  readonly listenCtl: Address;
  readonly httpDisable?: boolean;
  readonly org?: string;
  readonly permanentPeer?: boolean;
  readonly hookTimeout: HookTimeouts;
  readonly serviceMinBackoffPeriod: number;
  readonly serviceMaxBackoffPeriod: number;
  readonly serviceRestartCooldownPeriod: number;
  readonly configPrecedence: ConfigPrecedence;
  readonly templateDialect: TemplateDialect;
  readonly sysIpAddress?: string;
  readonly channel?: string;
  readonly url?: string;
  readonly artifacts?: readonly string[];
  readonly group?: string;
  readonly topology?: Topology;
  readonly strategy?: UpdateStrategy;
  readonly updateCondition?: UpdateCondition;
  readonly bind?: readonly Bind[];
  readonly bindingMode?: BindingMode;
  readonly healthCheckInterval?: number;
  readonly shutdownTimeout?: number;
  readonly configFrom?: string;
};

function listenOption(
  name: string,
  what: string,
  host: string,
  port: number,
  env: Readonly<Record<string, string | undefined>>,
  warn: (message: string) => void,
): Option {
  const variable = `HAB_LISTEN_${name.toUpperCase()}`;
  const usual = `${host}:${port}`;
  const given = env[variable] || usual;
  const preset = isAddress(given, port) ? given : usual;
  if (preset !== given) warn(`${variable} is not used: "${given}" is no HOST:PORT.`);
  return new Option(`--listen-${name} <address>`, `${what} [env: ${variable}]`)
    .argParser(address(port))
    .default(address(port)(preset), preset);
}

/**
 * Reads the command line of `hab-sup run`; help and errors leave through commander's own error.
 *
 * @param env - Empty values count as unset; what makes no sense is told of on `write.err` and counts as unset too.
 * @see spec/supervisor 3.1
 */
export function parseOptions(
  words: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  write: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): SupervisorOptions {
  const set = (name: string): string | undefined => env[name] || undefined;
  const warn = (message: string): void => write.err(`${message}\n`);
  const preset = readHookSettings(env, warn);
  const command = new Command('hab sup run')
    .description('Run a Supervisor in the foreground; with PACKAGE, load that service first.')
    .argument('[package]', 'An identifier, or the path of a .hart file')
    .addOption(listenOption('gossip', 'Gossip, UDP and TCP', '0.0.0.0', 9638, env, warn))
    .addOption(listenOption('http', 'HTTP gateway', '0.0.0.0', 9631, env, warn))
    .addOption(listenOption('ctl', 'Control gateway', '127.0.0.1', 9632, env, warn))
    .option('-D, --http-disable', 'No HTTP gateway')
    .option('--org <name>', 'Organization of every service group')
    .option('-I, --permanent-peer', 'A member that the others never forget')
    .option('--service-min-backoff-period <seconds>', 'Shortest wait before a failed service starts again', seconds, 0)
    .option('--service-max-backoff-period <seconds>', 'Longest wait before a failed service starts again', seconds, 0)
    .option('--service-restart-cooldown-period <seconds>', 'Time without failure that resets the wait', seconds, 300)
    .option(
      '--config-precedence <word>',
      'default (the environment wins) or original (gossip wins) [env: HAB_CONFIG_PRECEDENCE]',
      checked(parseConfigPrecedence),
      preset.precedence,
    )
    .option(
      '--template-dialect <word>',
      'documented, 2.1 or legacy [env: HAB_TEMPLATE_DIALECT]',
      checked(parseTemplateDialect),
      preset.dialect,
    )
    .option(
      '--hook-timeout <hook=seconds>',
      'Longest time a hook may take; may be repeated [env: HAB_HOOK_TIMEOUTS, with commas between]',
      (text: string, limits: HookTimeouts) => checked((part: string) => parseHookTimeout(part, limits))(text),
      preset.hookTimeoutsMs,
    )
    .option('--sys-ip-address <ip>', 'Address that this member tells others')
    .option(
      '--artifacts <dir>',
      'Folder of .hart files to install services from; may be repeated [env: HAB_ARTIFACTS]',
      (text: string, previous: readonly string[] = []) => [...previous, text],
    )
    .option('--channel <name>', 'Channel to take packages from [env: HAB_BLDR_CHANNEL]')
    .option('-u, --url <url>', 'Builder to take packages from [env: HAB_BLDR_URL]')
    .option('--group <name>', 'Group of PACKAGE')
    .option('-t, --topology <word>', 'standalone or leader', word('standalone', 'leader'))
    .option('-s, --strategy <word>', 'none, at-once or rolling', word('none', 'at-once', 'rolling'))
    .option('--update-condition <word>', 'latest or track-channel', word('latest', 'track-channel'))
    .option(
      '--bind <name:service.group>',
      'Service group behind a bind; may be repeated',
      (text: string, previous: readonly Bind[] = []) => [...previous, checked(parseBind)(text)],
    )
    .option('--binding-mode <word>', 'strict or relaxed', checked(parseBindingMode))
    .option('-i, --health-check-interval <seconds>', 'Time between health checks', checked(parseHealthCheckInterval))
    .option('--shutdown-timeout <seconds>', 'Time from the shutdown signal to KILL', seconds)
    .option('--config-from <dir>', 'Take config, hooks and default.toml from DIR (for development)')
    .option('-v', 'More output')
    .option('--no-color', 'No colours')
    .option('--json-logging', 'One JSON object a line')
    .exitOverride()
    .configureOutput({ writeOut: write.out, writeErr: write.err })
    .showHelpAfterError('(add --help for the options)');
  command.parse([...words], { from: 'user' });
  // Commander types options as any; Raw lists what the parsers above produce.
  const raw = command.opts() as Raw;
  return {
    listenGossip: raw.listenGossip,
    listenHttp: raw.listenHttp,
    listenCtl: raw.listenCtl,
    httpDisable: raw.httpDisable === true,
    organization: raw.org,
    permanentPeer: raw.permanentPeer === true,
    policy: {
      minBackoffMs: raw.serviceMinBackoffPeriod * 1000,
      maxBackoffMs: raw.serviceMaxBackoffPeriod * 1000,
      cooldownMs: raw.serviceRestartCooldownPeriod * 1000,
    },
    hookTimeoutsMs: raw.hookTimeout,
    configPrecedence: raw.configPrecedence,
    templateDialect: raw.templateDialect,
    sysIpAddress: raw.sysIpAddress,
    channel: raw.channel ?? set('HAB_BLDR_CHANNEL') ?? DEFAULT_CHANNEL,
    bldrUrl: raw.url ?? set('HAB_BLDR_URL') ?? DEFAULT_BLDR_URL,
    artifacts: raw.artifacts ?? set('HAB_ARTIFACTS')?.split(':') ?? [],
    service: initialService(command.args[0], raw),
  };
}

function initialService(name: string | undefined, raw: Raw): InitialService | undefined {
  if (name === undefined) return undefined;
  return {
    package: name,
    group: raw.group,
    topology: raw.topology,
    strategy: raw.strategy,
    updateCondition: raw.updateCondition,
    binds: raw.bind ?? [],
    bindingMode: raw.bindingMode,
    healthCheckIntervalSec: raw.healthCheckInterval,
    shutdownTimeoutSec: raw.shutdownTimeout,
    configFrom: raw.configFrom,
  };
}
