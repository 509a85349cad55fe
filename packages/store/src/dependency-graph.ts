import { compareByParts, type FullIdent, formatIdent } from '@hab/ident';

/** A package and what its `DEPS` names. */
export interface PackageDeps {
  readonly ident: FullIdent;
  readonly deps: readonly FullIdent[];
}

/** Who needs whom among installed packages. Answers come in the order in which the originals print them. */
export interface DependencyGraph {
  /** Every installed package, by parts. */
  readonly idents: readonly FullIdent[];
  /** What it needs itself: the last named first. */
  dependencies(ident: FullIdent): readonly FullIdent[];
  /** What it needs in the end, nearest first. */
  transitiveDependencies(ident: FullIdent): readonly FullIdent[];
  /** Who names it: the reverse of listing order. */
  dependents(ident: FullIdent): readonly FullIdent[];
  /** Who needs it in the end, nearest first. */
  transitiveDependents(ident: FullIdent): readonly FullIdent[];
}

/** Builds the graph. Dependencies that are not installed are in it, too. @see spec/formats, 15 */
export function createDependencyGraph(packages: readonly PackageDeps[]): DependencyGraph {
  const sorted = [...packages].sort((a, b) => compareByParts(a.ident, b.ident));
  const down = new Map<string, FullIdent[]>();
  const up = new Map<string, FullIdent[]>();
  for (const { ident, deps } of sorted) {
    down.set(formatIdent(ident), unique(deps).reverse());
    for (const dep of unique(deps)) {
      const key = formatIdent(dep);
      up.set(key, [ident, ...(up.get(key) ?? [])]);
    }
  }
  return {
    idents: sorted.map(({ ident }) => ident),
    dependencies: (ident) => down.get(formatIdent(ident)) ?? [],
    transitiveDependencies: (ident) => breadthFirst(ident, down),
    dependents: (ident) => up.get(formatIdent(ident)) ?? [],
    transitiveDependents: (ident) => breadthFirst(ident, up),
  };
}

function breadthFirst(start: FullIdent, edges: ReadonlyMap<string, readonly FullIdent[]>): FullIdent[] {
  const seen = new Set([formatIdent(start)]);
  const found: FullIdent[] = [start];
  for (const ident of found) {
    for (const next of edges.get(formatIdent(ident)) ?? []) {
      if (seen.has(formatIdent(next))) continue;
      seen.add(formatIdent(next));
      found.push(next);
    }
  }
  return found.slice(1);
}

function unique(idents: readonly FullIdent[]): FullIdent[] {
  return [...new Map(idents.map((ident) => [formatIdent(ident), ident])).values()];
}
