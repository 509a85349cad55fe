import { formatIdent, isIdentError, type PackageIdent, parseIdent } from '@hab/ident';

import { PlanInitError } from './errors.ts';

/** A kind of application that a scaffolding builds. */
export interface Scaffolding {
  /** What people call it. */
  readonly title: string;
  /** Identifier of the package for `pkg_scaffolding`. */
  readonly ident: string;
  /** Whether it is one of the four that this package knows. */
  readonly known: boolean;
}

const TITLES = { go: 'Go', gradle: 'Gradle', node: 'Node.js', ruby: 'Ruby' } as const;

/** Short names of the scaffoldings of the core origin. */
export const SCAFFOLDING_NAMES: readonly (keyof typeof TITLES)[] = ['go', 'gradle', 'node', 'ruby'];

const known = (name: keyof typeof TITLES): Scaffolding => ({
  title: TITLES[name],
  ident: `core/scaffolding-${name}`,
  known: true,
});

/**
 * The scaffolding that a word asks for: `go`, `core/scaffolding-go`, in any case, or any package identifier.
 *
 * @throws {@link PlanInitError} `PLAN_INIT_SCAFFOLDING_INVALID`
 * @see spec/cli 8.2
 */
export function resolveScaffolding(text: string): Scaffolding {
  const short = text.toLowerCase().replace(/^core\/scaffolding-/, '');
  const name = SCAFFOLDING_NAMES.find((one) => one === short);
  if (name !== undefined) return known(name);
  const ident = tryIdent(text);
  if (ident !== undefined) return { title: formatIdent(ident), ident: formatIdent(ident), known: false };
  throw new PlanInitError('PLAN_INIT_SCAFFOLDING_INVALID', `"${text}" is no scaffolding`, {
    details: { text },
    hint: `Use one of ${SCAFFOLDING_NAMES.join(', ')}, or the ORIGIN/NAME of another.`,
  });
}

function tryIdent(text: string): PackageIdent | undefined {
  try {
    const ident = parseIdent(text);
    // It goes between quotes of a script, where some of what depots take in a name means more than itself.
    return /^[\w.+-]+(?:\/[\w.+-]+){1,3}$/.test(text) ? ident : undefined;
  } catch (error) {
    if (isIdentError(error, 'IDENT_INVALID')) return undefined;
    throw error;
  }
}

/** What a folder seems to hold. */
export interface Detection {
  readonly title: string;
  /** The file that tells. */
  readonly evidence: string;
  /** The scaffolding that builds it; undefined: there is none, and `suggestion` says what helps. */
  readonly scaffolding: Scaffolding | undefined;
  readonly suggestion: string | undefined;
}

interface Sign {
  readonly scaffolding?: keyof typeof TITLES;
  readonly title: string;
  readonly files: readonly string[];
  readonly pattern?: RegExp;
  readonly suggestion?: string;
}

/** The first sign that is found counts. See spec/cli 8.2. */
const SIGNS: readonly Sign[] = [
  {
    scaffolding: 'go',
    title: 'Go',
    files: ['main.go', 'go.mod', 'Godeps/Godeps.json', 'vendor/vendor.json', 'glide.yaml'],
    pattern: /^[^/]+\.go$/,
  },
  {
    scaffolding: 'gradle',
    title: 'Gradle',
    files: ['build.gradle', 'settings.gradle', 'build.gradle.kts', 'settings.gradle.kts'],
  },
  { scaffolding: 'node', title: 'Node.js', files: ['package.json'] },
  { scaffolding: 'ruby', title: 'Ruby', files: ['Gemfile'] },
  {
    title: 'Python',
    files: ['pyproject.toml', 'requirements.txt'],
    suggestion: 'Put core/python into pkg_deps and call pip in do_install.',
  },
  {
    title: 'Rust',
    files: ['Cargo.toml'],
    suggestion: 'Put core/rust and core/gcc into pkg_build_deps and call cargo in do_build.',
  },
];

/** Files below a folder that {@link detectApplication} asks for, besides the names that the folder itself holds. */
export const TELLING_FILES: readonly string[] = SIGNS.flatMap(({ files }) => files);

/**
 * Tells what kind of application a folder holds.
 *
 * @param files - Names of the folder's files, and those of {@link TELLING_FILES} that are there.
 */
export function detectApplication(files: Iterable<string>): Detection | undefined {
  const names = new Set(files);
  for (const { scaffolding, title, files: telling, pattern, suggestion } of SIGNS) {
    const evidence =
      telling.find((file) => names.has(file)) ?? [...names].sort().find((name) => pattern?.test(name) === true);
    if (evidence === undefined) continue;
    return { title, evidence, scaffolding: scaffolding && known(scaffolding), suggestion };
  }
  return undefined;
}
