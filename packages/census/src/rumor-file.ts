import { isHabError } from '@hab/core';

import { decodeMembership, decodeRumor, encodeMembership, encodeRumor } from './codec.ts';
import { CensusError } from './errors.ts';
import type { Membership, Rumor } from './rumor.ts';
import { EMPTY_STORE, mergeRumor, type RumorStore } from './rumor-store.ts';

const VERSION = 2;
const SECTIONS = { 1: 6, 2: 7 } as const;
/** Stores of thousands of members have a few megabytes. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

/** Writes the `.rst` file of a store: sections of length-prefixed records, ordered by key. See spec/ring 4.1. */
export function encodeRumorFile(store: RumorStore): Uint8Array<ArrayBuffer> {
  const nested = <T extends Rumor>(groups: ReadonlyMap<string, ReadonlyMap<string, T>>): Uint8Array[] =>
    byKey(groups).flatMap((group) => byKey(group).map(encodeRumor));
  const sections = [
    byKey(store.members).map(encodeMembership),
    nested(store.services),
    byKey(store.configs).map(encodeRumor),
    nested(store.files),
    byKey(store.elections).map(encodeRumor),
    byKey(store.updateElections).map(encodeRumor),
    byKey(store.departures).map(encodeRumor),
  ].map(encodeSection);
  const headerBytes = 8 * (sections.length + 1);
  const size = 1 + headerBytes + sections.reduce((sum, section) => sum + section.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  bytes[0] = VERSION;
  view.setBigUint64(1, BigInt(headerBytes), true);
  let offset = 1 + headerBytes;
  for (const [index, section] of sections.entries()) {
    view.setBigUint64(9 + 8 * index, BigInt(section.length), true);
    bytes.set(section, offset);
    offset += section.length;
  }
  return bytes;
}

/**
 * Reads an `.rst` file of version 1 or 2, each record through the merge of its type. An empty file is an empty store.
 *
 * @throws {@link CensusError} `CENSUS_STORE_INVALID`: the caller sets the file aside, says so and goes on.
 */
export function decodeRumorFile(bytes: Uint8Array): RumorStore {
  if (bytes.length === 0) return EMPTY_STORE;
  if (bytes.length > MAX_FILE_BYTES) throw invalid(`${bytes.length} bytes`);
  const version = bytes[0];
  if (version !== 1 && version !== 2) throw invalid(`version ${version}`);
  const reader = new Reader(bytes, 1);
  if (version === 2) reader.length();
  const lengths = Array.from({ length: SECTIONS[version] }, () => reader.length());
  const sections = lengths.map((length) => reader.take(length));
  try {
    let store = EMPTY_STORE;
    for (const [index, section] of sections.entries()) {
      for (const record of recordsOf(section)) store = mergeRumor(store, readRecord(index, record)).store;
    }
    return store;
  } catch (error) {
    if (!isHabError(error, 'CENSUS_RUMOR_INVALID')) throw error;
    throw invalid(error.message, error);
  }
}

function readRecord(section: number, record: Uint8Array): Rumor {
  if (section > 0) return decodeRumor(record);
  const membership: Membership = decodeMembership(record);
  return { type: 'member', fromId: membership.member.id, membership };
}

function encodeSection(records: readonly Uint8Array[]): Uint8Array {
  const size = records.reduce((sum, record) => sum + 8 + record.length, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const record of records) {
    view.setBigUint64(offset, BigInt(record.length), true);
    bytes.set(record, offset + 8);
    offset += 8 + record.length;
  }
  return bytes;
}

function* recordsOf(section: Uint8Array): Generator<Uint8Array> {
  const reader = new Reader(section, 0);
  while (!reader.done) yield reader.take(reader.length());
}

class Reader {
  readonly #bytes: Uint8Array;
  #offset: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** A u64, compared with what is left before anybody trusts it. */
  length(): number {
    const raw = this.take(8);
    const value = new DataView(raw.buffer, raw.byteOffset).getBigUint64(0, true);
    if (value > BigInt(this.#bytes.length)) throw invalid('a length beyond the end');
    return Number(value);
  }

  take(length: number): Uint8Array {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw invalid('it ends too early');
    const part = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }
}

function byKey<T>(map: ReadonlyMap<string, T>): T[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}

function invalid(reason: string, cause?: unknown): CensusError<'CENSUS_STORE_INVALID'> {
  return new CensusError('CENSUS_STORE_INVALID', `Not a store of rumors: ${reason}`, { details: { reason }, cause });
}
