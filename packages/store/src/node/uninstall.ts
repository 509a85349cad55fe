import { rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { AbortOptions, Layout, RandomSource } from '@hab/core';
import { removeTree, syncDirectory } from '@hab/core/node';
import { compareByParts, type FullIdent, formatIdent, type PackageIdent, satisfies } from '@hab/ident';

import { newestRelease } from '../choose-release.ts';
import type { DependencyGraph } from '../dependency-graph.ts';
import { StoreError } from '../errors.ts';
import type { InstallProgress } from '../install-events.ts';
import { planUninstall, type UninstallDecision } from '../uninstall-plan.ts';
import { type InstalledPackage, installedPackage } from './installed-package.ts';
import { removeEmptyParents, stagingName } from './staging.ts';
import { withPath } from './system-errors.ts';

/** Which of several installed releases a request without release means. */
export type ReleaseChoice = 'latest' | 'oldest' | 'all' | { readonly keepLatest: number };

/** How to uninstall. */
export interface UninstallOptions extends AbortOptions {
  /** @defaultValue `latest`, as in the originals */
  readonly choose?: ReleaseChoice | undefined;
  /** Never removed. @defaultValue none */
  readonly exclude?: readonly PackageIdent[] | undefined;
  /** False removes the package alone. @defaultValue true */
  readonly withDependencies?: boolean | undefined;
  /** Decide and tell, change nothing. @defaultValue false */
  readonly dryRun?: boolean | undefined;
  /** True for what a Supervisor has loaded. @defaultValue nothing is */
  readonly isLoaded?: ((ident: FullIdent) => boolean) | undefined;
  /**
   * Runs before the only installed release of a package is removed: its uninstall hook. What it throws ends the uninstall
   * with the package still there.
   */
  readonly beforeRemove?: ((pkg: InstalledPackage) => Promise<void>) | undefined;
  readonly onProgress?: ((event: InstallProgress) => void) | undefined;
}

/** What an uninstall did, or with `dryRun` would do. */
export interface UninstallResult {
  /** The releases that the request means. */
  readonly targets: readonly FullIdent[];
  readonly decisions: readonly UninstallDecision[];
}

/** What an uninstaller works with. */
export interface UninstallContext {
  readonly layout: Layout;
  readonly random: RandomSource;
  readonly graph: DependencyGraph;
}

/** Removes an installed package and the dependencies that nothing else needs. @see spec/formats, 14 */
export async function uninstallPackages(
  context: UninstallContext,
  request: PackageIdent,
  options: UninstallOptions,
): Promise<UninstallResult> {
  const { exclude = [], withDependencies = true, dryRun = false, isLoaded = () => false, onProgress } = options;
  const targets = chooseTargets(context.graph.idents, request, options.choose ?? 'latest');
  const decisions = planUninstall(context.graph, targets, { exclude, withDependencies, isLoaded });
  const left = new Set(context.graph.idents.map(formatIdent));
  for (const decision of decisions) {
    options.signal?.throwIfAborted();
    if (decision.type === 'keep') continue;
    if (!dryRun) await remove(context, decision.ident, left, options);
    left.delete(formatIdent(decision.ident));
    onProgress?.({ type: 'store:removed', ident: decision.ident });
  }
  return { targets, decisions };
}

/** @returns Oldest first. @throws {@link StoreError} `STORE_PACKAGE_NOT_FOUND`. */
function chooseTargets(installed: readonly FullIdent[], request: PackageIdent, choose: ReleaseChoice): FullIdent[] {
  const matches = installed.filter((ident) => satisfies(ident, request)).sort(compareByParts);
  const latest = newestRelease(matches, request);
  const oldest = matches[0];
  if (latest === undefined || oldest === undefined) throw packageNotFound(request);
  if (choose === 'latest') return [latest];
  if (choose === 'oldest') return [oldest];
  return choose === 'all' ? matches : matches.slice(0, Math.max(0, matches.length - choose.keepLatest));
}

/** The package vanishes by one rename; what a crash leaves behind is cleaned by the next install. */
async function remove(
  { layout, random }: UninstallContext,
  ident: FullIdent,
  left: ReadonlySet<string>,
  options: UninstallOptions,
): Promise<void> {
  const pkg = installedPackage(layout, ident);
  const family = `${ident.origin}/${ident.name}/`;
  const isOnly = [...left].filter((other) => other.startsWith(family)).length === 1;
  if (isOnly) await options.beforeRemove?.(pkg);
  const version = dirname(pkg.directory);
  await withPath(pkg.directory, async () => {
    const aside = join(version, stagingName(ident, random));
    await rename(pkg.directory, aside);
    await syncDirectory(version);
    await removeTree(aside);
    await removeEmptyParents(layout, version);
  });
}

/** An error about a request that nothing installed satisfies. */
export function packageNotFound(ident: PackageIdent): StoreError<'STORE_PACKAGE_NOT_FOUND'> {
  const text = formatIdent(ident);
  const message =
    ident.version !== undefined && ident.release !== undefined
      ? `Cannot find package: ${text}`
      : `Cannot find a release of package: ${text}`;
  return new StoreError('STORE_PACKAGE_NOT_FOUND', message, {
    details: { ident: text },
    hint: 'Check the name, or install the package.',
  });
}
