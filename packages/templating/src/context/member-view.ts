import type { FullIdent } from '@hab/ident';

import type { ConfigTable, ConfigValue } from '../values.ts';
import type { AddressFacts, ElectionPhase, GroupFacts, MemberFacts } from './facts.ts';

type Entry = readonly [string, ConfigValue];

/** `{origin, name, version, release}` */
export function identTable({ origin, name, version, release }: FullIdent): ConfigTable {
  return new Map([
    ['origin', origin],
    ['name', name],
    ['version', version],
    ['release', release],
  ]);
}

export function addressEntries(facts: AddressFacts): readonly Entry[] {
  return [
    ['ip', facts.ip],
    ['hostname', facts.hostname],
    ['gossip_ip', facts.gossipIp],
    ['gossip_port', BigInt(facts.gossipPort)],
    ['http_gateway_ip', facts.httpGatewayIp],
    ['http_gateway_port', BigInt(facts.httpGatewayPort)],
    ['ctl_gateway_ip', facts.ctlGatewayIp],
    ['ctl_gateway_port', BigInt(facts.ctlGatewayPort)],
  ];
}

/** Three booleans that tell how far an election is; all false before the first. */
export function electionEntries(prefix: '' | 'update_', phase: ElectionPhase = 'none'): readonly Entry[] {
  return [
    [`${prefix}election_is_running`, phase === 'running'],
    [`${prefix}election_is_no_quorum`, phase === 'no-quorum'],
    [`${prefix}election_is_finished`, phase === 'finished'],
  ];
}

/** A member as templates see it. See spec/templating 9. */
export function memberTable(member: MemberFacts, group: GroupFacts): ConfigTable {
  const { memberId, pkg, health } = member;
  const { service, group: groupName, organization } = group.serviceGroup;
  return new Map<string, ConfigValue>([
    ['member_id', memberId],
    ['pkg', identTable(pkg)],
    ['pkg_incarnation', member.pkgIncarnation],
    ['package', `${pkg.origin}/${pkg.name}/${pkg.version}/${pkg.release}`],
    ['service', service],
    ['group', groupName],
    ['org', organization ?? null],
    ['persistent', member.persistent ?? true],
    ['leader', group.leaderId === memberId],
    ['follower', group.leaderId !== undefined && group.leaderId !== memberId],
    ['update_leader', group.updateLeaderId === memberId],
    ['update_follower', group.updateLeaderId !== undefined && group.updateLeaderId !== memberId],
    ...electionEntries('', group.election),
    ...electionEntries('update_', group.updateElection),
    ['sys', new Map(addressEntries(member.sys))],
    ['alive', health === 'alive'],
    ['suspect', health === 'suspect'],
    ['confirmed', health === 'confirmed'],
    ['departed', health === 'departed'],
    ['cfg', member.cfg],
  ]);
}
