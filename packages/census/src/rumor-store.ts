import { mergeElections } from './merge-election.ts';
import type {
  DepartureRumor,
  ElectionRumor,
  Health,
  Membership,
  Rumor,
  ServiceConfigRumor,
  ServiceFileRumor,
  ServiceRumor,
} from './rumor.ts';

type ByKey<T> = ReadonlyMap<string, T>;

/** Everything a member has heard. A value: merging makes a new one. */
export interface RumorStore {
  readonly members: ByKey<Membership>;
  /** By group, then member. */
  readonly services: ByKey<ByKey<ServiceRumor>>;
  readonly configs: ByKey<ServiceConfigRumor>;
  /** By group, then file name. */
  readonly files: ByKey<ByKey<ServiceFileRumor>>;
  readonly elections: ByKey<ElectionRumor>;
  readonly updateElections: ByKey<ElectionRumor>;
  readonly departures: ByKey<DepartureRumor>;
  /** How often each part has changed. */
  readonly counters: Readonly<Record<StorePart, bigint>>;
}

export type StorePart = 'members' | 'services' | 'configs' | 'files' | 'elections' | 'updateElections' | 'departures';

export const EMPTY_STORE: RumorStore = {
  members: new Map(),
  services: new Map(),
  configs: new Map(),
  files: new Map(),
  elections: new Map(),
  updateElections: new Map(),
  departures: new Map(),
  counters: { members: 0n, services: 0n, configs: 0n, files: 0n, elections: 0n, updateElections: 0n, departures: 0n },
};

/** What became of a rumor. */
export interface MergeResult {
  readonly store: RumorStore;
  /** `stale`: what is held is as new or newer, and stays. */
  readonly outcome: 'changed' | 'stale';
  /** Incarnation that is held now. */
  readonly incarnation: bigint;
}

/**
 * Takes in a rumor: kept when nothing is held under its key, or its incarnation is greater. Of equal ones the first
 * seen stays. Members also follow worse news of the same incarnation; elections have rules of their own.
 *
 * @see spec/ring 8.1
 */
export function mergeRumor(store: RumorStore, rumor: Rumor): MergeResult {
  switch (rumor.type) {
    case 'member':
      return mergeMember(store, rumor.membership);
    case 'service':
      return mergeNested(store, 'services', store.services, rumor.serviceGroup, rumor.memberId, rumor);
    case 'service-file':
      return mergeNested(store, 'files', store.files, rumor.serviceGroup, rumor.filename, rumor);
    case 'service-config': {
      const held = store.configs.get(rumor.serviceGroup);
      if (held !== undefined && held.incarnation >= rumor.incarnation) return stale(store, held.incarnation);
      const configs = new Map(store.configs).set(rumor.serviceGroup, rumor);
      return changed({ ...store, configs }, 'configs', rumor.incarnation);
    }
    case 'election':
    case 'election-update': {
      const part = rumor.type === 'election' ? 'elections' : 'updateElections';
      const held = store[part].get(rumor.serviceGroup);
      const { election, share } = held === undefined ? { election: rumor, share: true } : mergeElections(held, rumor);
      if (!share) return stale(store, election.term);
      return changed({ ...store, [part]: new Map(store[part]).set(rumor.serviceGroup, election) }, part, election.term);
    }
    case 'departure': {
      if (store.departures.has(rumor.memberId)) return stale(store, 0n);
      const departures = new Map(store.departures).set(rumor.memberId, rumor);
      return changed({ ...store, departures }, 'departures', 0n);
    }
  }
}

/** From the best to the worst: of the same incarnation only worse news is believed. */
const HEALTH_ORDER: readonly Health[] = ['Alive', 'Suspect', 'Confirmed', 'Departed'];

/** A newer incarnation always wins. See spec/ring 7.2. */
function mergeMember(store: RumorStore, membership: Membership): MergeResult {
  const { member, health } = membership;
  const held = store.members.get(member.id);
  if (held !== undefined) {
    const worse = HEALTH_ORDER.indexOf(health) > HEALTH_ORDER.indexOf(held.health);
    const newer = member.incarnation > held.member.incarnation;
    if (!newer && !(member.incarnation === held.member.incarnation && worse))
      return stale(store, held.member.incarnation);
  }
  const members = new Map(store.members).set(member.id, membership);
  return changed({ ...store, members }, 'members', member.incarnation);
}

function mergeNested<T extends ServiceRumor | ServiceFileRumor>(
  store: RumorStore,
  part: 'services' | 'files',
  groups: ByKey<ByKey<T>>,
  group: string,
  key: string,
  rumor: T,
): MergeResult {
  const held = groups.get(group)?.get(key);
  if (held !== undefined && held.incarnation >= rumor.incarnation) return stale(store, held.incarnation);
  const inner = new Map(groups.get(group)).set(key, rumor);
  return changed({ ...store, [part]: new Map(groups).set(group, inner) }, part, rumor.incarnation);
}

const stale = (store: RumorStore, incarnation: bigint): MergeResult => ({ store, outcome: 'stale', incarnation });

function changed(store: RumorStore, part: StorePart, incarnation: bigint): MergeResult {
  const counters = { ...store.counters, [part]: BigInt.asUintN(64, store.counters[part] + 1n) };
  return { store: { ...store, counters }, outcome: 'changed', incarnation };
}
