import { compareByteOrder } from './byte-order.ts';
import { isIdentError } from './errors.ts';
import type { PackageIdent } from './ident.ts';
import { compareVersions, compareVersionsTotal } from './version.ts';

/**
 * "Is newer": how the latest installed or cached release and the winner of local against remote are chosen. The origin
 * does not count. Versions that {@link compareVersions} rejects compare as bytes.
 *
 * @returns undefined when the two cannot be compared: different names, or both without version or release.
 * @see spec/formats, 1.6
 */
export function comparePartial(a: PackageIdent, b: PackageIdent): -1 | 0 | 1 | undefined {
  if (a.name !== b.name) return undefined;
  if (a.version === undefined || b.version === undefined) return byPresence(a.version, b.version);
  if (a.release === undefined || b.release === undefined) return byPresence(a.release, b.release);
  return versionOrBytes(a.version, b.version) || compareByteOrder(a.release, b.release);
}

/**
 * Total order by name, version and release; the origin does not count. Absent parts come first.
 * `load_at_least` chooses by it.
 *
 * @see spec/formats, 1.6
 */
export function compareTotal(a: PackageIdent, b: PackageIdent): -1 | 0 | 1 {
  return compareByteOrder(a.name, b.name) || compareBuilds(a, b);
}

/**
 * Total order by origin, name, version and release; absent parts come first. Listings, "keep latest" and uninstall
 * follow it.
 *
 * @see spec/formats, 1.6
 */
export function compareByParts(a: PackageIdent, b: PackageIdent): -1 | 0 | 1 {
  return compareByteOrder(a.origin, b.origin) || compareTotal(a, b);
}

function compareBuilds(a: PackageIdent, b: PackageIdent): -1 | 0 | 1 {
  return absentFirst(a.version, b.version, compareVersionsTotal) || absentFirst(a.release, b.release, compareByteOrder);
}

function absentFirst(
  a: string | undefined,
  b: string | undefined,
  compare: (a: string, b: string) => -1 | 0 | 1,
): -1 | 0 | 1 {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return compare(a, b);
}

/** One side at least is absent. */
function byPresence(a: string | undefined, b: string | undefined): -1 | 1 | undefined {
  return a === b ? undefined : a === undefined ? -1 : 1;
}

function versionOrBytes(a: string, b: string): -1 | 0 | 1 {
  try {
    return compareVersions(a, b);
  } catch (error) {
    if (isIdentError(error, 'IDENT_VERSION_INVALID')) return compareByteOrder(a, b);
    throw error;
  }
}
