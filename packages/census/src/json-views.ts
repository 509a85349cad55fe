import { toIdentRecord } from '@hab/ident';
import { type ConfigTable, EMPTY_TABLE, type PlainValue, parseToml, toConfigValue } from '@hab/templating';

import type { Census, CensusGroup, CensusMember } from './census.ts';
import type { ElectionRumor, ServiceConfigRumor, ServiceFileRumor, ServiceRumor, SysInfo } from './rumor.ts';
import type { RumorStore } from './rumor-store.ts';

type Json = { readonly [key: string]: PlainValue };

/** The document of `/census`. Keys and nesting are the originals'. See spec/ring 13 and spec/supervisor 12.2. */
export function censusView(census: Census, store: RumorStore): Json {
  const { counters } = store;
  return {
    changed: false,
    census_groups: entries(census.groups, (group) => groupView(group, census.localMemberId)),
    local_member_id: census.localMemberId,
    last_service_counter: counters.services,
    last_election_counter: counters.elections,
    last_election_update_counter: counters.updateElections,
    last_membership_counter: counters.members,
    last_service_config_counter: counters.configs,
    last_service_file_counter: counters.files,
  };
}

function groupView(group: CensusGroup, localMemberId: string): Json {
  return {
    service_group: group.serviceGroup,
    election_status: electionText(group.electionStatus),
    update_election_status: electionText(group.updateElectionStatus),
    pkg_incarnation: group.pkgIncarnation,
    leader_id: group.leaderId ?? null,
    service_config: group.config === undefined ? null : { ...group.config },
    local_member_id: localMemberId,
    population: entries(group.population, (member) => memberView(member, group)),
    update_leader_id: group.updateLeaderId ?? null,
    changed_service_files: [],
    service_files: entries(group.files, ({ filename, incarnation, body }) => ({
      filename,
      incarnation,
      body: [...body],
    })),
  };
}

const electionText = (status: CensusGroup['electionStatus']): string =>
  ({ Running: 'ElectionInProgress', NoQuorum: 'ElectionNoQuorum', Finished: 'ElectionFinished', None: 'None' })[
    status ?? 'None'
  ];

/** A member as `/census` and templates show it. */
export function memberView(member: CensusMember, group: CensusGroup): Json {
  const { health } = member;
  return {
    member_id: member.memberId,
    pkg: member.pkg === undefined ? null : { ...toIdentRecord(member.pkg) },
    pkg_incarnation: member.pkgIncarnation,
    package: member.package,
    service: member.group.service,
    group: member.group.group,
    org: member.group.organization ?? null,
    // The originals say so of every member.
    persistent: true,
    leader: member.leader,
    follower: member.follower,
    update_leader: member.updateLeader,
    update_follower: member.updateFollower,
    election_is_running: group.electionStatus === 'Running',
    election_is_no_quorum: group.electionStatus === 'NoQuorum',
    election_is_finished: group.electionStatus === 'Finished',
    update_election_is_running: group.updateElectionStatus === 'Running',
    update_election_is_no_quorum: group.updateElectionStatus === 'NoQuorum',
    update_election_is_finished: group.updateElectionStatus === 'Finished',
    sys: sysView(member.sys),
    alive: health === 'Alive',
    suspect: health === 'Suspect',
    confirmed: health === 'Confirmed',
    departed: health === 'Departed',
    cfg: member.cfg,
  };
}

function sysView(sys: SysInfo): Json {
  return {
    ip: sys.ip,
    hostname: sys.hostname,
    gossip_ip: sys.gossipIp,
    gossip_port: sys.gossipPort,
    http_gateway_ip: sys.httpGatewayIp,
    http_gateway_port: sys.httpGatewayPort,
    ctl_gateway_ip: sys.ctlGatewayIp,
    ctl_gateway_port: sys.ctlGatewayPort,
  };
}

/** The document of `/butterfly`. See spec/ring 13. */
export function butterflyView(store: RumorStore): Json {
  const { counters } = store;
  const services = entries(store.services, (group) => entries(group, serviceView));
  const files = entries(store.files, (group) => entries(group, fileView));
  const elections = (part: 'elections' | 'updateElections'): Json => ({
    list: entries(store[part], (election) => ({ election: electionView(election) })),
    update_counter: counters[part],
  });
  const departures = entries(store.departures, ({ memberId }) => ({ member_id: memberId }));
  return {
    member: {
      members: entries(store.members, ({ member }) => ({
        id: member.id,
        incarnation: member.incarnation,
        address: member.address,
        swim_port: member.swimPort,
        gossip_port: member.gossipPort,
        persistent: member.persistent,
        departed: member.departed,
        probe_ping: member.probePing,
      })),
      health: entries(store.members, ({ health }) => health),
      update_counter: counters.members,
    },
    membership: entries(store.members, ({ member, health }) => ({
      address: member.address,
      gossip_port: member.gossipPort,
      incarnation: member.incarnation,
      persistent: member.persistent,
      swim_port: member.swimPort,
      health,
    })),
    service: { list: services, update_counter: counters.services },
    services,
    service_config: {
      list: entries(store.configs, (config) => ({ service_config: configView(config) })),
      update_counter: counters.configs,
    },
    latest_service_config: entries(store.configs, configView),
    service_file: { list: files, update_counter: counters.files },
    service_files: files,
    election: elections('elections'),
    latest_election: entries(store.elections, electionView),
    election_update: elections('updateElections'),
    latest_election_update: entries(store.updateElections, electionView),
    departure: {
      list: store.departures.size === 0 ? {} : { departure: departures },
      update_counter: counters.departures,
    },
    departed_members: [...store.departures.keys()].sort(),
  };
}

const serviceView = (rumor: ServiceRumor): Json => ({
  member_id: rumor.memberId,
  service_group: rumor.serviceGroup,
  package: rumor.pkg,
  package_incarnation: rumor.pkgIncarnation,
  incarnation: rumor.incarnation,
  cfg: readCfg(rumor.cfg),
  sys: sysView(rumor.sys),
  initialized: rumor.initialized,
});

function readCfg(bytes: Uint8Array): PlainValue {
  try {
    return parseToml(new TextDecoder().decode(bytes));
  } catch {
    // A peer's text that is no TOML shows as nothing.
    return EMPTY_TABLE;
  }
}

const configView = (rumor: ServiceConfigRumor): Json => ({
  from_id: rumor.fromId,
  service_group: rumor.serviceGroup,
  incarnation: rumor.incarnation,
  encrypted: rumor.encrypted,
  config: [...rumor.config],
});

const fileView = (rumor: ServiceFileRumor): Json => ({
  from_id: rumor.fromId,
  service_group: rumor.serviceGroup,
  incarnation: rumor.incarnation,
  encrypted: rumor.encrypted,
  filename: rumor.filename,
  body: [...rumor.body],
});

const electionView = (rumor: ElectionRumor): Json => ({
  member_id: rumor.fromId,
  service_group: rumor.serviceGroup,
  term: rumor.term,
  suitability: rumor.suitability,
  status: rumor.status,
  votes: rumor.votes,
});

/** Ordered by key, so that the same state prints the same bytes. */
function entries<T>(map: ReadonlyMap<string, T>, view: (value: T) => PlainValue): ConfigTable {
  const sorted = [...map].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([key, value]) => [key, toConfigValue(view(value))]));
}
