import { compareByteOrder } from './byte-order.ts';
import { rejected } from './errors.ts';
import { MAX_IDENT_LENGTH } from './limits.ts';

/** Where a version falls apart: dotted numbers, and whatever follows them. */
export interface VersionParts {
  /** As written, between the dots; not yet known to be numbers. */
  readonly numbers: readonly string[];
  /** Without one leading `-`; absent when nothing follows. */
  readonly extension?: string | undefined;
}

/** The first run of digits and dots, wherever it stands; digits of every script, as in the originals. */
const VERSION = /([\p{Nd}.]+)([^\n]+)?/u;
const UNSIGNED = /^[0-9]+$/;
const MAX_UNSIGNED_64 = 0xffff_ffff_ffff_ffffn;

/**
 * Splits a version.
 *
 * @throws {@link IdentError} `IDENT_VERSION_INVALID` without any digit or dot, or past 1,024 characters.
 * @see spec/formats, 1.5
 */
export function splitVersion(version: string): VersionParts {
  const match = version.length > MAX_IDENT_LENGTH ? null : VERSION.exec(version);
  const numbers = match?.[1]?.split('.');
  if (numbers === undefined) throw invalidVersion(version);
  const tail = match?.[2];
  if (tail === undefined) return { numbers };
  return { numbers, extension: tail.length > 1 && tail.startsWith('-') ? tail.slice(1) : tail };
}

/**
 * The order of versions that all of Habitat agrees on: numbers first, a missing one counts as 0; then no extension beats
 * any extension, and two extensions compare as bytes (`rc10` before `rc9`).
 *
 * @throws {@link IdentError} `IDENT_VERSION_INVALID` when an element that must be looked at is not an unsigned 64-bit
 *   number; elements behind the first difference are never looked at. {@link compareVersionsTotal} always answers.
 * @see spec/formats, 1.5
 */
export function compareVersions(a: string, b: string): -1 | 0 | 1 {
  const left = splitVersion(a);
  const right = splitVersion(b);
  const count = Math.max(left.numbers.length, right.numbers.length);
  for (let i = 0; i < count; i++) {
    const x = parseElement(left.numbers[i], a);
    const y = parseElement(right.numbers[i], b);
    if (x !== y) return x < y ? -1 : 1;
  }
  return compareExtensions(left.extension, right.extension);
}

/**
 * A total order that gives the answer of {@link compareVersions} wherever that has one. Elsewhere: versions without any
 * digit or dot come first, among themselves in byte order; an element that is no number comes before 0; numbers past 64
 * bits keep their value.
 */
export function compareVersionsTotal(a: string, b: string): -1 | 0 | 1 {
  const left = sortKey(a);
  const right = sortKey(b);
  const count = Math.max(left.numbers.length, right.numbers.length);
  for (let i = 0; i < count; i++) {
    const x = left.numbers[i] ?? 0n;
    const y = right.numbers[i] ?? 0n;
    if (x !== y) return x < y ? -1 : 1;
  }
  return compareExtensions(left.extension, right.extension);
}

const NO_VERSION = -2n;
const NOT_A_NUMBER = -1n;

function sortKey(version: string): { readonly numbers: readonly bigint[]; readonly extension?: string | undefined } {
  const match = version.length > MAX_IDENT_LENGTH ? null : VERSION.exec(version);
  if (match === null) return { numbers: [NO_VERSION], extension: version };
  const { numbers, extension } = splitVersion(version);
  return { numbers: numbers.map((text) => (UNSIGNED.test(text) ? BigInt(text) : NOT_A_NUMBER)), extension };
}

function parseElement(text: string | undefined, version: string): bigint {
  if (text === undefined) return 0n;
  const value = UNSIGNED.test(text) ? BigInt(text) : MAX_UNSIGNED_64 + 1n;
  if (value > MAX_UNSIGNED_64) throw invalidVersion(version);
  return value;
}

function compareExtensions(a: string | undefined, b: string | undefined): -1 | 0 | 1 {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? 1 : -1;
  return compareByteOrder(a, b);
}

function invalidVersion(version: string) {
  return rejected(
    'IDENT_VERSION_INVALID',
    'Version cannot be compared',
    version,
    'Versions compare by their dotted numbers, for example 1.2.3 or 1.2.3-rc1.',
  );
}
