import { createLayout, type Layout } from '@hab/core';
import type { FullIdent } from '@hab/ident';
import type { AddressFacts, GroupFacts, MemberFacts, ServiceFacts } from '../context/facts.ts';
import { renderContext } from '../context/render-context.ts';
import { collectExports } from '../layers/exports.ts';
import { type ConfigTable, type ConfigValue, EMPTY_TABLE } from '../values.ts';

/** What of a plan shapes the sample context; everything has a default. */
export interface SampleContextOptions {
  /** @defaultValue `example/service/1.0.0/20240102030405` */
  readonly ident?: FullIdent | undefined;
  readonly cfg?: ConfigTable | undefined;
  readonly deps?: readonly FullIdent[] | undefined;
  readonly exposes?: readonly string[] | undefined;
  readonly exports?: Iterable<readonly [string, string]> | undefined;
  /** Binds and the keys that each needs. */
  readonly binds?: Iterable<readonly [string, readonly string[]]> | undefined;
  /** Members of the own group and of each bound one. @defaultValue 1 */
  readonly members?: number | undefined;
  readonly layout?: Layout | undefined;
}

const IDENT: FullIdent = { origin: 'example', name: 'service', version: '1.0.0', release: '20240102030405' };

/**
 * A context with plausible values, for looking at templates without a Supervisor: addresses are those reserved for
 * documentation, the first member of the own group is the service itself.
 */
export function sampleContext(options: SampleContextOptions = {}): ConfigTable {
  const { ident = IDENT, cfg = EMPTY_TABLE, deps = [], exposes = [], members = 1 } = options;
  const { layout = createLayout() } = options;
  const exports = [...(options.exports ?? [])];
  const service = layout.service(ident.name);
  const path = layout.prefix(ident.origin, ident.name, ident.version, ident.release);
  const exported = collectExports(cfg, exports);
  const own = group(ident, exported, members, 1);
  const facts: ServiceFacts = {
    sys: {
      ...address(1, 1),
      gossipIp: '0.0.0.0',
      version: '1.0.0/20240102030405',
      memberId: memberId(1, 1),
      permanent: false,
    },
    pkg: {
      ident,
      deps,
      env: [['PATH', `${path}/bin`]],
      exposes,
      exports,
      path,
      svcUser: 'hab',
      svcGroup: 'hab',
      layout: service,
    },
    cfg,
    svc: { ...own, me: own.members[0] ?? member(ident, exported, 1, 1) },
    binds: [...(options.binds ?? [])].map(([name, keys], index) => [name, bound(name, keys, members, index + 2)]),
  };
  return renderContext(facts);
}

function bound(name: string, keys: readonly string[], members: number, network: number): GroupFacts {
  const cfg = new Map(keys.map((key): [string, ConfigValue] => [key, /port/i.test(key) ? 8080n : key]));
  return group({ ...IDENT, name }, cfg, members, network);
}

function group(pkg: FullIdent, cfg: ConfigTable, count: number, network: number): GroupFacts {
  const members = Array.from({ length: Math.max(1, count) }, (_, index) => member(pkg, cfg, network, index + 1));
  return { serviceGroup: { service: pkg.name, group: 'default' }, members };
}

function member(pkg: FullIdent, cfg: ConfigTable, network: number, host: number): MemberFacts {
  const sys = address(network, host);
  return { memberId: memberId(network, host), pkg, pkgIncarnation: 0n, health: 'alive', sys, cfg };
}

const memberId = (network: number, host: number): string =>
  `${network}`.padStart(16, '0') + `${host}`.padStart(16, '0');

function address(network: number, host: number): AddressFacts {
  // 192.0.2.0/24 and its siblings are set aside for examples.
  const ip = `${['192.0.2', '198.51.100', '203.0.113'][(network - 1) % 3]}.${host % 256}`;
  return {
    ip,
    hostname: `host-${network}-${host}`,
    gossipIp: ip,
    gossipPort: 9638,
    httpGatewayIp: '0.0.0.0',
    httpGatewayPort: 9631,
    ctlGatewayIp: '127.0.0.1',
    ctlGatewayPort: 9632,
  };
}
