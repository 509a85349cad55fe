import type { Dependency } from './dependency.ts';
import { ownDirectories } from './search-path.ts';

/** Variables that compilers and linkers read. */
export const FLAG_VARIABLES = ['LD_RUN_PATH', 'CFLAGS', 'CXXFLAGS', 'CPPFLAGS', 'LDFLAGS', 'PKG_CONFIG_PATH'] as const;
export type FlagVariable = (typeof FLAG_VARIABLES)[number];
export type CompileFlags = Readonly<Record<FlagVariable, string>>;

/**
 * What compilers and linkers find during the build. Transitive dependencies add nothing.
 *
 * @param current - The variables so far; they stay in front.
 * @param direct - Direct dependencies, build before run.
 * @param run - Direct run dependencies: only these reach `LD_RUN_PATH`.
 * @see spec/plan-build, 8.2
 */
export function compileFlags(
  current: CompileFlags,
  own: { readonly prefix: string; readonly libDirs: readonly string[] },
  direct: readonly Dependency[],
  run: readonly Dependency[],
): CompileFlags {
  const libraries = [...ownDirectories(own.prefix, own.libDirs), ...run.map(({ ldRunPath }) => ldRunPath)];
  const words = (first: string, values: readonly string[]): string => joined(' ', [first, ...values]);
  return {
    LD_RUN_PATH: joined(':', libraries),
    CFLAGS: words(
      current.CFLAGS,
      direct.map(({ cflags }) => cflags),
    ),
    CXXFLAGS: words(
      current.CXXFLAGS,
      direct.map(({ cxxflags, cflags }) => cxxflags || cflags),
    ),
    CPPFLAGS: words(
      current.CPPFLAGS,
      direct.map(({ cppflags, cflags }) => cppflags || cflags),
    ),
    LDFLAGS: words(
      current.LDFLAGS,
      direct.map(({ ldflags }) => ldflags),
    ),
    PKG_CONFIG_PATH: joined(':', [current.PKG_CONFIG_PATH, ...direct.map(({ pkgConfigPath }) => pkgConfigPath)]),
  };
}

const joined = (separator: string, parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(separator);
