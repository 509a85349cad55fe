import { HabError, isHabError } from '@hab/core';

/** What `details` carries, per code. */
export interface CensusErrorDetails {
  /** Bytes that are no rumor, or one that lacks what it needs. */
  CENSUS_RUMOR_INVALID: { readonly reason: string };
  /** A rumor store that cannot be read: set it aside and start empty. */
  CENSUS_STORE_INVALID: { readonly reason: string };
}
export type CensusErrorCode = keyof CensusErrorDetails;

export class CensusError<C extends CensusErrorCode = CensusErrorCode> extends HabError<C, CensusErrorDetails[C]> {
  override readonly name = 'CensusError';
}

/** True for an error of this package with that code, whichever copy of the package made it. */
export function isCensusError<C extends CensusErrorCode>(value: unknown, code: C): value is CensusError<C> {
  return isHabError(value, code);
}

export function invalidRumor(reason: string, cause?: unknown): CensusError<'CENSUS_RUMOR_INVALID'> {
  return new CensusError('CENSUS_RUMOR_INVALID', `Not a rumor: ${reason}`, { details: { reason }, cause });
}
