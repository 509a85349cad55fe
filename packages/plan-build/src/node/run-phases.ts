import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { unpackSteps } from '../archive.ts';
import { type CompileFlags, compileFlags, FLAG_VARIABLES } from '../compile-flags.ts';
import { say, warn } from '../console-lines.ts';
import { BuildError } from '../errors.ts';
import { UNSET_VERSION } from '../plan-variables.ts';
import { ownDirectories } from '../search-path.ts';
import { assignText, commandText, quoteWord } from '../shell-text.ts';
import { textOf } from '../shell-variables.ts';
import type { BuildState } from './build-state.ts';
import { fixLibtool } from './libtool.ts';
import { checkHookLines } from './load-plan.ts';
import { DUMP_ALL, dumpOf, INSTALL_NAMES, SOURCE_NAMES, sendAll } from './plan-dump.ts';
import { findProgram } from './programs.ts';
import { makeDirectory } from './tree-copy.ts';

/** Directories that phases run in; the quotes are for bash. */
const PLAN_DIRECTORY = '"$PLAN_CONTEXT"';
const SOURCE_DIRECTORY = '"$SRC_PATH"';

/** How one callback is run. */
interface PhaseOptions {
  /** @defaultValue the plan's */
  readonly directory?: string | undefined;
  /** Line in front of it. */
  readonly announce?: string | undefined;
  /** Bash text behind it, such as a dump of what it may have changed. */
  readonly afterwards?: string | undefined;
}

/** Runs one callback, and notes how long it took. */
export async function runPhase(state: BuildState, phase: string, options: PhaseOptions = {}): Promise<void> {
  const { directory = PLAN_DIRECTORY, announce, afterwards } = options;
  state.signal?.throwIfAborted();
  state.problem = undefined;
  state.note = undefined;
  if (announce !== undefined) state.pending.push(say(announce));
  state.pending.push(`__hab_run_phase ${phase} ${directory}`);
  if (afterwards !== undefined) state.pending.push(afterwards);
  await timed(state, phase, () => sendAll(state));
}

/** Tells that a step begins, and notes how long it took, whether or not it succeeds. */
export async function timed<T>(state: BuildState, phase: string, step: () => Promise<T>): Promise<T> {
  const { clock } = state.world;
  state.step = phase;
  state.onProgress({ type: 'build:phase', phase });
  const startedMs = clock.monotonic();
  try {
    return await step();
  } finally {
    state.timings.push({ phase, durationMs: clock.monotonic() - startedMs });
  }
}

/** From the downloaded source to the finished prefix. @see spec/plan-build, 5 */
export async function runPhases(state: BuildState): Promise<void> {
  await mkdir(state.world.layout.sourceCache, { recursive: true });
  await runPhase(state, 'do_before', { afterwards: dumpOf(...SOURCE_NAMES) });
  state.step = 'sources';
  checkTools(state);
  for (const phase of ['do_download', 'do_verify', 'do_clean']) await runPhase(state, phase);
  await runPhase(state, 'do_unpack', { afterwards: dumpOf(...SOURCE_NAMES) });
  state.step = 'sources';
  await prepareSource(state);
  const directory = SOURCE_DIRECTORY;
  await runPhase(state, 'do_prepare', { directory, announce: 'Preparing to build' });
  const announce = `Building ${state.settings.native ? 'native' : 'standard'} package`;
  await runPhase(state, 'do_build', { directory, announce, afterwards: dumpOf(...INSTALL_NAMES) });
  if (state.settings.check && state.functions.has('do_check')) {
    const afterwards = dumpOf(...INSTALL_NAMES);
    await runPhase(state, 'do_check', { directory, announce: 'Running post-compile tests', afterwards });
  }
  const { prefix, libDirs, binDirs, includeDirs, pconfigDirs } = state.facts;
  state.step = 'do_install';
  await makeDirectory(prefix);
  for (const each of ownDirectories(prefix, [...libDirs, ...binDirs, ...includeDirs, ...pconfigDirs])) {
    await makeDirectory(each);
  }
  await runPhase(state, 'do_install', { directory, announce: 'Installing' });
  await runPhase(state, 'do_build_config', { announce: 'Writing configuration' });
  await runPhase(state, 'do_build_service', { announce: 'Writing service management scripts' });
  await runPhase(state, 'do_strip');
  await runPhase(state, 'do_after', { afterwards: DUMP_ALL });
}

