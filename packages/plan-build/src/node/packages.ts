import type { AbortOptions } from '@hab/core';
import type { Metafile } from '@hab/hart';
import type { FullIdent, PackageIdent } from '@hab/ident';

/** An installed package, as far as a build looks into it. */
export interface FoundPackage {
  readonly ident: FullIdent;
  /** Where the package believes to be: `layout.prefix(...)`. */
  readonly prefix: string;
  /** Whole text of a metafile; undefined when there is none. */
  metafile(name: Metafile): Promise<string | undefined>;
  /** True for a service: it has a run hook or a start script. */
  isRunnable(): Promise<boolean>;
}

/** The installed packages. {@link storePackages} makes one of a store. */
export interface PackageSource {
  /** The newest installed release that satisfies the request, or that very one; undefined for none. */
  find(ident: PackageIdent, options?: AbortOptions): Promise<FoundPackage | undefined>;
}

/** What an installer must know about one try. */
export interface InstallRequest extends AbortOptions {
  readonly builderUrl: string;
  readonly channel: string;
  /** True: what is installed does not count, what the channel has does. */
  readonly ignoreLocal: boolean;
  /** False for run dependencies: their hooks are for the machine that runs the package. */
  readonly runInstallHooks: boolean;
}

/** What an installer did, for those who want to know where packages come from. */
export interface InstalledDependency {
  readonly ident: FullIdent;
  /** Folder or address that it came from, for people; absent when it was there. */
  readonly from?: string | undefined;
}

/** Where missing dependencies come from: a folder of artifacts, a depot, or one behind the other. */
export interface DependencySource {
  /**
   * Installs the package with everything that it needs, unless it is there.
   *
   * @returns the release that satisfies the request; it is installed.
   * @throws any error when this source does not have it; its message is shown. {@link BuildError} when no other channel
   *   can help: the build ends with it.
   */
  install(ident: PackageIdent, request: InstallRequest): Promise<FullIdent | InstalledDependency>;
}
