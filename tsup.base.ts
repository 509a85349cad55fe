import type { Options } from 'tsup';

/** The one build every library shares: ES modules, declarations, no minifying. */
export function libraryBuild(entry: Record<string, string>): Options {
  return {
    entry,
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    dts: true,
    sourcemap: true,
    clean: true,
    // The base settings let Node run sources unbuilt; a declaration build wants neither flag.
    tsconfig: 'tsconfig.json',
  };
}
