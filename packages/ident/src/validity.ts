import { identPieces, type PackageIdent } from './ident.ts';

/** Longest origin name, in characters. */
export const MAX_ORIGIN_LENGTH = 255;

const ORIGIN = /^[a-z0-9][a-z0-9_-]*$/;
const NAME = /^[A-Za-z0-9_-]+$/;

/** True for an origin that can be created: lower case, digits, `_` and `-`. @see spec/formats, 1.2 */
export function isOriginName(text: string): boolean {
  return text.length <= MAX_ORIGIN_LENGTH && ORIGIN.test(text);
}

/** True for a package name that a depot takes. */
export function isPackageName(text: string): boolean {
  return NAME.test(text);
}

/** True for what a plan may give as `pkg_name` or `pkg_origin`: upper case is allowed in both. */
export function isPlanName(text: string): boolean {
  return NAME.test(text);
}

/**
 * True when a depot takes uploads under this identifier: only the name is looked at, as in the originals.
 * Use {@link isPathSafeIdent} before making a path of it.
 */
export function isUploadableIdent(ident: PackageIdent): boolean {
  return isPackageName(ident.name);
}

/** Longest name of one file on every file system that we run on, in UTF-8 bytes. */
const MAX_COMPONENT_BYTES = 255;

/**
 * True when every piece can be one path component: not empty, not `.` or `..`, no slash or backslash, no control character, at most 255 bytes.
 * Everything that turns an identifier from outside into a path asks this first.
 */
export function isPathSafeIdent(ident: PackageIdent): boolean {
  return identPieces(ident).every(isPathSafePiece);
}

function isPathSafePiece(piece: string): boolean {
  if (piece === '' || piece === '.' || piece === '..') return false;
  return !/[/\\\u0000-\u001f\u007f]/.test(piece) && new TextEncoder().encode(piece).length <= MAX_COMPONENT_BYTES;
}
