import { NAME_MARK, planFacts } from '../plan-variables.ts';
import { parseShellVariables, variablesWith } from '../shell-variables.ts';
import type { BashMessage } from '../wire.ts';
import type { BuildState } from './build-state.ts';

/** Bash text that sends every variable of a plan; each costs time, so most questions ask for less. */
export const DUMP_ALL =
  '__hab_dump all-variables "${!pkg_@}" "${!HAB_ENV_@}" __hab_loaded SRC_PATH CACHE_PATH PATH CFLAGS CPPFLAGS CXXFLAGS LDFLAGS LD_RUN_PATH PKG_CONFIG_PATH';

/** Bash text that sends the named variables; quoted expansions of names are fine, too. */
export const dumpOf = (...names: readonly string[]): string => ['__hab_dump variables', ...names].join(' ');

/** What dependencies are resolved from. */
export const DEPENDENCY_NAMES: readonly string[] = [
  'pkg_origin',
  'pkg_name',
  'pkg_version',
  'pkg_output_path',
  'pkg_scaffolding',
  'pkg_deps',
  'pkg_build_deps',
  'pkg_services',
  'pkg_bind_map',
  '"${!HAB_ENV_@}"',
];

/** What the environment of a build is made from. */
export const ENVIRONMENT_NAMES: readonly string[] = [
  'PATH',
  'pkg_prefix',
  'pkg_version',
  'pkg_bin_dirs',
  '"${!HAB_ENV_@}"',
];

/** What the step between unpacking and building looks at. */
export const SOURCE_NAMES: readonly string[] = [
  'pkg_version',
  'pkg_filename',
  'pkg_dirname',
  'pkg_prefix',
  'pkg_lib_dirs',
  'SRC_PATH',
  'CACHE_PATH',
  'PATH',
  'CFLAGS',
  'CPPFLAGS',
  'CXXFLAGS',
  'LDFLAGS',
  'PKG_CONFIG_PATH',
];

/** Directories that are made before `do_install`. */
export const INSTALL_NAMES: readonly string[] = [
  'pkg_prefix',
  'pkg_lib_dirs',
  'pkg_bin_dirs',
  'pkg_include_dirs',
  'pkg_pconfig_dirs',
];

/** Takes over what bash sent. */
export function takeVariables(state: BuildState, messages: readonly BashMessage[]): void {
  for (const { verb, fields } of messages) {
    if (verb === 'functions') state.functions = new Set(fields);
    if (verb === 'declarations') state.marked = variablesWith(fields[0] ?? '', NAME_MARK);
    if (verb === 'all-variables') state.variables = parseShellVariables(fields);
    if (verb === 'variables') state.variables = parseShellVariables(fields, state.variables);
  }
  state.facts = planFacts(state.variables);
}

/** Sends everything that waits, takes over what it dumps, and returns all that came back. */
export async function sendAll(state: BuildState): Promise<readonly BashMessage[]> {
  const script = state.pending.join('\n');
  state.pending = [];
  if (script === '') return [];
  const messages = await state.session.run(script);
  if (messages.length > 0) takeVariables(state, messages);
  return messages;
}
