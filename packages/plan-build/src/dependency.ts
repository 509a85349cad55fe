import { type FullIdent, formatIdent } from '@hab/ident';

/** What a build reads of an installed package. Texts are as in its metafiles; empty when a file is absent. */
export interface Dependency {
  readonly ident: FullIdent;
  readonly prefix: string;
  readonly deps: readonly FullIdent[];
  readonly tdeps: readonly FullIdent[];
  readonly path: string;
  readonly ldRunPath: string;
  readonly ldflags: string;
  readonly cflags: string;
  readonly cppflags: string;
  readonly cxxflags: string;
  readonly pkgConfigPath: string;
  readonly runtimeEnvironment: readonly (readonly [name: string, value: string])[];
}

/** The dependencies of a build, by kind. Idents are fully qualified texts, in the order that metafiles keep. */
export interface DependencySets {
  readonly build: readonly string[];
  readonly buildTransitive: readonly string[];
  readonly run: readonly string[];
  readonly runTransitive: readonly string[];
  /** Direct ones, build before run. Duplicates stay. */
  readonly all: readonly string[];
  /** Every one, in the order in which their programs are found. */
  readonly allTransitive: readonly string[];
}

/** Orders the dependencies. @see spec/plan-build, 7 */
export function orderDependencies(build: readonly Dependency[], run: readonly Dependency[]): DependencySets {
  const buildIdents = unique(build);
  const runIdents = unique(run);
  const buildTransitive = transitive(build);
  const runTransitive = transitive(run);
  return {
    build: buildIdents,
    buildTransitive,
    run: runIdents,
    runTransitive,
    all: [...buildIdents, ...runIdents],
    allTransitive: [...new Set([...buildIdents, ...runIdents, ...buildTransitive, ...runTransitive])],
  };
}

const unique = (packages: readonly Dependency[]): readonly string[] => [
  ...new Set(packages.map(({ ident }) => formatIdent(ident))),
];

/** Direct ones first, then what each brings, always behind whoever needs it. */
function transitive(direct: readonly Dependency[]): readonly string[] {
  const ordered = new Set(unique(direct));
  for (const { tdeps } of direct) {
    for (const ident of tdeps.map(formatIdent)) {
      ordered.delete(ident);
      ordered.add(ident);
    }
  }
  return [...ordered];
}

/** Two or more releases of one package. */
export interface ReleaseConflict {
  readonly name: string;
  readonly idents: readonly string[];
}

/** Packages of which a run needs more than one release. */
export function findConflicts(idents: readonly string[]): readonly ReleaseConflict[] {
  const releases = new Map<string, Set<string>>();
  for (const ident of idents) {
    const name = ident.split('/', 2).join('/');
    const seen = releases.get(name) ?? new Set();
    releases.set(name, seen.add(ident));
  }
  return [...releases].filter(([, seen]) => seen.size > 1).map(([name, seen]) => ({ name, idents: [...seen].sort() }));
}
