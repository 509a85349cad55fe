import { stat } from 'node:fs/promises';
import type { AbortOptions } from '@hab/core';
import type { ArchiveLimits } from '@hab/hart';
import { type FullIdent, type PackageIdent, parseIdent } from '@hab/ident';

import type { ArtifactSource } from '../artifact-source.ts';
import { StoreError } from '../errors.ts';
import type { InstallProgress } from '../install-events.ts';
import type { SignerOverrides } from '../signers.ts';
import { absentAs } from './system-errors.ts';

/** What to install. */
export type InstallRequest =
  | { readonly type: 'ident'; readonly ident: PackageIdent }
  | { readonly type: 'file'; readonly path: string };

/** How to install. */
export interface InstallOptions extends AbortOptions {
  /** Asked in order for what is neither installed nor in the artifact cache. @defaultValue the artifact cache alone */
  readonly sources?: readonly ArtifactSource[] | undefined;
  /** True: an installed release does not answer a request without version. @defaultValue false */
  readonly ignoreLocal?: boolean | undefined;
  /** Origins that may sign for others. @defaultValue none */
  readonly signers?: SignerOverrides | undefined;
  /** Bounds of every artifact. */
  readonly limits?: Partial<ArchiveLimits> | undefined;
  readonly onProgress?: ((event: InstallProgress) => void) | undefined;
}

/** What an install did. */
export interface InstallResult {
  /** The releases that the requests mean, in their order; installed now. */
  readonly requested: readonly FullIdent[];
  /** Packages that became visible, in order: dependencies before dependents. */
  readonly installed: readonly FullIdent[];
}

/**
 * Reads an argument of `hab pkg install`: an existing file is an artifact, everything else an identifier.
 *
 * @throws {@link StoreError} `STORE_FILE_NOT_FOUND`, text `File not found at: <argument>`; {@link IdentError}.
 * @see spec/formats, 12.1
 */
export async function parseInstallRequest(argument: string): Promise<InstallRequest> {
  const facts = await absentAs(undefined, () => stat(argument));
  if (facts?.isFile()) return { type: 'file', path: argument };
  if (!argument.endsWith('.hart')) return { type: 'ident', ident: parseIdent(argument) };
  throw new StoreError('STORE_FILE_NOT_FOUND', `File not found at: ${argument}`, {
    details: { path: argument },
    hint: 'Check the path, or give a package identifier.',
  });
}
