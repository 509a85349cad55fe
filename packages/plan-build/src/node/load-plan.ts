import { readFile, stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';
import { say, warn } from '../console-lines.ts';
import { derivePaths, servicePaths, sourceFilename } from '../derived.ts';
import { BuildError, type PlanPlace } from '../errors.ts';
import { LOAD_PHASE, parseLoadingPlace } from '../failure.ts';
import { lineEndingError } from '../hook-files.ts';
import { checkIdentity, startVersion } from '../identity.ts';
import { licenceWarnings } from '../licences.ts';
import { checkPlan } from '../plan-check.ts';
import { locatePlan, planCandidates, windowsPlans } from '../plan-location.ts';
import { NAME_MARK, UNSET_VERSION } from '../plan-variables.ts';
import { assignText, commandText, isShellName } from '../shell-text.ts';
import { isSet, type ShellVariables, textOf } from '../shell-variables.ts';
import type { BashMessage } from '../wire.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import { crlfFiles, namesIn } from './context-files.ts';
import { takeVariables } from './plan-dump.ts';
import { loadScript, startScript } from './start-script.ts';
import { claimPrefix } from './unfinished.ts';

/** Longest plan, in bytes: the longest real one has 400 lines. */
export const MAX_PLAN_BYTES: number = 4 * 1024 * 1024;

/** Finds the plan and reads its text. @see spec/plan-build, 3 */
export async function findPlan(state: BuildState): Promise<void> {
  const found = await stat(state.context).catch(() => undefined);
  if (found === undefined || !found.isDirectory()) {
    const what = found === undefined ? 'does not exist!' : 'is not a directory';
    throw new BuildError('BUILD_CONTEXT_MISSING', `${state.context} ${what}`, {
      details: { status: 127, context: state.context },
      hint: 'Give the directory that holds plan.sh.',
    });
  }
  const existing = new Set<string>();
  const candidates = planCandidates(state.context, state.target);
  for (const path of [...candidates, ...windowsPlans(candidates)]) {
    if ((await stat(path).catch(() => undefined))?.isFile()) existing.add(path);
  }
  state.location = locatePlan(state.context, state.target, (path) => existing.has(path));
  state.planText = await readPlan(state.location.file);
}

async function readPlan(path: string): Promise<string> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw unreadable(path, `cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  });
  if (bytes.length > MAX_PLAN_BYTES) throw unreadable(path, `is ${bytes.length} bytes long; at most ${MAX_PLAN_BYTES}`);
  if (bytes.includes(0)) throw unreadable(path, 'is not a text file');
  if (bytes.includes('\r\n'))
    throw unreadable(path, 'has Windows line ends, which bash takes for part of every command');
  return bytes.toString('utf8');
}

const unreadable = (path: string, what: string, cause?: unknown) =>
  new BuildError('BUILD_PLAN_UNREADABLE', `${path} ${what}`, { details: { status: 1, path }, cause });

/** Lets bash read the plan and takes over what it says. */
export async function loadPlan(state: BuildState): Promise<void> {
  const { directory, file, warnings } = state.location;
  const source = state.settings.sourcePath;
  const sourcePath = source === undefined ? state.context : resolve(state.cwd, source);
  const script = [
    startScript(state),
    ...warnings.map(warn),
    loadScript(directory, file, sourcePath, !state.settings.debug),
  ].join('\n');
  const messages = await state.session.run(script);
  takeVariables(state, messages);
  const status = Number(textOf(state.variables, '__hab_loaded'));
  if (status !== 0) {
    state.place = loadingPlace(messages, LOAD_PHASE);
    throw new BuildError('BUILD_PLAN_LOAD', 'Failed to load Plan', {
      details: { status, path: file },
      hint: `Reading ${file} ended with status ${status}: its last command failed, or bash could not understand it.`,
    });
  }
  state.pending.push(say('Plan loaded'));
}

/** Where a file that bash could not read to a good end went wrong. */
export function loadingPlace(messages: readonly BashMessage[], phase: string): PlanPlace {
  return { phase, ...parseLoadingPlace(messages.find(({ verb }) => verb === 'loading')?.fields ?? []) };
}

/** Checks the plan and fills in what follows from it. @see spec/plan-build, 4 */
export async function validatePlan(state: BuildState): Promise<void> {
  if (state.settings.origin !== undefined) {
    state.facts = { ...state.facts, origin: state.settings.origin };
    state.pending.push(...settle(state.variables, 'pkg_origin', state.settings.origin));
  }
  state.pending.push(say('Validating plan metadata'));
  checkIdentity(state.facts);
  const version = startVersion(state.facts, state.functions.has('pkg_version'));
  const filename =
    state.facts.source !== '' && !isSet(state.variables, 'pkg_filename')
      ? sourceFilename(state.facts.source)
      : state.facts.filename;
  const resolveMark = (text: string): string => text.replaceAll(NAME_MARK, state.facts.name);
  state.facts = { ...state.facts, version, filename, svcRun: resolveMark(state.facts.svcRun) };
  derive(state);
  if (version !== UNSET_VERSION) await claimPrefix(state, state.facts.prefix);
  state.pending.push(...surroundings(state).map(say));
  await checkEarly(state);
}

/** What the author should know about where this build runs. */
function surroundings({ settings, world, environment }: BuildState): readonly string[] {
  const lines: string[] = [];
  const root = environment['HAB_ROOT_PATH'] ?? '';
  if (root !== '' && root.replace(/\/+$/, '') !== world.layout.hab) {
    lines.push(
      `HAB_ROOT_PATH=${root} is not the tree of this program: packages and caches are below ${world.layout.hab}`,
    );
  }
  if (!settings.installDependencies) lines.push('NO_INSTALL_DEPS is set: dependencies must be installed already');
  else if (world.dependencies === undefined)
    lines.push('Nothing to install from: dependencies must be installed already');
  if (!settings.inStudio) lines.push('Not in a Studio: the build sees the programs of this machine, too');
  return lines;
}

function derive(state: BuildState): void {
  const { variables, world, facts } = state;
  state.givenDirname = isSet(variables, 'pkg_dirname') ? textOf(variables, 'pkg_dirname') : undefined;
  state.givenPrefix = isSet(variables, 'pkg_prefix') ? textOf(variables, 'pkg_prefix') : undefined;
  const paths = derivePaths(ownIdent(state), state.target, world.layout, {
    dirname: state.givenDirname,
    prefix: state.givenPrefix,
  });
  checkPrefix(state, paths.prefix);
  state.facts = { ...facts, dirname: paths.dirname, prefix: paths.prefix };
  const output = resolve(state.cwd, textOf(variables, 'pkg_output_path') || state.outputPath);
  state.pending.push(
    commandText('__hab_replace_mark', NAME_MARK, facts.name, ...state.marked.filter(isShellName)),
    ...settle(variables, 'pkg_version', facts.version),
    ...(facts.source !== '' || facts.filename !== '' ? settle(variables, 'pkg_filename', facts.filename) : []),
    ...settle(variables, 'pkg_dirname', paths.dirname),
    ...settle(variables, 'pkg_prefix', paths.prefix),
    assignText('CACHE_PATH', paths.cachePath),
    ...(facts.source === '' ? [] : [assignText('SRC_PATH', paths.cachePath)]),
    ...settle(variables, 'pkg_output_path', output),
    ...[...servicePaths(world.layout, facts.name)].map(([name, value]) => assignText(name, value)),
    assignText('pkg_artifact', paths.artifact),
    '__hab_fill_callbacks',
  );
}

/** A variable that follows from others. What the plan itself gave stays untouched: it may be read-only. */
function settle(variables: ShellVariables, name: string, value: string): readonly string[] {
  return isSet(variables, name) && textOf(variables, name) === value ? [] : [assignText(name, value)];
}

/** An artifact holds what is below the prefix, so it must be a package's place and nothing above. */
function checkPrefix(state: BuildState, prefix: string): void {
  const root = state.world.layout.packages;
  const inside = isAbsolute(prefix) && resolve(prefix) === prefix && prefix.startsWith(`${root}/`);
  if (inside && prefix.slice(root.length + 1).split('/').length === 4) return;
  throw new BuildError('BUILD_METADATA_INVALID', `pkg_prefix '${prefix}' is not a place for a package`, {
    details: { status: 1, variable: 'pkg_prefix' },
    hint: `Leave pkg_prefix out, or give ${root}/ORIGIN/NAME/VERSION/RELEASE.`,
  });
}

/** The list is long: only a plan with licences pays for reading it. */
async function licences({ facts }: BuildState): Promise<readonly string[]> {
  if (facts.licenses.length === 0) return [];
  const { SPDX_IDENTIFIERS } = await import('../spdx-identifiers.ts');
  return licenceWarnings(facts.licenses, SPDX_IDENTIFIERS);
}

/** @throws {@link BuildError} `BUILD_HOOKS_INVALID`. */
export async function checkHookLines(state: BuildState): Promise<void> {
  const directory = `${state.location.directory}/hooks`;
  const files = await crlfFiles(directory);
  if (files.length > 0) throw lineEndingError(files.map((file) => `${directory}/${file}`));
}

async function checkEarly(state: BuildState): Promise<void> {
  const { directory } = state.location;
  const defaultToml = await readFile(`${directory}/default.toml`, 'utf8').catch(() => undefined);
  const hooks = await namesIn(`${directory}/hooks`);
  const warnings = checkPlan({
    facts: state.facts,
    variables: state.variables,
    planText: state.planText,
    context: state.context,
    hooks,
    defaultToml,
    ownConfiguration: state.functions.has('do_build_config') || state.facts.scaffolding !== '',
  });
  await checkHookLines(state);
  const templates = await crlfFiles(`${directory}/config`);
  state.pending.push(
    ...warnings.map(warn),
    ...(await licences(state)).map(warn),
    ...templates.map((file) => warn(`config/${file} has Windows line ends (CR+LF)`)),
  );
}
