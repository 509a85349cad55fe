import { type FullIdent, formatIdent, isToolPackage, type PackageIdent, satisfies } from '@hab/ident';

import type { DependencyGraph } from './dependency-graph.ts';
import { StoreError } from './errors.ts';

/** Why a package stays. */
export type KeepReason = 'tool' | 'loaded' | 'excluded' | 'needed';

/** What happens to one package. */
export type UninstallDecision =
  | { readonly type: 'remove'; readonly ident: FullIdent }
  | { readonly type: 'keep'; readonly ident: FullIdent; readonly reason: KeepReason };

/** What decides an uninstall. */
export interface UninstallRules {
  /** Never removed. */
  readonly exclude: readonly PackageIdent[];
  /** True for what a Supervisor has loaded. */
  readonly isLoaded: (ident: FullIdent) => boolean;
  /** False removes the targets alone. */
  readonly withDependencies: boolean;
}

/**
 * Decides, before anything is touched, what uninstalling the targets removes. A dependency goes when nothing that stays
 * needs it, directly or not; what is excluded, loaded or Habitat itself stays, with everything that it needs.
 *
 * @param targets - Oldest first.
 * @returns Decisions in the order to carry them out: each target, then its dependencies, nearest first.
 * @throws {@link StoreError} `STORE_STILL_NEEDED` when a target has dependents.
 * @see spec/formats, 14 and 17 (13)
 */
export function planUninstall(
  graph: DependencyGraph,
  targets: readonly FullIdent[],
  rules: UninstallRules,
): UninstallDecision[] {
  const gone = new Set<string>();
  const decisions = new Map<string, UninstallDecision>();
  for (const target of targets) {
    requireUnneeded(graph, target, gone);
    for (const decision of planOne(graph, target, rules, gone)) {
      const key = formatIdent(decision.ident);
      if (decision.type === 'remove') gone.add(key);
      decisions.delete(key); // what one target still needed may go after the next one, and not before it
      decisions.set(key, decision);
    }
  }
  return [...decisions.values()];
}

function requireUnneeded(graph: DependencyGraph, target: FullIdent, gone: ReadonlySet<string>): void {
  const dependents = graph.dependents(target).filter((ident) => !gone.has(formatIdent(ident)));
  if (dependents.length === 0) return;
  const ident = formatIdent(target);
  throw new StoreError(
    'STORE_STILL_NEEDED',
    `Can't remove package: ${ident}. It is a dependency of ${dependents.length} packages`,
    {
      details: { ident, dependents: dependents.map(formatIdent) },
      hint: `Uninstall ${dependents.map(formatIdent).join(', ')} first.`,
    },
  );
}

function planOne(
  graph: DependencyGraph,
  target: FullIdent,
  rules: UninstallRules,
  gone: ReadonlySet<string>,
): UninstallDecision[] {
  const reason = keepReason(target, rules);
  if (reason !== undefined) return [{ type: 'keep', ident: target, reason }];
  const installed = new Set(graph.idents.map(formatIdent));
  const dependencies = rules.withDependencies
    ? graph.transitiveDependencies(target).filter((ident) => isThere(ident, installed, gone))
    : [];
  const candidates = new Set([target, ...dependencies].map(formatIdent));
  const staying = graph.idents.filter((ident) => {
    if (gone.has(formatIdent(ident))) return false;
    return !candidates.has(formatIdent(ident)) || keepReason(ident, rules) !== undefined;
  });
  const needed = new Set(staying.flatMap((ident) => graph.transitiveDependencies(ident)).map(formatIdent));
  return [
    { type: 'remove', ident: target },
    ...dependencies.map((ident): UninstallDecision => {
      const kept = keepReason(ident, rules) ?? (needed.has(formatIdent(ident)) ? 'needed' : undefined);
      return kept === undefined ? { type: 'remove', ident } : { type: 'keep', ident, reason: kept };
    }),
  ];
}

function isThere(ident: FullIdent, installed: ReadonlySet<string>, gone: ReadonlySet<string>): boolean {
  return installed.has(formatIdent(ident)) && !gone.has(formatIdent(ident));
}

function keepReason(ident: FullIdent, rules: UninstallRules): KeepReason | undefined {
  if (isToolPackage(ident, 'cli')) return 'tool';
  if (rules.isLoaded(ident)) return 'loaded';
  return rules.exclude.some((excluded) => satisfies(ident, excluded)) ? 'excluded' : undefined;
}
