import { isHabError } from '@hab/core';

/** The content is not what was signed. Other errors, a missing key for one, say nothing against the file. */
const DAMAGE: ReadonlySet<string> = new Set([
  'HART_HEADER_INVALID',
  'HART_SIGNED_HASH_INVALID',
  'HART_HASH_MISMATCH',
  'HART_BODY_INVALID',
  'HART_IDENT_MISMATCH',
  'KEYS_VERIFICATION_FAILED',
  'KEYS_HASH_INVALID',
]);

/** Whole, but not for this install: another key or another option may make it good, so it stays where it is. */
const REFUSED: ReadonlySet<string> = new Set(['STORE_SIGNER_REFUSED', 'STORE_WRONG_TARGET', 'KEYS_NOT_FOUND']);

/** What an error says about a file of the cache: a source may have a better one of either kind. */
export function cachedVerdict(error: unknown): 'damaged' | 'refused' | undefined {
  if (!isHabError(error)) return undefined;
  if (DAMAGE.has(error.code)) return 'damaged';
  return REFUSED.has(error.code) ? 'refused' : undefined;
}
