import { isHabError } from '@hab/core';
import { BuildError, isBuildError } from '../errors.ts';

/**
 * What a person can be told about an error from below: of the disk, or coded by another package.
 *
 * @param step - What was being done.
 * @returns undefined for what is nobody's mistake but ours.
 */
export function explain(error: unknown, step: string): BuildError | undefined {
  if (isBuildError(error)) return error;
  if (isHabError(error)) {
    return new BuildError('BUILD_OUTPUT_FAILED', `${step}: ${error.message}`, {
      details: { status: 1, path: pathOf(error) },
      cause: error,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    });
  }
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return undefined;
  return new BuildError('BUILD_OUTPUT_FAILED', `${step}: ${error.message}`, {
    details: { status: 1, path: pathOf(error) },
    cause: error,
  });
}

const pathOf = (error: Error): string => ('path' in error && typeof error.path === 'string' ? error.path : '');