/** A tool that unpacking will need is better missed before the download than after it. */
function checkTools(state: BuildState): void {
  const { filename, dirname } = state.facts;
  if (filename === '' || state.functions.has('do_unpack')) return;
  const path = textOf(state.variables, 'PATH');
  for (const tool of unpackSteps(filename, dirname)?.tools ?? []) {
    if (findProgram(tool, path) !== undefined) continue;
    throw new BuildError('BUILD_TOOL_MISSING', `We require '${tool}' to unpack '${filename}'; aborting`, {
      details: { status: 1, tool },
      hint: 'Add the package that brings it to pkg_build_deps.',
    });
  }
}

/** Directories, flags and checks between unpacking and building. */
async function prepareSource(state: BuildState): Promise<void> {
  state.pending.push(say('Setting build environment'));
  await findUnpacked(state);
  const { facts, variables } = state;
  await makeDirectory(textOf(variables, 'CACHE_PATH'));
  await exportFlags(state);
  await fixLibtool(textOf(variables, 'CACHE_PATH'), textOf(variables, 'SRC_PATH'), state.signal);
  if (facts.version === UNSET_VERSION || facts.version === '') {
    throw new BuildError(
      'BUILD_VERSION',
      "Plan did not set 'pkg_version' and did not call 'update_pkg_version()' before the 'do_prepare()' build phase.",
      { details: { status: 2 }, hint: 'Call update_pkg_version in do_before, or wherever the version is known.' },
    );
  }
  await checkHookLines(state);
  state.versionSettled = true;
}

async function exportFlags(state: BuildState): Promise<void> {
  const { facts, variables } = state;
  const entries = FLAG_VARIABLES.map((name) => [name, textOf(variables, name)] as const);
  const current = Object.fromEntries(entries) as CompileFlags; // every name is there
  const direct = [...state.build, ...state.run];
  const flags = compileFlags(current, { prefix: facts.prefix, libDirs: facts.libDirs }, direct, state.run);
  state.pending.push(`export ${assignText('PREFIX', facts.prefix)}`, say(`Setting PREFIX=${facts.prefix}`));
  for (const name of FLAG_VARIABLES) {
    if (flags[name] !== '') state.pending.push(`export ${assignText(name, flags[name])}`);
    state.pending.push(say(`Setting ${name}=${flags[name]}`));
  }
}

/** The directory that the archive made, when it is not the one that was expected. @see spec/plan-build, 18.8 */
async function findUnpacked(state: BuildState): Promise<void> {
  const cachePath = textOf(state.variables, 'CACHE_PATH');
  if (state.unpacked === undefined || (await stat(cachePath).catch(() => undefined)) !== undefined) return;
  const made = await topDirectories(state);
  const [only, another] = made;
  if (only === undefined) return;
  if (state.givenDirname !== undefined || another !== undefined) {
    state.pending.push(warn(`The archive made no directory '${basename(cachePath)}', but: ${made.join(', ')}`));
    state.pending.push(warn(`If the sources are there, set pkg_dirname=${quoteWord(only)}`));
    return;
  }
  const directory = join(state.world.layout.sourceCache, only);
  state.facts = { ...state.facts, dirname: only };
  state.givenDirname = only;
  const sameSource = textOf(state.variables, 'SRC_PATH') === cachePath;
  state.pending.push(
    assignText('pkg_dirname', only),
    assignText('CACHE_PATH', directory),
    ...(sameSource ? [assignText('SRC_PATH', directory)] : []),
    say(`The archive holds one directory, '${only}': building there`),
    dumpOf(...SOURCE_NAMES),
  );
  await sendAll(state);
}

/** Directories at the top of the source cache that are no older than this build. */
async function topDirectories(state: BuildState): Promise<readonly string[]> {
  const script = `__hab_list=(); while IFS= builtin read -r __hab_name; do __hab_list+=("$__hab_name"); done < <(${listCommand(state)}); __hab_dump listed __hab_list`;
  const messages = await state.session.run(script);
  const names = messages.find(({ verb }) => verb === 'listed')?.fields.slice(3) ?? [];
  const entries = await readdir(state.world.layout.sourceCache, { withFileTypes: true });
  const directories = new Set(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  return [...new Set(names.map((name) => name.replace(/^\.\//, '').split('/')[0] ?? ''))].filter((name) =>
    directories.has(name),
  );
}

function listCommand(state: BuildState): string {
  const file = quoteWord(join(state.world.layout.sourceCache, state.unpacked ?? ''));
  if (state.unpacked?.endsWith('.zip')) return `command unzip -Z1 ${file} 2>/dev/null | command head -n 10000`;
  return `command "$_tar_cmd" tf ${file} 2>/dev/null | command head -n 10000`;
}

/** Bash text that runs a callback which may fail without changing anything. */
export const endCallback = (name: string, remark: string): string => commandText('__hab_end_callback', name, remark);
