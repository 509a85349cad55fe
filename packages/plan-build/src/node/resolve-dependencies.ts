import { isHabError } from '@hab/core';
import { type FullIdent, formatIdent, type PackageIdent, parseIdent } from '@hab/ident';
import type { ResolvedDependency } from '../build-report.ts';
import { installAttempts } from '../channels.ts';
import { CONFLICT_MESSAGE, circleWarnings, conflictReport } from '../conflict-report.ts';
import { say, warn } from '../console-lines.ts';
import { type Dependency, findConflicts, orderDependencies } from '../dependency.ts';
import { BuildError, isBuildError } from '../errors.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import type { FoundPackage } from './packages.ts';
import { readDependency } from './read-dependency.ts';

/** Kinds of direct dependencies, in the words of the lines about them. */
export type DependencyKind = ResolvedDependency['kind'];

const ALREADY_INSTALLED = 'already installed';

/** Makes one direct dependency available: installs it where that is wanted, and finds it. */
export async function resolveOne(state: BuildState, wanted: string, kind: DependencyKind): Promise<FoundPackage> {
  const parsed = parseWanted(state, wanted);
  const locked = state.locked?.get(wanted);
  const ident = locked ?? parsed;
  const before = await state.world.packages.find(ident, { signal: state.signal });
  // A lock names one release: when that is there, no channel can have a better one.
  const skip = locked !== undefined && before !== undefined;
  const { tried, installed, reasons, source } = skip ? NOTHING_DONE : await install(state, ident, wanted, kind);
  const found = await state.world.packages.find(installed ?? ident, { signal: state.signal });
  if (found === undefined) throw unresolved(state, locked === undefined ? wanted : formatIdent(locked), tried, reasons);
  const name = formatIdent(found.ident);
  const isNew = installed !== undefined && (before === undefined || formatIdent(before.ident) !== name);
  const from = isNew ? (source ?? tried.at(-1) ?? ALREADY_INSTALLED) : ALREADY_INSTALLED;
  state.onProgress({ type: 'build:dependency', wanted, ident: name, from });
  state.resolved.push({ kind, wanted, ident: name, from });
  return found;
}

/** The words behind the line about a dependency that was just resolved. */
export const cameFrom = ({ resolved }: BuildState): string => {
  const from = resolved.at(-1)?.from ?? ALREADY_INSTALLED;
  return from === ALREADY_INSTALLED ? ` (${from})` : ` (from ${from})`;
};

function parseWanted(state: BuildState, wanted: string): PackageIdent {
  const { origin, name } = state.facts;
  if (!wanted.includes('/')) {
    const message = `Origin required for '${wanted}' in plan '${origin}/${name}' (example: acme/${wanted})`;
    state.pending.push(warn(message));
    throw unresolved(state, wanted, [], []);
  }
  try {
    return parseIdent(wanted);
  } catch (error) {
    throw unresolved(state, wanted, [], [isHabError(error) ? error.message : String(error)]);
  }
}

interface InstallOutcome {
  readonly installed: FullIdent | undefined;
  readonly tried: readonly string[];
  readonly reasons: readonly string[];
  /** Where it came from, if the installer says so. */
  readonly source?: string | undefined;
}

const NOTHING_DONE: InstallOutcome = { installed: undefined, tried: [], reasons: [] };

async function install(
  state: BuildState,
  ident: PackageIdent,
  wanted: string,
  kind: DependencyKind,
): Promise<InstallOutcome> {
  const { dependencies } = state.world;
  const tried: string[] = [];
  const reasons: string[] = [];
  if (dependencies === undefined || !state.settings.installDependencies)
    return { installed: undefined, tried, reasons };
  for (const attempt of installAttempts(ident, state.settings)) {
    if (tried.length > 0) state.pending.push(say(`Trying to install '${wanted}' from '${attempt.channel}'`));
    await flush(state);
    tried.push(attempt.channel);
    try {
      const answer = await dependencies.install(ident, {
        builderUrl: state.settings.builderUrl,
        ...attempt,
        runInstallHooks: kind !== 'dependency',
        signal: state.signal,
      });
      return 'ident' in answer
        ? { installed: answer.ident, tried, reasons, source: answer.from }
        : { installed: answer, tried, reasons };
    } catch (error) {
      state.signal?.throwIfAborted();
      if (isBuildError(error)) throw error;
      reasons.push(error instanceof Error ? error.message : String(error));
    }
  }
  return { installed: undefined, tried, reasons };
}

