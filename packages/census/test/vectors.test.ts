import { readFileSync } from 'node:fs';
import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { decodeRumor, decodeRumorFile, encodeRumor, encodeRumorFile } from '../src/index.ts';

interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly schema?: string;
  readonly context?: string;
  readonly hex: string;
  readonly message?: Record<string, never>;
}
const file = new URL('../../../vectors/ring/vectors.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vector[];
const of = (kind: string, field: 'schema' | 'context', value: string): Vector[] =>
  vectors.filter((vector) => vector.kind === kind && vector[field] === value);
const bytes = ({ hex }: Vector): Buffer => Buffer.from(hex, 'hex');

test('there is something to test', () => {
  expect(of('roundtrip', 'schema', 'Rumor').length).toBeGreaterThan(10);
  expect(of('reject', 'context', 'rumor').length).toBeGreaterThan(3);
});

test.for(of('roundtrip', 'schema', 'Rumor').filter(({ name }) => name !== 'rumor_service_0_64'))(
  '$name survives',
  (vector) => {
    expect(Buffer.from(encodeRumor(decodeRumor(bytes(vector)))).toString('hex')).toBe(vector.hex);
  },
);

test('a service of 0.64 is read; its application and environment are dropped', () => {
  const [vector] = of('roundtrip', 'schema', 'Rumor').filter(({ name }) => name === 'rumor_service_0_64');
  if (vector === undefined) throw new Error('no such vector');
  expect(decodeRumor(bytes(vector))).toMatchObject({ type: 'service', serviceGroup: expect.not.stringContaining('#') });
});

test.for(of('reject', 'context', 'rumor'))('$name is dropped', (vector) => {
  expect(thrownBy(() => decodeRumor(bytes(vector)))).toMatchObject({ code: 'CENSUS_RUMOR_INVALID' });
});

test.for(of('decode_only', 'schema', 'Rumor'))('$name is read with its defaults', (vector) => {
  const rumor = decodeRumor(bytes(vector));
  if (rumor.type === 'member') expect(rumor.membership.health).toBe('Alive');
  else if (rumor.type === 'election' || rumor.type === 'election-update') expect(rumor.status).toBe('Running');
  else throw new Error(`unexpected ${rumor.type}`);
});

test('an empty store is 65 bytes', () => {
  const [vector] = vectors.filter(({ name }) => name === 'rst_v2_empty');
  expect(Buffer.from(encodeRumorFile(decodeRumorFile(new Uint8Array()))).toString('hex')).toBe(vector?.hex);
});

test('a store of version 1 is read, and written as version 2 with the same records', () => {
  const [vector] = vectors.filter(({ name }) => name === 'rst_v1');
  if (vector === undefined) throw new Error('no such vector');
  const store = decodeRumorFile(bytes(vector));
  expect([store.members.size, store.services.size, store.configs.size, store.files.size]).toEqual([2, 1, 1, 1]);
  const again = encodeRumorFile(store);
  expect(again[0]).toBe(2);
  expect(encodeRumorFile(decodeRumorFile(again))).toEqual(again);
});

test('a store that ends anywhere is refused, and nothing hangs', () => {
  const [vector] = vectors.filter(({ name }) => name === 'rst_v1');
  if (vector === undefined) throw new Error('no such vector');
  for (let length = 1; length < bytes(vector).length; length += 7) {
    expect(thrownBy(() => decodeRumorFile(bytes(vector).subarray(0, length)))).toMatchObject({
      code: 'CENSUS_STORE_INVALID',
    });
  }
});

test.for([
  ['version 0', '00'],
  ['version 3', `03${'00'.repeat(64)}`],
  ['a huge section', `02${'4000000000000000'}${'ffffffffffffffff'.repeat(7)}`],
  ['a huge record', `01${'0800000000000000'}${'00'.repeat(40)}ffffffffffffff7f`],
] as const)('refuses %s', ([, hex]) => {
  expect(thrownBy(() => decodeRumorFile(Buffer.from(hex, 'hex')))).toMatchObject({ code: 'CENSUS_STORE_INVALID' });
});
