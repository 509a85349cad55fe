import type { Census, CensusGroup, CensusMember, ElectionStatus } from '@hab/census';
import type { ServiceLayout } from '@hab/core';
import { type Bind, formatServiceGroup, type ServiceGroup } from '@hab/ident';
import {
  type ConfigTable,
  type ElectionPhase,
  type GroupFacts,
  type MemberFacts,
  type PlainValue,
  renderContext,
  type SysFacts,
} from '@hab/templating';

import { type BoundGroup, statusOfBind } from './binds.ts';
import type { ServicePackage } from './service-package.ts';

/** Everything that a service's templates can see. See spec/templating 9. */
export interface ContextFacts {
  readonly sys: SysFacts;
  readonly pkg: ServicePackage;
  /** Environment that its hooks get from the package, PATH included. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly group: string;
  readonly layout: ServiceLayout;
  readonly cfg: ConfigTable;
  readonly serviceGroup: ServiceGroup;
  readonly census: Census;
  readonly binds: readonly Bind[];
}

/** The root of every path in a service's templates. */
export function serviceContext(facts: ContextFacts): ConfigTable {
  const { pkg, sys, serviceGroup, census } = facts;
  const group = census.groups.get(formatServiceGroup(serviceGroup));
  const own = group?.population.get(sys.memberId);
  return renderContext({
    sys,
    pkg: {
      ident: pkg.ident,
      deps: pkg.tdeps,
      env: Object.entries(facts.env),
      exposes: pkg.exposes,
      exports: pkg.exports,
      path: pkg.prefix,
      svcUser: facts.user,
      svcGroup: facts.group,
      layout: facts.layout,
    },
    cfg: facts.cfg,
    svc: { ...groupFacts(serviceGroup, group), me: (own && memberFacts(own)) ?? loneMember(facts) },
    binds: satisfiedBinds(facts),
  });
}

/** This member before the ring knows of its service. */
function loneMember({ sys, pkg }: ContextFacts): MemberFacts {
  return { memberId: sys.memberId, pkg: pkg.ident, pkgIncarnation: 0n, health: 'alive', sys, cfg: new Map() };
}

const PHASES: Readonly<Record<ElectionStatus, ElectionPhase>> = {
  Running: 'running',
  NoQuorum: 'no-quorum',
  Finished: 'finished',
};

function groupFacts(serviceGroup: ServiceGroup, group: CensusGroup | undefined): GroupFacts {
  const members = [...(group?.population.values() ?? [])].flatMap((member) => memberFacts(member) ?? []);
  const election = group?.electionStatus === undefined ? 'none' : PHASES[group.electionStatus];
  return { serviceGroup, members, election, leaderId: group?.leaderId };
}

const HEALTHS = { Alive: 'alive', Suspect: 'suspect', Confirmed: 'confirmed', Departed: 'departed' } as const;

/** A member whose package nobody can name is left out: templates count on it. */
function memberFacts({ memberId, pkg, pkgIncarnation, health, sys, cfg }: CensusMember): MemberFacts | undefined {
  if (pkg === undefined) return undefined;
  return { memberId, pkg, pkgIncarnation, health: HEALTHS[health], sys, cfg };
}

/** Binds that are satisfied now; templates do not see the others at all. */
function satisfiedBinds({ binds, pkg, census }: ContextFacts): [string, GroupFacts][] {
  const declared = new Map([...pkg.binds, ...pkg.bindsOptional].map((bind) => [bind.name, bind]));
  return binds.flatMap(({ name, serviceGroup }): [string, GroupFacts][] => {
    const group = census.groups.get(formatServiceGroup(serviceGroup));
    const wanted = declared.get(name);
    if (group === undefined || wanted === undefined) return [];
    const satisfied = statusOfBind(wanted, boundGroup(group)).type === 'satisfied';
    return satisfied ? [[name, groupFacts(serviceGroup, group)]] : [];
  });
}

/** A group of the census as a bind sees it: its leader speaks for it, else the first of its active members. */
export function boundGroup(group: CensusGroup): BoundGroup {
  const active = [...group.population.values()].filter(({ health }) => health === 'Alive' || health === 'Suspect');
  const leader = group.leaderId === undefined ? undefined : group.population.get(group.leaderId);
  const speaker = leader ?? active[0];
  return { activeMembers: active.length, exportedKeys: new Set(speaker?.cfg.keys() ?? []) };
}

/** `sys` as the HTTP gateway's service object has it. */
export function sysView(sys: SysFacts): { readonly [key: string]: PlainValue } {
  return {
    version: sys.version,
    member_id: sys.memberId,
    ip: sys.ip,
    hostname: sys.hostname,
    gossip_ip: sys.gossipIp,
    gossip_port: sys.gossipPort,
    ctl_gateway_ip: sys.ctlGatewayIp,
    ctl_gateway_port: sys.ctlGatewayPort,
    http_gateway_ip: sys.httpGatewayIp,
    http_gateway_port: sys.httpGatewayPort,
    permanent: sys.permanent,
  };
}
