import type { AbortOptions } from '@hab/core';
import type { FullIdent, PackageIdent, PackageTarget } from '@hab/ident';

/** Options of {@link ArtifactSource.fetch}. */
export interface FetchOptions extends AbortOptions {
  /** File to make: whole, mode 0644, or not at all. Its directory exists. */
  readonly into: string;
  /** Bytes so far. */
  readonly onProgress?: ((bytes: number) => void) | undefined;
}

/**
 * Where artifacts come from: a folder, a depot. Nothing that it says is trusted: what it fetches is verified before it is
 * used. Every implementation passes `describeArtifactSource` of `@hab/store/testing`.
 */
export interface ArtifactSource {
  /** For messages: a path or a URL without secrets. */
  readonly name: string;
  /** The newest release that satisfies the request, for this target. @returns undefined for none. */
  find(ident: PackageIdent, target: PackageTarget, options?: AbortOptions): Promise<FullIdent | undefined>;
  /**
   * Gets the artifact of exactly this release.
   *
   * @throws {@link StoreError} `STORE_ARTIFACT_NOT_FOUND` when the source does not have it.
   */
  fetch(ident: FullIdent, target: PackageTarget, options: FetchOptions): Promise<void>;
}
