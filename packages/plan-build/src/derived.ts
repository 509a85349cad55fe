import type { Layout } from '@hab/core';
import { artifactName, type FullIdent, type PackageTarget } from '@hab/ident';

/** Paths that follow from the identity of a build. @see spec/plan-build, 4.1 */
export interface DerivedPaths {
  readonly dirname: string;
  readonly prefix: string;
  /** `CACHE_PATH`: where this build's sources are unpacked. */
  readonly cachePath: string;
  readonly artifact: string;
}

/**
 * @param dirname - What the plan says; undefined takes `<name>-<version>`.
 * @param prefix - What the plan says; undefined takes the package's own place.
 */
export function derivePaths(
  ident: FullIdent,
  target: PackageTarget,
  layout: Layout,
  given: { readonly dirname: string | undefined; readonly prefix: string | undefined },
): DerivedPaths {
  const dirname = given.dirname ?? `${ident.name}-${ident.version}`;
  return {
    dirname,
    prefix: given.prefix ?? layout.prefix(ident.origin, ident.name, ident.version, ident.release),
    cachePath: `${layout.sourceCache}/${dirname}`,
    artifact: `${layout.artifactCache}/${artifactName(ident, target)}`,
  };
}

/** The variables that name a service's directories, for a name or for the mark that stands for it. */
export function servicePaths(layout: Layout, name: string): ReadonlyMap<string, string> {
  const service = layout.service(name);
  return new Map([
    ['pkg_svc_path', service.directory],
    ['pkg_svc_data_path', service.data],
    ['pkg_svc_files_path', service.files],
    ['pkg_svc_var_path', service.var],
    ['pkg_svc_config_path', service.config],
    ['pkg_svc_config_install_path', service.configInstall],
    ['pkg_svc_static_path', service.static],
  ]);
}

/** What `wget` would call the download: the part of the address after its last slash, as it is. */
export function sourceFilename(source: string): string {
  return source.replace(/\/+$/, '').split('/').at(-1) ?? '';
}
