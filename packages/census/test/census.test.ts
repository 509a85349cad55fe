import { readFileSync } from 'node:fs';
import { formatJson, toConfigValue } from '@hab/templating';
import { expect, test } from 'vitest';

import {
  butterflyView,
  CONTROL_SENDER,
  censusView,
  EMPTY_STORE,
  mergeRumor,
  type Rumor,
  type RumorStore,
  toCensus,
  withMemberConfig,
} from '../src/index.ts';

const recorded = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../vectors/services/${name}.json`, import.meta.url), 'utf8'));
const me = 'c36f81dbeea04629953a1d165ca5b1ac';
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const sys = {
  ip: '192.0.2.2',
  hostname: 'vm',
  gossipIp: '0.0.0.0',
  gossipPort: 9638,
  httpGatewayIp: '0.0.0.0',
  httpGatewayPort: 9631,
  ctlGatewayIp: '127.0.0.1',
  ctlGatewayPort: 9632,
};
const member: Rumor = {
  type: 'member',
  fromId: me,
  membership: {
    member: {
      id: me,
      incarnation: 0n,
      address: '127.0.0.1',
      swimPort: 9638,
      gossipPort: 9638,
      persistent: false,
      departed: false,
      probePing: false,
    },
    health: 'Alive',
  },
};
const service: Rumor = {
  type: 'service',
  fromId: me,
  memberId: me,
  serviceGroup: 'greeter.default',
  incarnation: 1n,
  initialized: false,
  pkg: 'acme/greeter/0.1.0/20261121115100',
  cfg: bytes('host = "0.0.0.0"\nport = 8085\nwords = ["hello", "bonjour"]\n'),
  sys,
  pkgIncarnation: 0n,
};
const config = (incarnation: bigint, text: string, encrypted = false): Rumor => ({
  type: 'service-config',
  fromId: CONTROL_SENDER,
  serviceGroup: 'greeter.default',
  incarnation,
  encrypted,
  config: bytes(text),
});
const merge = (...rumors: readonly Rumor[]): RumorStore =>
  rumors.reduce((store, rumor) => mergeRumor(store, rumor).store, EMPTY_STORE);
const json = (value: Parameters<typeof toConfigValue>[0]): unknown => JSON.parse(formatJson(toConfigValue(value)));

test('/census of one member is the recorded document', () => {
  const store = merge(member, service);
  expect(json(censusView(toCensus(store, me), store))).toEqual(recorded('census'));
});

test('/butterfly of one member is the recorded document', () => {
  expect(json(butterflyView(merge(member, service)))).toEqual(recorded('butterfly'));
});

test('a configuration replaces an older one, and nothing else', () => {
  const first = mergeRumor(merge(service), config(5n, 'a = 1'));
  expect(first).toMatchObject({ outcome: 'changed', incarnation: 5n });
  for (const incarnation of [5n, 3n, 0n]) {
    const again = mergeRumor(first.store, config(incarnation, 'a = 2'));
    expect(again).toMatchObject({ outcome: 'stale', incarnation: 5n });
    expect(again.store).toBe(first.store);
  }
  const next = mergeRumor(first.store, config(6n, 'b = 3'));
  const group = toCensus(next.store, me).groups.get('greeter.default');
  expect(group?.config).toEqual({ incarnation: 6n, value: new Map([['b', 3n]]) });
  expect(next.store.counters.configs).toBe(2n);
});

test('a configuration alone makes no group, and waits for one', () => {
  const store = merge(config(1n, 'a = 1'));
  expect(toCensus(store, me).groups.size).toBe(0);
  expect(toCensus(mergeRumor(store, service).store, me).groups.get('greeter.default')?.config?.incarnation).toBe(1n);
});

test.for([
  ['no TOML', config(1n, 'a = = 1')],
  ['no text', { ...config(1n, ''), config: Uint8Array.of(0xff, 0xfe) } as Rumor],
  ['encrypted', config(1n, 'a = 1', true)],
  ['of version 0', config(0n, 'a = 1')],
  ['too large', config(1n, `a = "${'x'.repeat(70_000)}"`)],
] as const)('a configuration that is %s does not apply', ([, rumor]) => {
  expect(toCensus(merge(service, rumor), me).groups.get('greeter.default')?.config).toBeUndefined();
});

test('a member with broken facts is there, with nothing in them', () => {
  const broken: Rumor = { ...service, pkg: 'nonsense', cfg: bytes('= ='), memberId: 'f'.repeat(32) } as Rumor;
  const group = toCensus(merge(broken), me).groups.get('greeter.default');
  const [other] = [...(group?.population.values() ?? [])];
  expect(other).toMatchObject({ pkg: undefined, package: 'nonsense', health: 'Confirmed' });
  expect(other?.cfg.size).toBe(0);
});

test('files: newest of each name', () => {
  const file = (incarnation: bigint, body: string): Rumor => ({
    type: 'service-file',
    fromId: CONTROL_SENDER,
    serviceGroup: 'greeter.default',
    incarnation,
    encrypted: false,
    filename: 'a.txt',
    body: bytes(body),
  });
  const store = merge(file(2n, 'two'), file(1n, 'one'), file(3n, 'three'));
  expect(toCensus(store, me).groups.get('greeter.default')?.files.get('a.txt')?.body).toEqual(bytes('three'));
});

test('an election that is finished names leader and followers', () => {
  const election: Rumor = {
    type: 'election',
    fromId: me,
    serviceGroup: 'greeter.default',
    term: 1n,
    suitability: 0n,
    status: 'Finished',
    votes: [me],
  };
  const other: Rumor = { ...service, memberId: 'a'.repeat(32) } as Rumor;
  const group = toCensus(merge(service, other, election), me).groups.get('greeter.default');
  expect(group?.leaderId).toBe(me);
  expect([...(group?.population.values() ?? [])].map(({ leader, follower }) => [leader, follower])).toEqual([
    [false, true],
    [true, false],
  ]);
});

test('a census with other exports of one member leaves everything else as it is', () => {
  const census = toCensus(merge(member, service), me);
  const other = withMemberConfig(census, 'greeter.default', me, new Map([['port', 9n]]));
  expect(other.groups.get('greeter.default')?.population.get(me)?.cfg).toEqual(new Map([['port', 9n]]));
  expect(census.groups.get('greeter.default')?.population.get(me)?.cfg.get('port')).toBe(8085n);
  expect(withMemberConfig(census, 'other.default', me, new Map())).toBe(census);
  expect(withMemberConfig(census, 'greeter.default', 'nobody', new Map())).toBe(census);
});
