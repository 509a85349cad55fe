import { HabError, isHabError } from '@hab/core';

/** One entry per code: what `details` carries. */
export interface StoreErrorDetails {
  /** No installed release satisfies the request. */
  STORE_PACKAGE_NOT_FOUND: { readonly ident: string };
  /** No source has an artifact for the request. */
  STORE_ARTIFACT_NOT_FOUND: { readonly ident: string; readonly target: string };
  /** Some dependencies are neither installed nor in any source. */
  STORE_DEPENDENCIES_MISSING: { readonly ident: string; readonly missing: readonly string[] };
  STORE_FILE_NOT_FOUND: { readonly path: string };
  STORE_WRONG_TARGET: { readonly ident: string; readonly expected: string; readonly actual: string };
  /** The signer's origin is not the package's, and nothing allows it. */
  STORE_SIGNER_REFUSED: { readonly ident: string; readonly keyName: string };
  /** An identifier that cannot be a path. */
  STORE_IDENT_UNSAFE: { readonly ident: string };
  /** Something that is no package for this machine is where the package belongs. */
  STORE_RELEASE_BLOCKED: { readonly ident: string; readonly path: string };
  /** Other packages need it. */
  STORE_STILL_NEEDED: { readonly ident: string; readonly dependents: readonly string[] };
  /** The file system refused; `systemCode` is for example `ENOSPC`. */
  STORE_IO_FAILED: { readonly path: string; readonly systemCode: string };
}
export type StoreErrorCode = keyof StoreErrorDetails;

/** The one error class of this package. Errors about an artifact are those of `@hab/hart` and `@hab/crypto-keys`. */
export class StoreError<C extends StoreErrorCode = StoreErrorCode> extends HabError<C, StoreErrorDetails[C]> {
  override readonly name = 'StoreError';
}

/** Tells an error of this package by its code, across copies of the package. */
export function isStoreError<C extends StoreErrorCode>(value: unknown, code: C): value is StoreError<C> {
  return isHabError(value, code);
}
