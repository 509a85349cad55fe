import { mkdir, stat } from 'node:fs/promises';
import type { AbortOptions, Layout, RandomSource } from '@hab/core';
import type { FullIdent, PackageTarget } from '@hab/ident';

import type { ArtifactSource } from '../artifact-source.ts';
import { isStoreError } from '../errors.ts';
import type { InstallProgress } from '../install-events.ts';
import { cachedArtifact, type Quarantine, quarantine } from './artifact-cache.ts';
import { artifactNotFound } from './folder-source.ts';
import { absentAs, withPath } from './system-errors.ts';

/** An artifact at hand, not yet verified. */
export interface Acquired extends AsyncDisposable {
  readonly ident: FullIdent;
  readonly path: string;
  /** True for a file that was in the cache before: it may be damaged and fetched again. */
  readonly cached: boolean;
  /** Keeps it in the cache: it was found good. */
  accept(): Promise<void>;
}

/** Where to look. */
export interface AcquireOptions extends AbortOptions {
  readonly layout: Layout;
  readonly target: PackageTarget;
  readonly random: RandomSource;
  readonly sources: readonly ArtifactSource[];
  readonly onProgress?: ((event: InstallProgress) => void) | undefined;
}

/**
 * The artifact of a release: from the cache, else from the first source that has it.
 *
 * @throws {@link StoreError} `STORE_ARTIFACT_NOT_FOUND`, `STORE_IO_FAILED`; whatever a source throws.
 * @see spec/formats, 12.4
 */
export async function acquire(ident: FullIdent, options: AcquireOptions): Promise<Acquired> {
  const path = cachedArtifact(options.layout, ident, options.target);
  const facts = await withPath(path, () => absentAs(undefined, () => stat(path)));
  if (!facts?.isFile()) return await acquireFromSources(ident, options);
  return { ident, path, cached: true, accept: async () => {}, [Symbol.asyncDispose]: async () => {} };
}

/** The artifact of a release from a source, whatever the cache holds. @throws What {@link acquire} throws. */
export async function acquireFromSources(ident: FullIdent, options: AcquireOptions): Promise<Acquired> {
  const { layout, target, random, sources, signal, onProgress } = options;
  for (const source of sources) {
    signal?.throwIfAborted();
    const checking = quarantine(layout, random);
    try {
      await withPath(layout.artifactCache, () => mkdir(layout.artifactCache, { recursive: true }));
      const report = (bytes: number): void =>
        onProgress?.({ type: 'store:fetched', ident, source: source.name, bytes });
      await source.fetch(ident, target, { into: checking.path, signal, onProgress: report });
      return acquired(ident, checking, options);
    } catch (error) {
      await checking[Symbol.asyncDispose]();
      if (!isStoreError(error, 'STORE_ARTIFACT_NOT_FOUND')) throw error;
    }
  }
  throw artifactNotFound(ident, target, sources.map((source) => source.name).join(', '));
}

/** An artifact that somebody gave as a file. @throws {@link StoreError} `STORE_IO_FAILED`. */
export async function acquireFile(path: string, ident: FullIdent, options: AcquireOptions): Promise<Acquired> {
  const checking = quarantine(options.layout, options.random);
  await withPath(options.layout.artifactCache, () => checking.copyFrom(path));
  return acquired(ident, checking, options);
}

function acquired(ident: FullIdent, checking: Quarantine, { layout, target }: AcquireOptions): Acquired {
  const path = cachedArtifact(layout, ident, target);
  return {
    ident,
    path: checking.path,
    cached: false,
    accept: () => withPath(path, () => checking.release(path)),
    [Symbol.asyncDispose]: () => checking[Symbol.asyncDispose](),
  };
}
