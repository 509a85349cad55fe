import type { Dependency } from './dependency.ts';

/** Absolute directories of the package under construction. */
export function ownDirectories(prefix: string, directories: readonly string[]): readonly string[] {
  return directories.map((directory) => (directory === '.' || directory === '' ? prefix : `${prefix}/${directory}`));
}

/** Entries of a dependency's PATH that lie in the dependency itself. */
function ownEntries({ path, prefix }: Pick<Dependency, 'path' | 'prefix'>): readonly string[] {
  return path.split(':').filter((entry) => entry === prefix || entry.startsWith(`${prefix}/`));
}

/**
 * Own directories, then those of the dependencies in order, each once.
 *
 * @param own - Absolute directories of the package itself.
 * @see spec/plan-build, 8.1
 */
export function packageSearchPath(
  own: readonly string[],
  dependencies: readonly Pick<Dependency, 'path' | 'prefix'>[],
): string {
  return [...new Set([...own, ...dependencies.flatMap(ownEntries)])].join(':');
}

/** The `PATH` of a build: the packages', then the caller's as it is. */
export function buildSearchPath(packages: string, initial: string): string {
  return [packages, initial].filter((part) => part !== '').join(':');
}
