import { join } from 'node:path';
import type { AbortOptions, Clock, Layout, RandomSource } from '@hab/core';
import { systemClock, systemRandom, writeFileAtomic } from '@hab/core/node';
import { formatInstallHookStatus } from '@hab/hart';
import type { SigningKeys } from '@hab/hart/node';
import { type FullIdent, isPathSafeIdent, type PackageIdent, type PackageTarget } from '@hab/ident';

import { newestAtLeast, newestRelease } from '../choose-release.ts';
import { createDependencyGraph, type DependencyGraph, type PackageDeps } from '../dependency-graph.ts';
import { installPackages } from './install.ts';
import type { InstallOptions, InstallRequest, InstallResult } from './install-request.ts';
import { type InstalledPackage, installedPackage } from './installed-package.ts';
import { type ListFilter, listPackages } from './listing.ts';
import { packageEnvironment, runtimePath } from './package-environment.ts';
import { findProvided, type ProvidedFile } from './provides.ts';
import { withPath } from './system-errors.ts';
import { packageNotFound, type UninstallOptions, type UninstallResult, uninstallPackages } from './uninstall.ts';

/** Settings and collaborators of {@link createStore}. */
export interface StoreOptions {
  readonly layout: Layout;
  /** What this machine runs; packages for anything else do not exist. */
  readonly target: PackageTarget;
  /** Public keys of signers: a key cache, or one in front of a depot. */
  readonly keys: SigningKeys;
  /** @defaultValue the machine's */
  readonly clock?: Clock | undefined;
  /** @defaultValue the machine's */
  readonly random?: RandomSource | undefined;
  /** Where a bundled application has put `@hab/hart/node/unpack-worker`. */
  readonly workerUrl?: URL | undefined;
}

/** The packages of this machine. Keeps nothing in memory: every answer is what is on disk. */
export interface Store {
  readonly layout: Layout;
  readonly target: PackageTarget;
  /** Installed packages, by parts. Empty when there are none, or no store yet. */
  list(filter?: ListFilter, options?: AbortOptions): Promise<readonly FullIdent[]>;
  /**
   * The newest installed release that satisfies a request, or that very one.
   *
   * @throws {@link StoreError} `STORE_PACKAGE_NOT_FOUND`.
   */
  load(ident: PackageIdent, options?: AbortOptions): Promise<InstalledPackage>;
  /** {@link load} with undefined for none. */
  tryLoad(ident: PackageIdent, options?: AbortOptions): Promise<InstalledPackage | undefined>;
  /** The newest installed release not older than the request. @throws {@link StoreError} `STORE_PACKAGE_NOT_FOUND`. */
  loadAtLeast(ident: PackageIdent, options?: AbortOptions): Promise<InstalledPackage>;
  /** Search path of a package. */
  runtimePath(pkg: InstalledPackage): Promise<readonly string[]>;
  /** Environment for a command of a package, sorted by name. */
  environment(
    pkg: InstalledPackage,
    options?: { readonly hasSslCertFile?: boolean | undefined },
  ): Promise<ReadonlyMap<string, string>>;
  /** Who needs whom. */
  graph(options?: AbortOptions): Promise<DependencyGraph>;
  /** Entries of installed packages with this name, at any depth. */
  provides(fileName: string, options?: AbortOptions): Promise<readonly ProvidedFile[]>;
  /**
   * Installs packages with their dependencies.
   *
   * @throws {@link StoreError}, {@link HartError}, {@link KeysError}; nothing of the request is visible then, but for
   *   packages that appeared before the disk or the machine failed, each of them whole.
   */
  install(requests: readonly InstallRequest[], options?: InstallOptions): Promise<InstallResult>;
  /**
   * Packages whose install hook is to run after an install, in order: dependencies first, those already run left out.
   * Running hooks is not the store's business.
   */
  pendingInstallHooks(ident: FullIdent): Promise<readonly InstalledPackage[]>;
  /** Remembers how an install hook ended. */
  writeInstallHookStatus(pkg: InstalledPackage, exitCode: number): Promise<void>;
  /** Removes a package and the dependencies that nothing else needs. */
  uninstall(ident: PackageIdent, options?: UninstallOptions): Promise<UninstallResult>;
}

const METAFILE_MODE = 0o644;

/** Opens the store of a layout. Touches nothing yet. */
export function createStore(options: StoreOptions): Store {
  const { layout, target, keys, clock = systemClock, random = systemRandom, workerUrl } = options;

  const list: Store['list'] = async (filter = {}, listOptions) =>
    isSafeFilter(filter)
      ? withPath(layout.packages, () => listPackages(layout.packages, target, filter, listOptions))
      : [];

  const tryLoad: Store['tryLoad'] = async (ident, loadOptions) => {
    const newest = newestRelease(await list(ident, loadOptions), ident);
    return newest && installedPackage(layout, newest);
  };

  const load: Store['load'] = async (ident, loadOptions) => {
    const pkg = await tryLoad(ident, loadOptions);
    if (pkg === undefined) throw packageNotFound(ident);
    return pkg;
  };

  const graph: Store['graph'] = async (graphOptions) => {
    const packages: PackageDeps[] = [];
    for (const ident of await list({}, graphOptions)) {
      packages.push({ ident, deps: await installedPackage(layout, ident).deps() });
    }
    return createDependencyGraph(packages);
  };

  return {
    layout,
    target,
    list,
    load,
    tryLoad,
    async loadAtLeast(ident, loadOptions) {
      const newest = newestAtLeast(await list(ident, loadOptions), ident);
      if (newest === undefined) throw packageNotFound(ident);
      return installedPackage(layout, newest);
    },
    runtimePath: (pkg) => runtimePath(pkg, load),
    environment: (pkg, { hasSslCertFile } = {}) => packageEnvironment(pkg, { load, hasSslCertFile }),
    graph,
    async provides(fileName, providesOptions) {
      const places = (await list({}, providesOptions)).map((ident) => installedPackage(layout, ident));
      return await withPath(layout.packages, () => findProvided(fileName, places, providesOptions));
    },
    install: (requests, installOptions = {}) =>
      withPath(layout.packages, () =>
        installPackages({ layout, target, keys, clock, random, workerUrl }, requests, installOptions),
      ),
    async pendingInstallHooks(ident) {
      const pkg = await load(ident);
      const pending: InstalledPackage[] = [];
      for (const candidate of [...[...(await pkg.tdeps())].reverse(), ident]) {
        const installed = await load(candidate);
        if ((await installed.installHookStatus()) === 0) continue;
        if ((await installed.hook('install')) !== undefined) pending.push(installed);
      }
      return pending;
    },
    async writeInstallHookStatus(pkg, exitCode) {
      const path = join(pkg.directory, 'INSTALL_HOOK_STATUS');
      await withPath(path, () =>
        writeFileAtomic(path, formatInstallHookStatus(exitCode), { mode: METAFILE_MODE, random }),
      );
    },
    async uninstall(ident, uninstallOptions = {}) {
      return await uninstallPackages({ layout, random, graph: await graph(uninstallOptions) }, ident, uninstallOptions);
    },
  };
}

/** An identifier from outside that is no path matches nothing that can be installed. */
function isSafeFilter(filter: ListFilter): boolean {
  const { origin = 'x', name = 'x', version = 'x', release = 'x' } = filter;
  return isPathSafeIdent({ origin, name, version, release });
}
