import { type FullIdent, formatIdent } from '@hab/ident';
import type { ArtifactSource, SignerOverrides } from '@hab/store';
import type { InstalledPackage, Store } from '@hab/store/node';
import { BuildError } from '../errors.ts';
import type { DependencySource, InstalledDependency, InstallRequest, PackageSource } from './packages.ts';

/** The installed packages of a store. */
export function storePackages(store: Store): PackageSource {
  return { find: (ident, options) => store.tryLoad(ident, options) };
}

/** Where a store takes missing dependencies from, and what happens to them then. */
export interface StoreInstallerOptions {
  /** Asked in order; told which channel and which Builder the build wants. */
  readonly sources: (request: InstallRequest) => readonly ArtifactSource[];
  /** Origins that may sign for others. @defaultValue none */
  readonly signers?: SignerOverrides | undefined;
  /** Runs install hooks, dependencies first. @defaultValue none run */
  readonly runInstallHooks?:
    | ((packages: readonly InstalledPackage[], request: InstallRequest) => Promise<void>)
    | undefined;
}

/** Installs missing dependencies into a store. */
export function storeInstaller(store: Store, options: StoreInstallerOptions): DependencySource {
  return {
    async install(ident, request): Promise<InstalledDependency> {
      const came = new Map<string, string>();
      const { requested } = await store.install([{ type: 'ident', ident }], {
        sources: options.sources(request).map((source) => watched(source, came)),
        ignoreLocal: request.ignoreLocal,
        signers: options.signers,
        signal: request.signal,
      });
      const [installed] = requested;
      if (installed === undefined) throw new Error('a store answers every request');
      if (request.runInstallHooks && options.runInstallHooks !== undefined) {
        const pending = await store.pendingInstallHooks(installed);
        await options.runInstallHooks(pending, request).catch((cause: unknown) => {
          request.signal?.throwIfAborted();
          throw hookFailed(installed, request, cause);
        });
      }
      return { ident: installed, from: came.get(formatIdent(installed)) ?? 'the artifact cache' };
    },
  };
}

/** No other channel mends that: the package is there, and not ready. */
function hookFailed(ident: FullIdent, { channel }: InstallRequest, cause: unknown): BuildError {
  const text = formatIdent(ident);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new BuildError('BUILD_DEPENDENCY_UNRESOLVED', `${text} is installed and not ready: ${reason}`, {
    details: { status: 1, ident: text, tried: [channel] },
    cause,
  });
}

/** The same source, which tells what was taken from it. */
const watched = (source: ArtifactSource, came: Map<string, string>): ArtifactSource => ({
  name: source.name,
  find: async (ident, target, options) => {
    const found = await source.find(ident, target, options);
    // What the cache of artifacts has already is not fetched again.
    if (found !== undefined && !came.has(formatIdent(found))) came.set(formatIdent(found), source.name);
    return found;
  },
  fetch: async (ident, target, options) => {
    await source.fetch(ident, target, options);
    came.set(formatIdent(ident), source.name);
  },
});
