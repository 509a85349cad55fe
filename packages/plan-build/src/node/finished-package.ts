import type { FullIdent, PackageTarget } from '@hab/ident';

/** What a successful build leaves behind. Paths are absolute. */
export interface FinishedPackage {
  readonly ident: FullIdent;
  readonly target: PackageTarget;
  /** The installed package. */
  readonly prefix: string;
  /** The artifact in the artifact cache. */
  readonly artifact: string;
  /** Its copy in the output directory. */
  readonly result: string;
  readonly outputDirectory: string;
  /** Digests of the whole artifact, lower-case hex. */
  readonly sha256: string;
  readonly blake2b: string;
}
