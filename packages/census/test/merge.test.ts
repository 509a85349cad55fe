import { expect, test } from 'vitest';

import {
  type ElectionRumor,
  type ElectionStatus,
  EMPTY_STORE,
  type Health,
  mergeElections,
  mergeRumor,
  type Rumor,
  type RumorStore,
  toCensus,
} from '../src/index.ts';

const STATUS: Readonly<Record<string, ElectionStatus>> = { R: 'Running', N: 'NoQuorum', F: 'Finished' };

/** `b t0 s7 N [b a]`, as the table of the chapter writes it. */
function election(text: string): ElectionRumor {
  const [, fromId = '', term = '0', suitability = '0', status = 'R', votes = ''] =
    /^(\w) t(\d+) s(\d+) ([RNF]) \[([\w ]*)\]$/.exec(text) ?? [];
  return {
    type: 'election',
    fromId,
    serviceGroup: 'redis.default',
    term: BigInt(term),
    suitability: BigInt(suitability),
    status: STATUS[status] ?? 'Running',
    votes: votes.split(' ').filter((vote) => vote !== ''),
  };
}

test.for([
  ['a t0 s0 R [a]', 'a t0 s0 R [a]', 'a t0 s0 R [a]', false],
  ['a t0 s0 R [a]', 'b t0 s0 R [b]', 'b t0 s0 R [b a]', true],
  ['b t0 s0 R [b]', 'a t0 s0 R [a]', 'b t0 s0 R [b a]', true],
  ['a t0 s1 R [a]', 'b t0 s0 R [b]', 'a t0 s1 R [a b]', true],
  ['a t0 s0 R [a]', 'b t0 s7 N [b]', 'b t0 s7 N [b a]', true],
  ['b t0 s0 R [b a]', 'b t0 s0 R [a b]', 'b t0 s0 R [b a]', true],
  ['c t1 s5 F [c a b]', 'a t1 s9 R [a]', 'c t1 s5 F [c a b]', true],
  ['c t1 s5 F [c a b]', 'd t1 s0 F [d]', 'd t1 s0 F [d]', true],
  ['c t2 s5 R [c]', 'd t1 s9 F [d]', 'c t2 s5 R [c]', true],
  ['c t1 s5 F [c a b]', 'd t2 s0 R [d]', 'c t1 s5 F [c a b d]', true],
  ['a t3 s0 N [a]', 'c t3 s5 F [c b]', 'c t3 s5 F [c b]', true],
] as const)('%s and %s make %s', ([stored, received, result, share]) => {
  expect(mergeElections(election(stored), election(received))).toEqual({ election: election(result), share });
});

test.for([
  ['c', 4, ['a t0 s0 R [a]', 'b t0 s0 R [b]', 'c t0 s1 R [c]', 'd t0 s0 R [d]']],
  ['d', 4, ['a t0 s0 R [a]', 'b t0 s0 R [b]', 'c t0 s0 R [c]', 'd t0 s0 R [d]']],
] as const)('a chain of candidates ends with %s and %s votes', ([candidate, votes, chain]) => {
  const [first, ...others] = chain.map(election);
  if (first === undefined) throw new Error('no candidate');
  const last = others.reduce((held, next) => mergeElections(held, next).election, first);
  expect([last.fromId, last.votes.length]).toEqual([candidate, votes]);
});

test('an election without news is stale, every other changes its own store and counter', () => {
  const first = mergeRumor(EMPTY_STORE, election('a t0 s0 R [a]'));
  expect(mergeRumor(first.store, election('a t0 s0 R [a]'))).toMatchObject({ outcome: 'stale', store: first.store });
  const second = mergeRumor(first.store, { ...election('b t0 s0 R [b]'), type: 'election-update' });
  expect(second.store.elections.get('redis.default')?.fromId).toBe('a');
  expect(second.store.updateElections.get('redis.default')?.fromId).toBe('b');
  expect([second.store.counters.elections, second.store.counters.updateElections]).toEqual([1n, 1n]);
});

const HEALTHS: readonly Health[] = ['Alive', 'Suspect', 'Confirmed', 'Departed'];
const member = (health: Health, incarnation: bigint): Rumor => ({
  type: 'member',
  fromId: 'x',
  membership: {
    health,
    member: {
      id: 'm',
      incarnation,
      address: '',
      swimPort: 1,
      gossipPort: 2,
      persistent: false,
      departed: false,
      probePing: false,
    },
  },
});

test.for(HEALTHS.flatMap((stored) => HEALTHS.map((incoming) => [stored, incoming] as const)))(
  'a member held %s and heard of as %s',
  ([stored, incoming]) => {
    const { store } = mergeRumor(EMPTY_STORE, member(stored, 5n));
    const outcomes = [4n, 5n, 6n].map((incarnation) => mergeRumor(store, member(incoming, incarnation)).outcome);
    const worse = HEALTHS.indexOf(incoming) > HEALTHS.indexOf(stored);
    expect(outcomes).toEqual(['stale', worse ? 'changed' : 'stale', 'changed']);
    expect(mergeRumor(store, member(incoming, 4n)).store).toBe(store);
  },
);

const service = (memberId: string, pkgIncarnation = 0n): Rumor => ({
  type: 'service',
  fromId: memberId,
  memberId,
  serviceGroup: 'redis.default',
  incarnation: pkgIncarnation + 1n,
  initialized: false,
  pkg: 'core/redis/4.0.14/20200421190813',
  cfg: new Uint8Array(),
  sys: {
    ip: '',
    hostname: '',
    gossipIp: '',
    gossipPort: 0,
    httpGatewayIp: '',
    httpGatewayPort: 0,
    ctlGatewayIp: '',
    ctlGatewayPort: 0,
  },
  pkgIncarnation,
});

const merged = (...rumors: readonly Rumor[]): RumorStore =>
  rumors.reduce((store, rumor) => mergeRumor(store, rumor).store, EMPTY_STORE);

test('the leader stays until a new election has finished', () => {
  const held = merged(service('a'), service('b'), election('b t0 s0 F [b a]'));
  const before = toCensus(held, 'a');
  expect(before.groups.get('redis.default')?.leaderId).toBe('b');
  const running = { ...held, elections: new Map([['redis.default', election('a t1 s0 R [a]')]]) };
  const group = toCensus(running, 'a', before).groups.get('redis.default');
  expect([group?.leaderId, group?.electionStatus]).toEqual(['b', 'Running']);
  expect(toCensus(running, 'a').groups.get('redis.default')?.leaderId).toBeUndefined();
});

test('the election of an update names its own leader and followers', () => {
  const update: Rumor = { ...election('b t0 s0 F [b]'), type: 'election-update' };
  const group = toCensus(merged(service('a'), service('b'), update), 'a').groups.get('redis.default');
  expect([group?.updateLeaderId, group?.updateElectionStatus, group?.leaderId]).toEqual(['b', 'Finished', undefined]);
  expect(
    [...(group?.population.values() ?? [])].map(({ updateLeader, updateFollower }) => [updateLeader, updateFollower]),
  ).toEqual([
    [false, true],
    [true, false],
  ]);
});

test('the incarnation of a group never falls', () => {
  const before = toCensus(merged(service('a', 7n)), 'a');
  expect(toCensus(merged(service('a', 3n)), 'a', before).groups.get('redis.default')?.pkgIncarnation).toBe(7n);
});
