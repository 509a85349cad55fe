import { type FullIdent, parseFullIdent, parseServiceGroup, type ServiceGroup } from '@hab/ident';
import { type ConfigTable, EMPTY_TABLE, parseToml } from '@hab/templating';
import { parseGossipLayer } from '@hab/templating/config';

import type { ElectionStatus, Health, Membership, ServiceRumor, SysInfo } from './rumor.ts';
import type { RumorStore } from './rumor-store.ts';

/** One member of one service group, as templates and dashboards see it. */
export interface CensusMember {
  readonly memberId: string;
  readonly pkg: FullIdent | undefined;
  readonly package: string;
  readonly pkgIncarnation: bigint;
  readonly group: ServiceGroup;
  readonly sys: SysInfo;
  readonly health: Health;
  /** Exported configuration. */
  readonly cfg: ConfigTable;
  readonly leader: boolean;
  readonly follower: boolean;
  readonly updateLeader: boolean;
  readonly updateFollower: boolean;
}

/** One service group. */
export interface CensusGroup {
  readonly serviceGroup: string;
  readonly electionStatus: ElectionStatus | undefined;
  /** The last elected leader: during a new election the one before. */
  readonly leaderId: string | undefined;
  readonly updateElectionStatus: ElectionStatus | undefined;
  readonly updateLeaderId: string | undefined;
  readonly pkgIncarnation: bigint;
  readonly config: { readonly incarnation: bigint; readonly value: ConfigTable } | undefined;
  /** By member id, ascending. */
  readonly population: ReadonlyMap<string, CensusMember>;
  readonly files: ReadonlyMap<string, CensusFile>;
}

export interface CensusFile {
  readonly filename: string;
  readonly incarnation: bigint;
  readonly body: Uint8Array;
}

/** What one Supervisor knows of its ring, made for reading. */
export interface Census {
  readonly localMemberId: string;
  readonly groups: ReadonlyMap<string, CensusGroup>;
}

/**
 * Builds the census from what was heard. A group appears with its first service or file; a configuration alone makes
 * none. Encrypted content is left out: whoever holds the key decrypts it first. See spec/ring 11.
 *
 * @param previous - The census before: leaders stay until a new election has finished.
 */
export function toCensus(store: RumorStore, localMemberId: string, previous?: Census): Census {
  const names = new Set([...store.services.keys(), ...store.files.keys()]);
  const groups = [...names].sort().map((name): [string, CensusGroup] => {
    return [name, groupOf(store, name, localMemberId, previous?.groups.get(name))];
  });
  return { localMemberId, groups: new Map(groups) };
}

/** Who leads, who leads the update; undefined before the first election has finished. */
interface Leaders {
  readonly leaderId: string | undefined;
  readonly updateLeaderId: string | undefined;
}

function groupOf(
  store: RumorStore,
  name: string,
  localMemberId: string,
  previous: CensusGroup | undefined,
): CensusGroup {
  const election = store.elections.get(name);
  const updateElection = store.updateElections.get(name);
  const leaders: Leaders = {
    leaderId: election?.status === 'Finished' ? election.fromId : previous?.leaderId,
    updateLeaderId: updateElection?.status === 'Finished' ? updateElection.fromId : previous?.updateLeaderId,
  };
  const rumors = [...(store.services.get(name)?.values() ?? [])].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const members = rumors.map((rumor) => memberOf(rumor, store.members.get(rumor.memberId), localMemberId, leaders));
  return {
    serviceGroup: name,
    electionStatus: election?.status,
    updateElectionStatus: updateElection?.status,
    ...leaders,
    // The highest ever seen: it does not fall when the member that had it is gone.
    pkgIncarnation: members.reduce(
      (highest, member) => max(highest, member.pkgIncarnation),
      previous?.pkgIncarnation ?? 0n,
    ),
    config: configOf(store, name),
    population: new Map(members.map((member) => [member.memberId, member])),
    files: filesOf(store, name),
  };
}

/**
 * The same census, but for what one member of one group exports: what the others would see. A member that is not there
 * changes nothing.
 */
export function withMemberConfig(census: Census, serviceGroup: string, memberId: string, cfg: ConfigTable): Census {
  const group = census.groups.get(serviceGroup);
  const member = group?.population.get(memberId);
  if (group === undefined || member === undefined) return census;
  const population = new Map([...group.population, [memberId, { ...member, cfg }]]);
  return { ...census, groups: new Map([...census.groups, [serviceGroup, { ...group, population }]]) };
}

function memberOf(
  rumor: ServiceRumor,
  membership: Membership | undefined,
  localMemberId: string,
  { leaderId, updateLeaderId }: Leaders,
): CensusMember {
  const { memberId, sys } = rumor;
  return {
    memberId,
    pkg: tryParse(() => parseFullIdent(rumor.pkg)),
    package: rumor.pkg,
    pkgIncarnation: rumor.pkgIncarnation,
    group: parseServiceGroup(rumor.serviceGroup),
    // Where the ring reaches the member wins over where it says it listens.
    sys:
      membership === undefined
        ? sys
        : { ...sys, gossipIp: membership.member.address, gossipPort: membership.member.gossipPort },
    health: membership?.health ?? (memberId === localMemberId ? 'Alive' : 'Confirmed'),
    cfg: tryParse(() => parseToml(new TextDecoder().decode(rumor.cfg))) ?? EMPTY_TABLE,
    leader: leaderId === memberId,
    follower: leaderId !== undefined && leaderId !== memberId,
    updateLeader: updateLeaderId === memberId,
    updateFollower: updateLeaderId !== undefined && updateLeaderId !== memberId,
  };
}

/** The configuration that applies to a group, whether or not the census has the group yet. */
export function configOf(store: RumorStore, name: string): CensusGroup['config'] {
  const rumor = store.configs.get(name);
  if (rumor === undefined || rumor.encrypted || rumor.incarnation === 0n) return undefined;
  const value = tryParse(() => parseGossipLayer(rumor.config));
  return value === undefined ? undefined : { incarnation: rumor.incarnation, value };
}

function filesOf(store: RumorStore, name: string): ReadonlyMap<string, CensusFile> {
  const rumors = [...(store.files.get(name)?.values() ?? [])].filter(
    (file) => !file.encrypted && file.incarnation > 0n,
  );
  return new Map(rumors.map(({ filename, incarnation, body }) => [filename, { filename, incarnation, body }]));
}

/** What a peer sent may be anything; one bad text must not take the census with it. */
function tryParse<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);
