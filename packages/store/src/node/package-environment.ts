import type { FullIdent } from '@hab/ident';

import { mergeEnvironment } from '../environment.ts';
import type { InstalledPackage } from './installed-package.ts';

/** How the environment is made. */
export interface PackageEnvironmentOptions {
  /** Finds dependencies of packages older than `RUNTIME_PATH`. */
  readonly load: (ident: FullIdent) => Promise<InstalledPackage>;
  /** True when the caller's own environment has `SSL_CERT_FILE`, even an empty one. @defaultValue false */
  readonly hasSslCertFile?: boolean | undefined;
}

/**
 * Search path of a package: as recorded, or, for packages older than the record, its own and those of its dependencies.
 *
 * @throws {@link StoreError} `STORE_PACKAGE_NOT_FOUND` for a dependency that is not installed (old packages only).
 * @see spec/formats, 11.3
 */
export async function runtimePath(pkg: InstalledPackage, load: PackageEnvironmentOptions['load']): Promise<string[]> {
  const recorded = await pkg.recordedRuntimePath();
  if (recorded !== undefined) return [...new Set(recorded)];
  const entries = new Set(await pkg.path());
  for (const dependency of [...(await pkg.deps()), ...(await pkg.tdeps())]) {
    for (const entry of await (await load(dependency)).path()) entries.add(entry);
  }
  return [...entries];
}

/**
 * Environment for a command of a package, sorted by name. The caller appends its own `PATH` if it wants to.
 *
 * @see spec/formats, 11.3
 */
export async function packageEnvironment(
  pkg: InstalledPackage,
  options: PackageEnvironmentOptions,
): Promise<ReadonlyMap<string, string>> {
  return mergeEnvironment({
    runtimeEnvironment: await pkg.runtimeEnvironment(),
    runtimePath: await runtimePath(pkg, options.load),
    environmentPaths: await pkg.runtimeEnvironmentPaths(),
    hasSslCertFile: options.hasSslCertFile,
  });
}
