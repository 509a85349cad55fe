import { artifactName, type FullIdent, formatIdent, type PackageTarget } from '@hab/ident';

/** `pre_build.env`: what is about to be built. @see spec/plan-build, 12 */
export function preBuildText(ident: FullIdent): string {
  return lines([
    ['pkg_origin', ident.origin],
    ['pkg_name', ident.name],
    ['pkg_version', ident.version],
    ['pkg_release', ident.release],
    ['pkg_ident', formatIdent(ident)],
  ]);
}

/** `last_build.env`: what was built. Digests are those of the whole artifact, lower-case hex. */
export function lastBuildText(
  ident: FullIdent,
  target: PackageTarget,
  digests: { readonly sha256: string; readonly blake2b: string },
): string {
  return lines([
    ['pkg_origin', ident.origin],
    ['pkg_name', ident.name],
    ['pkg_version', ident.version],
    ['pkg_release', ident.release],
    ['pkg_target', target],
    ['pkg_ident', formatIdent(ident)],
    ['pkg_artifact', artifactName(ident, target)],
    ['pkg_sha256sum', digests.sha256],
    ['pkg_blake2bsum', digests.blake2b],
  ]);
}

const lines = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([key, value]) => `${key}=${value}\n`).join('');
