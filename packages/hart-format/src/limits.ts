import { type ArchiveLimit, HartError } from './errors.ts';

/** Bounds of what one artifact may make a reader do. */
export interface ArchiveLimits {
  /** @defaultValue 1,000,000 */
  readonly members: number;
  /** All of the unpacked tar, in bytes. @defaultValue 32 GiB */
  readonly unpackedBytes: number;
  /** Unpacked to packed, looked at past 256 MiB: xz reaches some 7,000 for nothing but zeros. @defaultValue 1,000 */
  readonly ratio: number;
}

export const DEFAULT_ARCHIVE_LIMITS: ArchiveLimits = {
  members: 1_000_000,
  unpackedBytes: 32 * 1024 ** 3,
  ratio: 1000,
};

/** Small artifacts may have any ratio: their tar is mostly padding. */
const RATIO_FREE_BYTES: number = 256 * 1024 ** 2;

/** @throws {@link HartError} `HART_LIMIT_EXCEEDED`. */
export function checkUnpackedBytes(unpackedBytes: number, packedBytes: number, limits: ArchiveLimits): void {
  if (unpackedBytes > limits.unpackedBytes) throw exceeded('unpackedBytes', limits.unpackedBytes);
  if (unpackedBytes > Math.max(RATIO_FREE_BYTES, packedBytes * limits.ratio)) throw exceeded('ratio', limits.ratio);
}

/** An error about one limit. */
export function exceeded(limit: ArchiveLimit, maximum: number): HartError<'HART_LIMIT_EXCEEDED'> {
  return new HartError('HART_LIMIT_EXCEEDED', `The artifact exceeds the limit ${limit} = ${maximum}`, {
    details: { limit, maximum },
    hint: 'Raise the limit if you trust the artifact and its size is right.',
  });
}
