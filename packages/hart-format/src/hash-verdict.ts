import { HartError } from './errors.ts';

/** @throws {@link HartError} `HART_HASH_MISMATCH` with both hashes, unless they are equal. */
export function requireSameHash(expected: string, actual: string, cause?: unknown): void {
  if (expected === actual) return;
  throw new HartError(
    'HART_HASH_MISMATCH',
    `Habitat artifact is invalid, hashes don't match (expected: ${expected}, computed: ${actual})`,
    {
      details: { expected, actual },
      cause,
      hint: 'The file was changed after it was signed, or damaged on its way. Delete it and fetch it again.',
    },
  );
}
