import { comparePartial, compareTotal, type FullIdent, type PackageIdent, satisfies } from '@hab/ident';

/**
 * The newest of several releases by the partial order. Where two cannot be compared the earlier one stays.
 *
 * @returns undefined for none.
 * @see spec/formats, 11.2
 */
export function newestRelease(candidates: readonly FullIdent[], wanted: PackageIdent): FullIdent | undefined {
  let best: FullIdent | undefined;
  for (const candidate of candidates) {
    if (!satisfies(candidate, wanted)) continue;
    if (best === undefined || comparePartial(candidate, best) === 1) best = candidate;
  }
  return best;
}

/**
 * The newest release that is not older than the request. A given version also restricts to that version.
 *
 * @see spec/formats, 11.2
 */
export function newestAtLeast(candidates: readonly FullIdent[], wanted: PackageIdent): FullIdent | undefined {
  const minimum = { ...wanted, version: wanted.version ?? '0', release: wanted.release ?? '0' };
  let best: FullIdent | undefined;
  for (const candidate of candidates) {
    if (!satisfies(candidate, wanted) || compareTotal(candidate, minimum) < 0) continue;
    if (best === undefined || compareTotal(candidate, best) > 0) best = candidate;
  }
  return best;
}

/** What is known of a request: the release here, and the one that a source offers. */
export interface Offers {
  readonly installed: FullIdent | undefined;
  readonly offered: FullIdent | undefined;
  /** True: an installed release counts only when nothing is offered. */
  readonly ignoreLocal: boolean;
}

/**
 * Which release a fuzzy request means: the installed one when it is strictly newer than the offered one, else the offered.
 *
 * @returns undefined when nothing fits.
 * @see spec/formats, 12.2
 */
export function chooseRelease({ installed, offered, ignoreLocal }: Offers): FullIdent | undefined {
  if (offered === undefined) return ignoreLocal ? undefined : installed;
  if (installed === undefined || ignoreLocal) return offered;
  return comparePartial(installed, offered) === 1 ? installed : offered;
}
