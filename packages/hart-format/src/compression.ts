import { HartError } from './errors.ts';

/** How hard to compress: 0 fastest, 9 smallest. */
export type CompressionLevel = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export const DEFAULT_COMPRESSION_LEVEL: CompressionLevel = 6;

const MEBIBYTE: number = 1024 ** 2;

/**
 * LZMA2 dictionary of each level, in bytes. The search of a level is that of `xz`; dictionaries up to level 6 are at most
 * 4 MiB (half of `xz -6`), which keeps packing anything within 160 MB of memory and costs about 3 % of size. Level 7
 * has the dictionary of `xz -6`. Part of the bytes of every artifact: changing one is a breaking change.
 */
export const DICTIONARY_BYTES: Readonly<Record<CompressionLevel, number>> = {
  0: MEBIBYTE / 4,
  1: MEBIBYTE,
  2: 2 * MEBIBYTE,
  3: 4 * MEBIBYTE,
  4: 4 * MEBIBYTE,
  5: 4 * MEBIBYTE,
  6: 4 * MEBIBYTE,
  7: 8 * MEBIBYTE,
  8: 16 * MEBIBYTE,
  9: 32 * MEBIBYTE,
};

/**
 * Reads a level as `HAB_HART_COMPRESSION_LEVEL` gives it.
 *
 * @throws {@link HartError} `HART_OPTION_INVALID` for anything but one digit.
 */
export function parseCompressionLevel(text: string): CompressionLevel {
  const level = /^[0-9]$/.test(text) ? Number(text) : undefined;
  if (level !== undefined && level in DICTIONARY_BYTES) return level as CompressionLevel; // one of the keys just looked up
  throw new HartError('HART_OPTION_INVALID', `Invalid compression level: ${JSON.stringify(text.slice(0, 20))}`, {
    details: { option: 'level' },
    hint: 'Use a digit from 0 (fastest) to 9 (smallest).',
  });
}
