import { isPathSafeIdent, isPlanName } from '@hab/ident';
import { BuildError } from './errors.ts';
import { type PlanFacts, UNSET_VERSION } from './plan-variables.ts';

/**
 * Checks who the package is, in the order and with the words that scripts know. @see spec/plan-build, 4
 *
 * @throws {@link BuildError} `BUILD_METADATA_INVALID` or `BUILD_VERSION`, status 1.
 */
export function checkIdentity(facts: PlanFacts): void {
  const pieces = [
    ['pkg_name', facts.name],
    ['pkg_origin', facts.origin],
  ] as const;
  for (const [variable, value] of pieces) {
    if (value === '') throw invalid(variable, `Failed to build. '${variable}' must be set.`);
  }
  for (const [variable, value] of pieces) {
    if (!isPlanName(value)) {
      throw invalid(variable, `Failed to build. Package ${variable} '${value}' contains invalid characters.`);
    }
  }
}

/**
 * The version to start with: the plan's own, or the mark for one that a function will find.
 *
 * @throws {@link BuildError} `BUILD_VERSION` without either, `BUILD_METADATA_INVALID` for one that no file can carry.
 */
export function startVersion(facts: PlanFacts, hasFunction: boolean): string {
  if (facts.version === '' && hasFunction) return UNSET_VERSION;
  if (facts.version === '') {
    throw new BuildError(
      'BUILD_VERSION',
      "Failed to build. 'pkg_version' must be set or 'pkg_version()' function must be implemented and then invoking by calling 'update_pkg_version()'.",
      { details: { status: 1 } },
    );
  }
  checkVersion(facts.version);
  return facts.version;
}

/** Longest version: it is a part of file names. */
const MAX_VERSION_LENGTH = 128;

/**
 * A version becomes part of paths, of search paths and of file names.
 *
 * @throws {@link BuildError} `BUILD_METADATA_INVALID`.
 */
export function checkVersion(version: string): void {
  const safe = isPathSafeIdent({ origin: 'o', name: 'n', version });
  if (safe && version.length <= MAX_VERSION_LENGTH && !/[\s:'"`$;&|<>*?()[\]{}!#]/.test(version)) return;
  throw invalid(
    'pkg_version',
    `Failed to build. Package pkg_version '${version.slice(0, MAX_VERSION_LENGTH)}' contains invalid characters.`,
    'Use letters, digits and . _ + ~ - only: the version is part of paths and file names.',
  );
}

const invalid = (variable: string, message: string, hint?: string) =>
  new BuildError('BUILD_METADATA_INVALID', message, {
    details: { status: 1, variable },
    ...(hint === undefined ? {} : { hint }),
  });

/** A release is a time, `YYYYMMDDhhmmss` in UTC: the seconds since the epoch. */
export function releaseSeconds(release: string): number {
  const [, ...pieces] = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(release) ?? [];
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = pieces.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}
