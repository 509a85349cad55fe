import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isHabError } from '@hab/core';
import type { HabKey } from '@hab/crypto-keys';
import { formatIdent } from '@hab/ident';
import { say, warn } from '../console-lines.ts';
import { type Dependency, type DependencySets, orderDependencies } from '../dependency.ts';
import { BuildError } from '../errors.ts';
import { preBuildText } from '../output-files.ts';
import { buildSearchPath, ownDirectories, packageSearchPath } from '../search-path.ts';
import { assignListText, assignText, commandText } from '../shell-text.ts';
import { textOf } from '../shell-variables.ts';
import { readLock, writeLock } from './build-lock.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import { loadingPlace } from './load-plan.ts';
import { writeOutput } from './output-directory.ts';
import { DEPENDENCY_NAMES, DUMP_ALL, dumpOf, ENVIRONMENT_NAMES, sendAll } from './plan-dump.ts';
import { readDependency } from './read-dependency.ts';
import { resolveDependencies, resolveOne } from './resolve-dependencies.ts';
import { runPhase, timed } from './run-phases.ts';
import { readScript } from './start-script.ts';

/** From `do_begin` to an environment in which phases can run. @see spec/plan-build, 4 */
export async function prepareBuild(state: BuildState): Promise<void> {
  state.pending.push(say(`${state.programName} setup`));
  await runPhase(state, 'do_begin', {
    afterwards: [dumpOf(...DEPENDENCY_NAMES), say('Writing pre_build file')].join('\n'),
  });
  state.step = 'setup';
  await writeOutput(state, 'pre_build.env', preBuildText(ownIdent(state)));
  await signingKey(state);
  await timed(state, 'dependencies', async () => {
    await readLock(state);
    await loadScaffolding(state);
    await resolveDependencies(state);
    await writeLock(state);
  });
  state.step = 'environment';
  await setUpEnvironment(state);
}

/**
 * The key that the package will be signed with.
 *
 * @throws {@link BuildError} `BUILD_KEY_MISSING`, status 35.
 */
export async function signingKey(state: BuildState): Promise<HabKey<'origin-signing-secret'>> {
  const { origin } = state.facts;
  try {
    return await state.world.keys.latest('origin-signing-secret', origin);
  } catch (cause) {
    if (!isHabError(cause, 'KEYS_NO_REVISIONS')) throw cause;
    throw new BuildError(
      'BUILD_KEY_MISSING',
      `Signing origin key '${origin}' not found in ${state.keyPath}, aborting`,
      {
        details: { status: 35, origin, directory: state.keyPath },
        cause,
        hint: `Make one with 'hab origin key generate ${origin}', or import it with 'hab origin key import'.`,
      },
    );
  }
}

const SCAFFOLDING_PHASE = 'scaffolding_load';

/** A scaffolding and its run dependencies become build dependencies; then it may change the plan. @see 14.1 */
async function loadScaffolding(state: BuildState): Promise<void> {
  const { scaffolding } = state.facts;
  if (scaffolding === '') return;
  state.pending.push(say('Resolving scaffolding dependencies'));
  const found = await resolveOne(state, scaffolding, 'scaffolding');
  const own = await readDependency(found);
  const brought = [own];
  for (const ident of own.deps) {
    brought.push(await readDependency(await resolveOne(state, formatIdent(ident), 'scaffolding')));
  }
  for (const dependency of brought) state.known.set(formatIdent(dependency.ident), dependency);
  const injected = [scaffolding, ...own.deps.map(formatIdent)];
  const buildDeps = [...injected, ...state.facts.buildDeps.filter((ident) => !injected.includes(ident))];
  const file = join(own.prefix, 'lib', 'scaffolding.sh');
  if (!(await stat(file).catch(() => undefined))?.isFile()) throw scaffoldingFailed(file, 'there is no such file');
  state.pending.push(
    assignListText('pkg_build_deps', buildDeps),
    ...resolvedLists(state, orderDependencies(brought, [])),
    say(`Loading Scaffolding ${file}`),
    readScript(file, !state.settings.debug),
    dumpOf('__hab_loaded'),
    `if [[ $__hab_loaded != 0 ]]; then ${commandText('__hab_explain_loading', file)}; fi`,
  );
  const messages = await sendAll(state);
  const status = textOf(state.variables, '__hab_loaded');
  if (status !== '0') {
    state.place = loadingPlace(messages, SCAFFOLDING_PHASE);
    throw scaffoldingFailed(file, `reading it ended with status ${status}`);
  }
  state.pending.push(
    `__hab_phase=${SCAFFOLDING_PHASE}`,
    'builtin cd -- "$PLAN_CONTEXT"',
    'if declare -F scaffolding_load >/dev/null; then scaffolding_load; fi',
    '__hab_phase=',
    DUMP_ALL,
  );
  await sendAll(state);
}

const scaffoldingFailed = (path: string, reason: string) =>
  new BuildError('BUILD_SCAFFOLDING', `Failed to load Scaffolding from ${path}`, {
    details: { status: 17, path },
    hint: reason,
  });

function resolvedLists(state: BuildState, sets: DependencySets): readonly string[] {
  const paths = (idents: readonly string[]): readonly string[] =>
    knownPackages(state, idents).map(({ prefix }) => prefix);
  return [
    assignListText('pkg_build_deps_resolved', paths(sets.build)),
    assignListText('pkg_build_tdeps_resolved', paths(sets.buildTransitive)),
    assignListText('pkg_deps_resolved', paths(sets.run)),
    assignListText('pkg_tdeps_resolved', paths(sets.runTransitive)),
    assignListText('pkg_all_deps_resolved', paths(sets.all)),
    assignListText('pkg_all_tdeps_resolved', paths(sets.allTransitive)),
  ];
}

/** What the dependencies and the plan put into the environment, and the search path. @see spec/plan-build, 8 */
async function setUpEnvironment(state: BuildState): Promise<void> {
  const variables = state.variablesOfPackages;
  state.pending.push(...resolvedLists(state, state.sets));
  for (const [scope, dependencies] of [
    ['runtime', state.run],
    ['buildtime', state.build],
  ] as const) {
    for (const { ident, runtimeEnvironment } of dependencies) {
      state.pending.push(...variables.merge(scope, formatIdent(ident), runtimeEnvironment).map(warn));
    }
  }
  await runPhase(state, 'do_setup_environment', { afterwards: dumpOf(...ENVIRONMENT_NAMES) });
  state.step = 'environment';
  const names = [...variables.variables('buildtime').keys()];
  if (names.length > 0) {
    state.pending.push(dumpOf(...names));
    await sendAll(state);
  }
  const exported = variables.exports((name) => textOf(state.variables, name));
  state.pending.push(
    ...exported.warnings.map(warn),
    ...exported.variables.map(([name, value]) => `export ${assignText(name, value)}`),
  );
  const path = buildSearchPath(packagesPath(state), textOf(state.variables, 'PATH'));
  state.pending.push(say(`Setting PATH=${path}`), `export ${assignText('PATH', path)}`);
}

function packagesPath(state: BuildState): string {
  const own = ownDirectories(state.facts.prefix, state.facts.binDirs);
  return packageSearchPath(own, knownPackages(state, state.sets.allTransitive));
}

/** Dependencies by ident; all were loaded when the sets were made. */
export function knownPackages(state: BuildState, idents: readonly string[]): readonly Dependency[] {
  return idents.flatMap((ident) => state.known.get(ident) ?? []);
}
