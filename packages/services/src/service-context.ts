import type { Census, CensusGroup, CensusMember } from '@hab/census';
import { memberView } from '@hab/census';
import { type Bind, formatIdent, formatServiceGroup, type ServiceGroup, toIdentRecord } from '@hab/ident';
import { type ConfigTable, type PlainValue, toConfigTable } from '@hab/templating';

import { type BoundGroup, statusOfBind } from './binds.ts';
import type { DeclaredBind, ServicePackage } from './service-package.ts';

/** Everything that a service's templates can see. See spec/templating 9. */
export interface ContextFacts {
  readonly sys: SysFacts;
  readonly pkg: ServicePackage;
  /** Environment that its hooks get from the package, PATH included. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly group: string;
  readonly paths: Readonly<
    Record<'directory' | 'config' | 'data' | 'files' | 'static' | 'var' | 'pid' | 'run', string>
  >;
  readonly cfg: ConfigTable;
  readonly serviceGroup: ServiceGroup;
  readonly census: Census;
  readonly binds: readonly Bind[];
}

/** The local Supervisor. */
export interface SysFacts {
  readonly version: string;
  readonly memberId: string;
  readonly ip: string;
  readonly hostname: string;
  readonly gossipIp: string;
  readonly gossipPort: number;
  readonly httpGatewayIp: string;
  readonly httpGatewayPort: number;
  readonly ctlGatewayIp: string;
  readonly ctlGatewayPort: number;
  readonly permanent: boolean;
}

/** The root of every path in a service's templates, in the order in which it prints. */
export function serviceContext(facts: ContextFacts): ConfigTable {
  return toConfigTable({
    sys: sysContext(facts.sys),
    pkg: packageContext(facts),
    cfg: facts.cfg,
    svc: groupContext(facts),
    bind: bindContext(facts),
  });
}

type Plain = { readonly [key: string]: PlainValue };

/** `sys`, also a part of the HTTP gateway's service object. */
export function sysContext(sys: SysFacts): Plain {
  return {
    version: sys.version,
    member_id: sys.memberId,
    ip: sys.ip,
    hostname: sys.hostname,
    gossip_ip: sys.gossipIp,
    gossip_port: sys.gossipPort,
    http_gateway_ip: sys.httpGatewayIp,
    http_gateway_port: sys.httpGatewayPort,
    ctl_gateway_ip: sys.ctlGatewayIp,
    ctl_gateway_port: sys.ctlGatewayPort,
    permanent: sys.permanent,
  };
}

function packageContext({ pkg, env, user, group, paths }: ContextFacts): Plain {
  const { ident } = pkg;
  return {
    ident: formatIdent(ident),
    origin: ident.origin,
    name: ident.name,
    version: ident.version,
    release: ident.release,
    deps: pkg.tdeps.map((dependency) => ({ ...toIdentRecord(dependency) })),
    env: Object.fromEntries(Object.entries(env).sort(([a], [b]) => (a < b ? -1 : 1))),
    exposes: pkg.exposes,
    exports: Object.fromEntries(pkg.exports),
    path: pkg.prefix,
    svc_path: paths.directory,
    svc_config_path: paths.config,
    svc_data_path: paths.data,
    svc_files_path: paths.files,
    svc_static_path: paths.static,
    svc_var_path: paths.var,
    svc_pid_file: paths.pid,
    svc_run: paths.run,
    svc_user: user,
    svc_group: group,
  };
}

function groupContext({ serviceGroup, census, sys }: ContextFacts): Plain {
  const group = census.groups.get(formatServiceGroup(serviceGroup));
  const me = group?.population.get(sys.memberId);
  const view = (member: CensusMember | undefined): PlainValue =>
    member === undefined || group === undefined ? null : memberView(member, group);
  const leader = leaderOf(group);
  return {
    service: serviceGroup.service,
    group: serviceGroup.group,
    org: serviceGroup.organization ?? null,
    election_is_running: group?.electionStatus === 'Running',
    election_is_no_quorum: group?.electionStatus === 'NoQuorum',
    election_is_finished: group?.electionStatus === 'Finished',
    update_election_is_running: false,
    update_election_is_no_quorum: false,
    update_election_is_finished: false,
    me: view(me),
    members: activeMembers(group).map(view),
    leader: view(leader),
    first: view(leader ?? [...(group?.population.values() ?? [])][0]),
    update_leader: null,
  };
}

/** Binds that are satisfied now; the others are not there at all. */
function bindContext({ binds, pkg, census }: ContextFacts): Plain {
  const declared = new Map([...pkg.binds, ...pkg.bindsOptional].map((bind) => [bind.name, bind]));
  const entries = [...binds]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((bind): [string, PlainValue][] => {
      const group = census.groups.get(formatServiceGroup(bind.serviceGroup));
      const wanted = declared.get(bind.name);
      if (group === undefined || wanted === undefined || !isSatisfied(wanted, group)) return [];
      const members = activeMembers(group);
      const leader = leaderOf(group);
      const first = leader ?? members[0];
      return [
        [
          bind.name,
          {
            first: first === undefined ? null : memberView(first, group),
            leader: leader === undefined ? null : memberView(leader, group),
            members: members.map((member) => memberView(member, group)),
          },
        ],
      ];
    });
  return Object.fromEntries(entries);
}

const isSatisfied = (declared: DeclaredBind, group: CensusGroup): boolean =>
  statusOfBind(declared, boundGroup(group)).type === 'satisfied';

/** A group of the census as a bind sees it. */
export function boundGroup(group: CensusGroup): BoundGroup {
  const members = activeMembers(group);
  const speaker = leaderOf(group) ?? members[0];
  return { activeMembers: members.length, exportedKeys: new Set(speaker?.cfg.keys() ?? []) };
}

function leaderOf(group: CensusGroup | undefined): CensusMember | undefined {
  return group?.leaderId === undefined ? undefined : group.population.get(group.leaderId);
}

/** Alive or suspect, by member id. */
function activeMembers(group: CensusGroup | undefined): CensusMember[] {
  return [...(group?.population.values() ?? [])].filter(({ health }) => health === 'Alive' || health === 'Suspect');
}
