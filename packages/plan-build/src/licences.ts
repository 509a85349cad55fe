import { nearestName } from '@hab/core';

/** Longest licence that is judged: a whole text is no identifier. */
const MAX_LENGTH = 200;
/** Most licences that are judged. */
const MAX_LICENCES = 50;
/** Largest share of letters that may differ for a name to count as a slip of the pen. */
const MAX_DISTANCE_SHARE = 0.4;

/** Names in common use that no spelling leads to. */
const COMMON_NAMES: ReadonlyMap<string, string> = new Map([
  ['apache', 'Apache-2.0'],
  ['bsd', 'BSD-3-Clause'],
  ['gpl', 'GPL-3.0-or-later'],
  ['lgpl', 'LGPL-3.0-or-later'],
  ['mpl', 'MPL-2.0'],
  ['publicdomain', 'CC0-1.0'],
]);

/**
 * Compares the licences of a plan with the SPDX list. Expressions (`MIT OR Apache-2.0`), `LicenseRef-…` names and
 * identifiers that SPDX has replaced are fine.
 *
 * @param identifiers - The list.
 * @returns a warning for each name that is not on it, with the nearest that is.
 * @see spec/plan-build, 18.4
 */
export function licenceWarnings(licences: readonly string[], identifiers: readonly string[]): readonly string[] {
  const known = new Set(identifiers);
  const unknown = licences
    .slice(0, MAX_LICENCES)
    .filter((licence) => licence !== '' && licence.length <= MAX_LENGTH)
    .flatMap((licence) => (known.has(licence) ? [] : namesIn(licence)))
    .filter((name) => !known.has(name.replace(/\+$/, '')) && !/^(DocumentRef-.+:)?LicenseRef-/.test(name));
  return [...new Set(unknown)].map((name) => {
    const near = nearest(name, identifiers);
    return `pkg_license: '${name}' is not on the SPDX list${near === undefined ? '' : `; did you mean ${near}?`}`;
  });
}

/** The licences of an expression, without its exceptions; a text of several words that is none is one name. */
function namesIn(licence: string): readonly string[] {
  const words = licence.replace(/[()]/g, ' ').trim();
  if (!/\s(?:AND|OR|WITH)\s/.test(words)) return [words];
  return words.split(/\s+(?:AND|OR)\s+/).map((name) => name.replace(/\s+WITH\s.*$/, '').trim());
}

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** The identifier with the fewest letters to change, if that is a slip and not another word. */
function nearest(name: string, identifiers: readonly string[]): string | undefined {
  const wanted = bare(name).replace(/licen[sc]e|version|the/g, '');
  const common = COMMON_NAMES.get(wanted);
  if (common !== undefined) return common;
  const spelled = wanted.replace(/v(\d)/, '$1').replace(/^(.*[a-z])(\d)(only|orlater|)$/, '$1$20$3');
  const steps = Math.max(1, Math.floor(spelled.length * MAX_DISTANCE_SHARE));
  const identifierOf = new Map([...identifiers].reverse().map((identifier) => [bare(identifier), identifier]));
  // A slip keeps the first letter; without it, a longer name of something else comes near.
  const alike = [...identifierOf.keys()].reverse().filter((identifier) => identifier[0] === spelled[0]);
  const near = nearestName(spelled, alike, steps);
  return near === undefined ? undefined : identifierOf.get(near);
}