function unresolved(state: BuildState, wanted: string, tried: readonly string[], reasons: readonly string[]) {
  const { origin, name } = state.facts;
  return new BuildError('BUILD_DEPENDENCY_UNRESOLVED', `Resolving '${wanted}' failed, should this be built first?`, {
    details: { status: 1, ident: wanted, tried },
    hint:
      wanted === `${origin}/${name}` || wanted.startsWith(`${origin}/${name}/`)
        ? `${origin}/${name} would need itself, and no release of it is there yet: take it out of its own dependencies.`
        : whereItIsNot(state, tried, reasons),
  });
}

function whereItIsNot(state: BuildState, tried: readonly string[], reasons: readonly string[]): string {
  const why = [...new Set(reasons)].join('; ');
  if (tried.length > 0) {
    return `It is not installed, and could not be had from ${tried.join(' or ')} (${state.settings.builderUrl}): ${why}`;
  }
  return why === '' ? `It is not installed below ${state.world.layout.packages}.` : why;
}

/** Sends what waits to be printed. */
export async function flush(state: BuildState): Promise<void> {
  const script = state.pending.join('\n');
  state.pending = [];
  if (script !== '') await state.session.run(script);
}

/** Resolves both lists of the plan and everything behind them. @see spec/plan-build, 7 */
export async function resolveDependencies(state: BuildState): Promise<void> {
  const { buildDeps, deps } = state.facts;
  state.pending.push(say('Resolving build dependencies'));
  state.build = await resolveList(state, buildDeps, 'build dependency');
  state.pending.push(say('Resolving run dependencies'));
  state.run = await resolveList(state, deps, 'dependency');
  state.sets = orderDependencies(state.build, state.run);
  await loadTransitive(state);
  state.pending.push(
    ...circleWarnings(
      ownIdent(state),
      state.run.map(({ ident, tdeps }) => ({ ident: formatIdent(ident), needs: tdeps.map(formatIdent) })),
    ).map(warn),
  );
  await checkConflicts(state);
}

async function resolveList(
  state: BuildState,
  wanted: readonly string[],
  kind: DependencyKind,
): Promise<readonly Dependency[]> {
  const resolved = new Map<string, Dependency>();
  for (const text of wanted) {
    const found = await resolveOne(state, text, kind);
    const ident = formatIdent(found.ident);
    const dependency = state.known.get(ident) ?? (await readDependency(found));
    state.known.set(ident, dependency);
    resolved.set(ident, dependency);
    state.pending.push(say(`Resolved ${kind} '${text}' to ${ident}${cameFrom(state)}`));
  }
  return [...resolved.values()];
}

/** Most packages behind a build: what is past that is not a graph that anybody made. */
const MAX_PACKAGES = 20_000;

async function loadTransitive(state: BuildState): Promise<void> {
  const idents = [...state.build, ...state.run].flatMap(({ tdeps }) => tdeps);
  if (idents.length > MAX_PACKAGES) {
    throw new BuildError('BUILD_DEPENDENCY_UNRESOLVED', `The dependencies bring ${idents.length} packages`, {
      details: { status: 1, ident: formatIdent(ownIdent(state)), tried: [] },
    });
  }
  for (const ident of idents) {
    const name = formatIdent(ident);
    if (state.known.has(name)) continue;
    const found = await state.world.packages.find(ident, { signal: state.signal });
    if (found === undefined) throw unresolved(state, name, [], ['a dependency needs it, and it is not installed']);
    state.known.set(name, await readDependency(found));
  }
}

async function checkConflicts(state: BuildState): Promise<void> {
  const conflicts = findConflicts(state.sets.runTransitive);
  if (conflicts.length === 0) return;
  const depsOf = (ident: string): readonly string[] => (state.known.get(ident)?.deps ?? []).map(formatIdent);
  const report = conflictReport(formatIdent(ownIdent(state)), state.sets.run, depsOf, conflicts);
  state.pending.push(...report.map(warn));
  throw new BuildError('BUILD_DEPENDENCY_CONFLICT', CONFLICT_MESSAGE, {
    details: { status: 31, conflicts: conflicts.map(({ name }) => name) },
  });
}
