import { rejected } from './errors.ts';
import { MAX_IDENT_LENGTH } from './limits.ts';

/** A package identifier, `origin/name[/version[/release]]`. Pieces may be empty: the parser checks their number only. */
export interface PackageIdent {
  readonly origin: string;
  readonly name: string;
  readonly version?: string | undefined;
  readonly release?: string | undefined;
}

/** An identifier of one build: the only kind that names an artifact or an installed package. */
export interface FullIdent extends PackageIdent {
  readonly version: string;
  readonly release: string;
}

/** The structured form that Habitat's JSON uses: absent parts are null. */
export interface PackageIdentRecord {
  readonly origin: string;
  readonly name: string;
  readonly version: string | null;
  readonly release: string | null;
}

/**
 * Reads `origin/name[/version[/release]]`.
 *
 * @throws {@link IdentError} `IDENT_INVALID` unless there are 2, 3 or 4 pieces, or past {@link MAX_IDENT_LENGTH}.
 * @see spec/formats, 1.1
 */
export function parseIdent(text: string): PackageIdent {
  const pieces = text.length > MAX_IDENT_LENGTH ? [] : text.split('/', 5);
  const [origin, name, version, release] = pieces;
  if (origin === undefined || name === undefined || pieces.length > 4) {
    throw rejected(
      'IDENT_INVALID',
      'Invalid package identifier',
      text,
      'Write it as origin/name, origin/name/version or origin/name/version/release.',
    );
  }
  if (version === undefined) return { origin, name };
  return release === undefined ? { origin, name, version } : { origin, name, version, release };
}

/**
 * Reads an identifier that must name one build.
 *
 * @throws {@link IdentError} `IDENT_INVALID` or `IDENT_NOT_FULLY_QUALIFIED`.
 */
export function parseFullIdent(text: string): FullIdent {
  return requireFullIdent(parseIdent(text));
}

/**
 * The same identifier, known to have a version and a release.
 *
 * @throws {@link IdentError} `IDENT_NOT_FULLY_QUALIFIED`.
 */
export function requireFullIdent(ident: PackageIdent): FullIdent {
  if (isFullyQualified(ident)) return ident;
  throw rejected(
    'IDENT_NOT_FULLY_QUALIFIED',
    'Fully-qualified package identifier required',
    formatIdent(ident),
    'Add version and release: origin/name/version/release.',
  );
}

/** Text form. A release without a version is not printed. */
export function formatIdent(ident: PackageIdent): string {
  const { origin, name, version, release } = ident;
  if (version === undefined) return `${origin}/${name}`;
  return release === undefined ? `${origin}/${name}/${version}` : `${origin}/${name}/${version}/${release}`;
}

/** True when version and release are present; an empty one counts. */
export function isFullyQualified(ident: PackageIdent): ident is FullIdent {
  return ident.version !== undefined && ident.release !== undefined;
}

/** Pieces in order origin, name, version, release, up to the first absent one. */
export function identPieces(ident: PackageIdent): readonly string[] {
  const { origin, name, version, release } = ident;
  if (version === undefined) return [origin, name];
  return release === undefined ? [origin, name, version] : [origin, name, version, release];
}

/** Structured form for JSON. */
export function toIdentRecord(ident: PackageIdent): PackageIdentRecord {
  const { origin, name, version = null, release = null } = ident;
  return { origin, name, version, release };
}

/** True when all four pieces are the same. */
export function sameIdent(a: PackageIdent, b: PackageIdent): boolean {
  return a.origin === b.origin && a.name === b.name && a.version === b.version && a.release === b.release;
}

/**
 * True when origin and name are equal and so are version and release wherever both sides have one. Symmetric: a request
 * without version is satisfied by any release, and the other way round.
 *
 * @see spec/formats, 1.4
 */
export function satisfies(ident: PackageIdent, wanted: PackageIdent): boolean {
  if (ident.origin !== wanted.origin || ident.name !== wanted.name) return false;
  return agrees(ident.version, wanted.version) && agrees(ident.release, wanted.release);
}

const agrees = (a: string | undefined, b: string | undefined): boolean => a === undefined || b === undefined || a === b;
