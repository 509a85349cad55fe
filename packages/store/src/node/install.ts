import { type Clock, isHabError, type Layout, type RandomSource } from '@hab/core';
import { createHartWorker, type HartWorker, peekHartIdent, type SigningKeys, verifyHart } from '@hab/hart/node';
import { type FullIdent, formatIdent, isFullyQualified, type PackageIdent, type PackageTarget } from '@hab/ident';

import { chooseRelease, newestRelease } from '../choose-release.ts';
import { isStoreError, StoreError } from '../errors.ts';
import { type Acquired, type AcquireOptions, acquire, acquireFile, acquireFromSources } from './acquire.ts';
import { cachedArtifact, isSameFile, removeDeadQuarantine, setAside } from './artifact-cache.ts';
import { cachedVerdict } from './cached-verdict.ts';
import { makeDurable } from './durability.ts';
import { artifactNotFound, folderArtifactSource } from './folder-source.ts';
import type { InstallOptions, InstallRequest, InstallResult } from './install-request.ts';
import { type InstalledPackage, installedPackage } from './installed-package.ts';
import { isPackage, listPackages } from './listing.ts';
import { requireSafe, type StagedPackage, stagePackage } from './staged-package.ts';
import { removeDeadStaging } from './staging.ts';

/** What an installer works with. */
export interface InstallContext {
  readonly layout: Layout;
  readonly target: PackageTarget;
  readonly keys: SigningKeys;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly workerUrl?: URL | undefined;
}

/**
 * Installs packages with everything that they need at run time. All of it is verified and staged before the first package
 * becomes visible; then dependencies appear before their dependents, each by one rename.
 *
 * @see spec/formats, 12.3
 */
export async function installPackages(
  context: InstallContext,
  requests: readonly InstallRequest[],
  options: InstallOptions,
): Promise<InstallResult> {
  await removeDeadStaging(context.layout, context.clock.now());
  await removeDeadQuarantine(context.layout, context.clock.now());
  await using worker = createHartWorker({ workerUrl: context.workerUrl });
  await using session = new InstallSession(context, options, worker);
  const requested: FullIdent[] = [];
  for (const request of requests) requested.push(await session.request(request));
  return { requested, installed: await session.commit() };
}

class InstallSession implements AsyncDisposable {
  readonly #context: InstallContext;
  readonly #options: InstallOptions;
  readonly #worker: HartWorker;
  readonly #acquire: AcquireOptions;
  /** By identifier, in the order in which they are to appear. */
  readonly #staged = new Map<string, StagedPackage>();
  /** Requests and members of composites that were looked at: a composite that names itself ends here. */
  readonly #considered = new Set<string>();

  constructor(context: InstallContext, options: InstallOptions, worker: HartWorker) {
    this.#context = context;
    this.#options = options;
    this.#worker = worker;
    const sources = options.sources ?? [folderArtifactSource(context.layout.artifactCache)];
    this.#acquire = { ...context, sources, signal: options.signal, onProgress: options.onProgress };
  }

  /** Stages what a request asks for. @returns The release that it means. */
  async request(request: InstallRequest): Promise<FullIdent> {
    const ident = request.type === 'file' ? await this.#identOf(request.path) : await this.#resolve(request.ident);
    requireSafe(ident);
    const installed = await this.#isInstalled(ident);
    this.#options.onProgress?.({ type: 'store:resolved', ident, installed });
    await this.#stageWithRequirements(ident, request.type === 'file' ? request.path : undefined);
    return ident;
  }

  /** What a file says to be. What is wrong with a file that was altered is that it was altered: the hash speaks first. */
  async #identOf(path: string): Promise<FullIdent> {
    const { limits, signal } = this.#options;
    try {
      return await peekHartIdent(path, { limits, signal });
    } catch (error) {
      if (isHabError(error, 'HART_BODY_INVALID')) await verifyHart(path, this.#context.keys, { signal });
      throw error;
    }
  }

