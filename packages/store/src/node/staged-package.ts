import { chmod, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AbortOptions, isHabError, type Layout, type RandomSource } from '@hab/core';
import { syncDirectory } from '@hab/core/node';
import type { ArchiveLimits } from '@hab/hart';
import { type HartWorker, readHartHeader, type SigningKeys, unpackHart } from '@hab/hart/node';
import {
  type FullIdent,
  formatIdent,
  identPieces,
  isPathSafeIdent,
  type PackageIdent,
  type PackageTarget,
} from '@hab/ident';

import { StoreError } from '../errors.ts';
import type { InstallProgress } from '../install-events.ts';
import { requireSignerOf, type SignerOverrides } from '../signers.ts';
import { type InstalledPackage, packageAt } from './installed-package.ts';
import { isPackage } from './listing.ts';
import { createStaging, type Staging } from './staging.ts';
import { systemCodeOf, withPath } from './system-errors.ts';

/** What checking an artifact needs. */
export interface StageOptions extends AbortOptions {
  readonly layout: Layout;
  readonly target: PackageTarget;
  readonly keys: SigningKeys;
  readonly random: RandomSource;
  readonly worker: HartWorker;
  readonly signers?: SignerOverrides | undefined;
  readonly limits?: Partial<ArchiveLimits> | undefined;
  readonly onProgress?: ((event: InstallProgress) => void) | undefined;
}

/** A verified package that nobody sees yet. */
export interface StagedPackage extends AsyncDisposable {
  readonly package: InstalledPackage;
  /** Makes it visible. @returns false when somebody else installed it first, which is as good. */
  commit(): Promise<boolean>;
}

/**
 * Verifies and unpacks an artifact beside its place: header, signer's origin, signature, hash, every path, `IDENT`,
 * `TARGET`.
 *
 * @throws {@link StoreError}, {@link HartError}, {@link KeysError}; nothing is left then.
 * @see spec/formats, 12.4 and 12.5
 */
export async function stagePackage(path: string, ident: FullIdent, options: StageOptions): Promise<StagedPackage> {
  const { layout, target, keys, worker, limits, signal, onProgress } = options;
  requireSafe(ident);
  requireSignerOf(ident, (await readHartHeader(path)).keyName, options.signers);
  const place = layout.package(ident.origin, ident.name, ident.version, ident.release);
  return await withPath(place, async () => {
    const staging = await createStaging(layout, ident, options.random);
    try {
      const unpacked = await unpackHart(path, {
        into: staging.into,
        keys,
        expectedIdent: ident,
        limits,
        worker,
        signal,
        onProgress: ({ bytes }) => onProgress?.({ type: 'store:unpacked', ident, bytes }),
      });
      // The file could have been replaced since its header was read.
      requireSignerOf(ident, unpacked.keyName, options.signers);
      requireTarget(ident, target, unpacked.target);
      const prefix = layout.prefix(ident.origin, ident.name, ident.version, ident.release);
      return {
        package: packageAt(unpacked.directory, prefix, ident),
        commit: () => withPath(place, () => commit(unpacked.directory, place, ident, target)),
        [Symbol.asyncDispose]: () => staging[Symbol.asyncDispose](),
      };
    } catch (error) {
      await disposeQuietly(staging, error);
      throw error;
    }
  });
}

/** @throws {@link StoreError} `STORE_IDENT_UNSAFE` for an identifier that would leave the store. */
export function requireSafe(ident: PackageIdent): void {
  if (isPathSafeIdent(ident) && !identPieces(ident).some((piece) => piece.startsWith('.hab-pkg-install'))) return;
  throw new StoreError(
    'STORE_IDENT_UNSAFE',
    `Package identifier cannot be a path: ${JSON.stringify(formatIdent(ident))}`,
    {
      details: { ident: formatIdent(ident) },
      hint: 'Do not trust whoever gave you this identifier.',
    },
  );
}

function requireTarget(ident: FullIdent, expected: PackageTarget, actual: PackageTarget): void {
  if (expected === actual) return;
  throw new StoreError('STORE_WRONG_TARGET', `${formatIdent(ident)} is for ${actual}, this machine is ${expected}`, {
    details: { ident: formatIdent(ident), expected, actual },
    hint: `Install the package that was built for ${expected}.`,
  });
}

async function commit(from: string, place: string, ident: FullIdent, target: PackageTarget): Promise<boolean> {
  const { mode } = await stat(from);
  // Renaming into another directory writes the entry for the parent: not allowed in a directory without write permission.
  if ((mode & 0o200) === 0) await chmod(from, mode | 0o200);
  try {
    await rename(from, place);
  } catch (error) {
    const code = systemCodeOf(error);
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    if (await isPackage(place, target)) return false;
    throw new StoreError('STORE_RELEASE_BLOCKED', `${place} exists and is no package for ${target}`, {
      details: { ident: formatIdent(ident), path: place },
      cause: error,
      hint: `Move ${place} away and install again.`,
    });
  }
  if ((mode & 0o200) === 0) await chmod(place, mode);
  await syncDirectory(join(place, '..'));
  return true;
}

async function disposeQuietly(staging: Staging, error: unknown): Promise<void> {
  try {
    await staging[Symbol.asyncDispose]();
  } catch (failure) {
    // What went wrong first is what the caller must know; leftovers are cleaned by the next install.
    if (!isHabError(error) && systemCodeOf(error) === undefined) throw failure;
  }
}
