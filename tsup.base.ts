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

/**
 * The build of a program: one folder of ES modules that needs no `node_modules` but native add-ons. Chunks stay beside
 * the entries, so that a worker is found next to whoever starts it.
 */
export function programBuild(entry: Record<string, string>): Options {
  return {
    entry,
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    dts: false,
    sourcemap: false,
    clean: true,
    splitting: true,
    noExternal: [/^(?!@napi-rs\/lzma)/],
    external: ['@napi-rs/lzma'],
    // CommonJS dependencies inside the bundle ask for Node's built-ins with require.
    banner: {
      js: "import { createRequire as createRequireHere } from 'node:module';\nconst require = createRequireHere(import.meta.url);",
    },
    tsconfig: 'tsconfig.json',
    esbuildOptions: (options) => {
      // Chunks of our libraries import each other for their order alone: without side effects there is none to keep.
      options.logOverride = { 'ignored-bare-import': 'silent' };
    },
  };
}