  /** Makes everything visible, dependencies first. @returns What was not there before. */
  async commit(): Promise<FullIdent[]> {
    const installed: FullIdent[] = [];
    if (this.#staged.size === 0) return installed;
    await makeDurable(this.#context.layout.packages);
    for (const staged of this.#staged.values()) {
      this.#options.signal?.throwIfAborted();
      const { ident } = staged.package;
      if (!(await staged.commit())) continue;
      installed.push(ident);
      this.#options.onProgress?.({ type: 'store:installed', ident });
    }
    return installed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const staged of this.#staged.values()) await staged[Symbol.asyncDispose]();
    this.#staged.clear();
  }

  async #stageWithRequirements(ident: FullIdent, file: string | undefined): Promise<void> {
    const key = formatIdent(ident);
    if (this.#considered.has(key)) return;
    this.#considered.add(key);
    const visible = await this.#visible(ident);
    const root = visible ?? (await this.#stageRoot(ident, file));
    if ((await root.compositeType()) === 'composite') {
      for (const service of await root.resolvedServices()) await this.#stageWithRequirements(service, undefined);
    } else {
      await this.#stageAll(ident, [...(await root.tdeps())].reverse());
    }
    if (visible === undefined) this.#moveToEnd(key);
  }

  /** The dependencies are obtained before the first of them is unpacked, so that an error names all that are missing. */
  async #stageAll(dependent: FullIdent, idents: readonly FullIdent[]): Promise<void> {
    const missing: string[] = [];
    const acquired: Acquired[] = [];
    try {
      for (const ident of idents) {
        requireSafe(ident);
        if ((await this.#visible(ident)) !== undefined) continue;
        try {
          acquired.push(await acquire(ident, this.#acquire));
        } catch (error) {
          if (!isStoreError(error, 'STORE_ARTIFACT_NOT_FOUND')) throw error;
          missing.push(formatIdent(ident));
        }
      }
      if (missing.length > 0) throw dependenciesMissing(dependent, missing);
      for (const artifact of acquired) await this.#stage(artifact);
    } finally {
      for (const artifact of acquired) await artifact[Symbol.asyncDispose]();
    }
  }

  async #stageRoot(ident: FullIdent, file: string | undefined): Promise<InstalledPackage> {
    const cached = cachedArtifact(this.#context.layout, ident, this.#context.target);
    const foreign = file !== undefined && !(await isSameFile(file, cached)) ? file : undefined;
    await using artifact =
      foreign === undefined ? await acquire(ident, this.#acquire) : await acquireFile(foreign, ident, this.#acquire);
    return await this.#stage(artifact);
  }

  /** A damaged file of the cache is set aside; for it and for one that may not be installed, sources are asked. */
  async #stage(artifact: Acquired): Promise<InstalledPackage> {
    try {
      return await this.#stageOnce(artifact);
    } catch (error) {
      const verdict = cachedVerdict(error);
      if (!artifact.cached || verdict === undefined) throw error;
      const { ident, path } = artifact;
      if (verdict === 'damaged') {
        const aside = await setAside(path);
        this.#options.onProgress?.({ type: 'store:damaged', ident, path: aside });
      }
      await using again = await acquireOr(error, () => acquireFromSources(ident, this.#acquire));
      return await this.#stageOnce(again);
    }
  }

  async #stageOnce(artifact: Acquired): Promise<InstalledPackage> {
    const { signers, limits, signal, onProgress } = this.#options;
    const options = { ...this.#context, worker: this.#worker, signers, limits, signal, onProgress };
    const staged = await stagePackage(artifact.path, artifact.ident, options);
    this.#staged.set(formatIdent(artifact.ident), staged);
    await artifact.accept();
    return staged.package;
  }

  #moveToEnd(key: string): void {
    const staged = this.#staged.get(key);
    if (staged === undefined) return;
    this.#staged.delete(key);
    this.#staged.set(key, staged);
  }

  async #resolve(ident: PackageIdent): Promise<FullIdent> {
    requireSafe(ident);
    if (isFullyQualified(ident)) return ident;
    const { layout, target } = this.#context;
    const { signal } = this.#options;
    const offers: FullIdent[] = [];
    for (const source of this.#acquire.sources) {
      const found = await source.find(ident, target, { signal });
      if (found !== undefined) offers.push(found);
    }
    const installed = newestRelease(await listPackages(layout.packages, target, ident, { signal }), ident);
    const offered = newestRelease(offers, ident);
    const chosen = chooseRelease({ installed, offered, ignoreLocal: this.#options.ignoreLocal ?? false });
    if (chosen !== undefined) return chosen;
    throw artifactNotFound(ident, target, this.#acquire.sources.map((source) => source.name).join(', '));
  }

  async #visible(ident: FullIdent): Promise<InstalledPackage | undefined> {
    const staged = this.#staged.get(formatIdent(ident));
    if (staged !== undefined) return staged.package;
    return (await this.#isInstalled(ident)) ? installedPackage(this.#context.layout, ident) : undefined;
  }

  async #isInstalled(ident: FullIdent): Promise<boolean> {
    const { layout, target } = this.#context;
    return await isPackage(layout.package(ident.origin, ident.name, ident.version, ident.release), target);
  }
}

/** When nothing better is to be had, what is wrong with the file is what the user must know. */
async function acquireOr(failure: unknown, action: () => Promise<Acquired>): Promise<Acquired> {
  try {
    return await action();
  } catch (error) {
    throw isStoreError(error, 'STORE_ARTIFACT_NOT_FOUND') ? failure : error;
  }
}

function dependenciesMissing(
  dependent: FullIdent,
  missing: readonly string[],
): StoreError<'STORE_DEPENDENCIES_MISSING'> {
  const ident = formatIdent(dependent);
  return new StoreError(
    'STORE_DEPENDENCIES_MISSING',
    `${ident} needs packages that are nowhere: ${missing.join(', ')}`,
    {
      details: { ident, missing },
      hint: 'Put their artifacts into a folder and name it, or connect to a depot that has them. Nothing was installed.',
    },
  );
}
