import type { ReleaseConflict } from './dependency.ts';

/** The message that ends a build with conflicting run dependencies. */
export const CONFLICT_MESSAGE = 'Computed runtime dependency check failed, aborting';

/** Most lines of a tree: what is past them helps nobody. */
const MAX_TREE_LINES = 60;

/**
 * Explains a conflict: which packages, and only the branches of the dependency tree that lead to them.
 *
 * @param own - Ident of the package under construction, the root of the tree.
 * @param direct - Its direct run dependencies.
 * @param depsOf - Direct run dependencies of an installed package, by ident. May describe a circle.
 */
export function conflictReport(
  own: string,
  direct: readonly string[],
  depsOf: (ident: string) => readonly string[],
  conflicts: readonly ReleaseConflict[],
): readonly string[] {
  const guilty = new Set(conflicts.flatMap(({ idents }) => idents));
  const leading = leadersTo(guilty, direct, depsOf);
  const tree: string[] = [own];
  const shown = new Set<string>();
  const visit = (ident: string, level: number): void => {
    if (!leading.has(ident) || tree.length >= MAX_TREE_LINES) return;
    const again = shown.has(ident) && !guilty.has(ident);
    tree.push(`${'    '.repeat(level)}${ident}${guilty.has(ident) ? ' (*)' : again ? ' ...' : ''}`);
    if (shown.has(ident)) return;
    shown.add(ident);
    for (const next of depsOf(ident)) visit(next, level + 1);
  };
  for (const ident of direct) visit(ident, 1);
  return [
    'A process cannot have two releases of one package, and these run dependencies bring more than one:',
    '',
    ...conflicts.map(({ name, idents }) => `  * ${name} ( ${idents.join(' ')} )`),
    '',
    'They come in this way; a conflicting release is marked (*):',
    '',
    ...tree,
    ...(tree.length >= MAX_TREE_LINES ? ['    ...'] : []),
    '',
    ...conflicts.map(({ name, idents }) => advice(name, idents, direct)),
  ];
}

function advice(name: string, idents: readonly string[], direct: readonly string[]): string {
  const own = idents.find((ident) => direct.includes(ident));
  const others = idents.filter((ident) => ident !== own);
  if (own === undefined) return `Rebuild the dependencies above so that all of them use the same release of ${name}.`;
  const pin = others[0] ?? own;
  return `Either rebuild what needs ${others.join(', ')}, or ask for ${pin} in pkg_deps instead of ${own}.`;
}

/** Every package from which a guilty one can be reached, the guilty ones included. Walks each package once. */
function leadersTo(
  guilty: ReadonlySet<string>,
  direct: readonly string[],
  depsOf: (ident: string) => readonly string[],
): ReadonlySet<string> {
  const parents = new Map<string, Set<string>>();
  const queue = [...direct];
  const seen = new Set(queue);
  for (let ident = queue.pop(); ident !== undefined; ident = queue.pop()) {
    for (const next of depsOf(ident)) {
      parents.set(next, (parents.get(next) ?? new Set()).add(ident));
      if (!seen.has(next)) queue.push(next);
      seen.add(next);
    }
  }
  const leading = new Set(guilty);
  const back = [...guilty];
  for (let ident = back.pop(); ident !== undefined; ident = back.pop()) {
    for (const parent of parents.get(ident) ?? []) {
      if (!leading.has(parent)) back.push(parent);
      leading.add(parent);
    }
  }
  return leading;
}

/** Direct dependencies that need the package itself: nothing can be promoted that goes in a circle. */
export function circleWarnings(
  own: { readonly origin: string; readonly name: string },
  direct: readonly { readonly ident: string; readonly needs: readonly string[] }[],
): readonly string[] {
  const name = `${own.origin}/${own.name}`;
  const isOwn = (ident: string): boolean => ident === name || ident.startsWith(`${name}/`);
  return direct.flatMap(({ ident, needs }) => {
    if (isOwn(ident)) return [`${name} lists itself in pkg_deps, as ${ident}: a Builder refuses such a package`];
    const through = needs.find(isOwn);
    if (through === undefined) return [];
    return [`${ident} needs ${through}, so ${name} would depend on itself: a Builder refuses such a package`];
  });
}
