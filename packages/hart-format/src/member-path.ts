import { type FullIdent, formatIdent } from '@hab/ident';

import { HartError, type MemberProblem, shown } from './errors.ts';

/** Longest path of a member, in bytes: what Linux takes. */
export const MAX_MEMBER_PATH_BYTES = 4095;
const MAX_COMPONENT_BYTES = 255;

/**
 * Names in a tar are bytes. A byte string is a text with one character for each byte (`latin1`), so that names that are
 * no UTF-8 survive unpacking.
 */
export type ByteString = string;

/**
 * Splits the name of a member. A leading `/` and empty pieces are dropped, as every tar does.
 *
 * @throws {@link HartError} `HART_MEMBER_REFUSED` for `.`, `..`, a zero byte, or lengths that no file system takes.
 */
export function splitMemberPath(name: ByteString): readonly string[] {
  if (name.length > MAX_MEMBER_PATH_BYTES) throw refuseMember(name, 'path-too-long');
  const pieces = name.split('/').filter((piece) => piece !== '');
  if (pieces.some((piece) => piece.length > MAX_COMPONENT_BYTES)) throw refuseMember(name, 'path-too-long');
  if (pieces.length === 0 || name.includes('\0') || pieces.some((piece) => piece === '.' || piece === '..')) {
    throw refuseMember(name, 'unsafe-path');
  }
  return pieces;
}

/** Where the members of one package are: `hab/pkgs/<o>/<n>/<v>/<r>`, with `opt/` in front in those for macOS. */
export interface MemberPrefix {
  readonly pieces: readonly string[];
  readonly ident: FullIdent;
}

/** Directories between the root and the package: `hab`, `pkgs`, and the first three pieces of the identifier. */
const IDENT_PIECES = 4;

/**
 * The prefix that a member lies under.
 *
 * @returns undefined for a member above the package: a directory that Windows builds and old artifacts have.
 * @throws {@link HartError} `HART_MEMBER_REFUSED` for a member elsewhere.
 */
export function prefixOfMember(name: ByteString, pieces: readonly string[]): MemberPrefix | undefined {
  const root = pieces[0] === 'opt' ? ['opt', 'hab', 'pkgs'] : ['hab', 'pkgs'];
  if (root.some((piece, i) => i < pieces.length && pieces[i] !== piece)) throw refuseMember(name, 'outside-prefix');
  const [origin, ident, version, release] = pieces.slice(root.length, root.length + IDENT_PIECES).map(decodeByteString);
  if (origin === undefined || ident === undefined || version === undefined || release === undefined) return undefined;
  return { pieces: pieces.slice(0, root.length + IDENT_PIECES), ident: { origin, name: ident, version, release } };
}

/** True when `pieces` is the prefix or below it, or a directory above it. */
export function isAlongPrefix(pieces: readonly string[], prefix: MemberPrefix): boolean {
  return prefix.pieces.every((piece, i) => i >= pieces.length || pieces[i] === piece);
}

/** @throws {@link HartError} `HART_IDENT_MISMATCH` unless both are the same package. */
export function requireSamePackage(expected: FullIdent, actual: FullIdent, what: string): void {
  const [wanted, found] = [formatIdent(expected), formatIdent(actual)];
  if (wanted === found) return;
  throw new HartError('HART_IDENT_MISMATCH', `Artifact ident mismatch: ${what} ${shown(found)}, not ${shown(wanted)}`, {
    details: { expected: shown(wanted), actual: shown(found) },
    hint: 'The file holds another package than its name says. Delete it and fetch the right one.',
  });
}

/** A refusal of one member. */
export function refuseMember(name: ByteString, problem: MemberProblem): HartError<'HART_MEMBER_REFUSED'> {
  const member = shown(decodeByteString(name));
  return new HartError('HART_MEMBER_REFUSED', `Refused to unpack ${member}: ${problem.replaceAll('-', ' ')}`, {
    details: { member, problem },
    hint: 'Habitat builds no such artifacts. Do not trust whoever signed this one.',
  });
}

/** The text that a byte string shows; what is no UTF-8 becomes U+FFFD. */
export function decodeByteString(bytes: ByteString): string {
  return new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
}

/** The bytes of a text, one character each. */
export function encodeByteString(text: string): ByteString {
  let bytes = '';
  for (const byte of new TextEncoder().encode(text)) bytes += String.fromCharCode(byte);
  return bytes;
}
