import { say } from '../console-lines.ts';
import { servicePaths } from '../derived.ts';
import { NAME_MARK } from '../plan-variables.ts';
import { isColoured } from '../settings.ts';
import { assignText, commandText, quoteWord } from '../shell-text.ts';
import type { BuildState } from './build-state.ts';
import { DUMP_ALL } from './plan-dump.ts';
import { findProgram } from './programs.ts';

/** Functions whose presence decides something. */
export const ASKED_FUNCTIONS = [
  'pkg_version',
  'do_check',
  'do_build_config',
  'do_install',
  'do_unpack',
  'do_download',
  'do_after_success',
] as const;

const LISTS = [
  'pkg_license',
  'pkg_source_mirrors',
  'pkg_deps',
  'pkg_build_deps',
  'pkg_bin_dirs',
  'pkg_lib_dirs',
  'pkg_include_dirs',
  'pkg_pconfig_dirs',
  'pkg_interpreters',
  'pkg_exposes',
  'pkg_services',
  'pkg_build_deps_resolved',
  'pkg_build_tdeps_resolved',
  'pkg_deps_resolved',
  'pkg_tdeps_resolved',
  'pkg_all_deps_resolved',
  'pkg_all_tdeps_resolved',
];
const MAPS = ['pkg_exports', 'pkg_binds', 'pkg_binds_optional', 'pkg_bind_map'];

/** What a plan may use while it is read. @see spec/plan-build, 1 and 4.1 */
export function startScript(state: BuildState): string {
  const { settings, world, environment } = state;
  const { layout } = world;
  const path = environment.PATH ?? '';
  const tool = (name: string): string => findProgram(name, path) ?? name;
  const wget = tool('wget');
  return [
    ...(isColoured(settings) ? ['__hab_color=1'] : []),
    assignText('__hab_may_attach', state.interactive ? '1' : ''),
    assignText('__hab_shell_on_failure', state.shellOnFailure && state.interactive ? '1' : ''),
    assignText('HAB_ROOT_PATH', layout.hab),
    assignText('HAB_PKG_PATH', layout.packages),
    assignText('HAB_CACHE_SRC_PATH', layout.sourceCache),
    assignText('HAB_CACHE_ARTIFACT_PATH', layout.artifactCache),
    commandText('export -n', 'HAB_ROOT_PATH', 'HAB_PKG_PATH', 'HAB_CACHE_SRC_PATH', 'HAB_CACHE_ARTIFACT_PATH'),
    `export ${assignText('HAB_CACHE_KEY_PATH', state.keyPath)}`,
    `export ${assignText('HAB_BLDR_URL', settings.builderUrl)} ${assignText('HAB_BLDR_CHANNEL', settings.channel)}`,
    'unset BUILD_PKG_TARGET PLAN_CONTEXT SRC_PATH CACHE_PATH PREFIX',
    assignText('INITIAL_PATH', path),
    assignText('INITIAL_PWD', state.cwd),
    assignText('_program', state.programName),
    assignText('THIS_PROGRAM', state.programName),
    assignText('HAB_PLAN_BUILD', state.programName),
    'HAB_PLAN_FILENAME=plan.sh _artifact_ext=hart _stat_variant=gnu',
    assignText('_wget_cmd', settings.noninteractive ? `${wget} --no-verbose` : wget),
    assignText('_hab_cmd', environment.HAB_BIN ?? tool('hab')),
    assignText('_tar_cmd', tool('tar')),
    assignText('_xz_cmd', tool('xz')),
    assignText('_stat_cmd', tool('stat')),
    assignText('_toml_cmd', tool('toml')),
    assignText('_shasum_cmd', findProgram('gsha256sum', path) ?? tool('sha256sum')),
    `declare -gr ${assignText('pkg_release', state.release)} ${assignText('pkg_target', state.target)}`,
    `pkg_origin='' pkg_svc_run='' pkg_svc_user=hab pkg_svc_group=hab pkg_type=standalone`,
    `declare -ga ${LISTS.map((name) => `${name}=()`).join(' ')}`,
    `declare -gA ${MAPS.map((name) => `${name}=()`).join(' ')}`,
    ...[...servicePaths(layout, NAME_MARK)].map(([name, value]) => assignText(name, value)),
    assignText('pkg_output_path', state.outputPath),
    ...(state.targetRemark === undefined ? [] : [say(state.targetRemark)]),
    ...(settings.debug ? ['set -x'] : []),
  ].join('\n');
}

/** Reads the plan, outside error mode, and tells what it defined. */
export function loadScript(directory: string, file: string, sourcePath: string, noted: boolean): string {
  return [
    assignText('PLAN_CONTEXT', directory),
    assignText('SRC_PATH', sourcePath),
    `builtin cd -- ${quoteWord(directory)}`,
    say(`Loading ${file}`),
    readScript(file, noted),
    commandText('__hab_dump_functions', ...ASKED_FUNCTIONS),
    '__hab_declare',
    DUMP_ALL,
    `if [[ $__hab_loaded != 0 ]]; then ${commandText('__hab_explain_loading', file)}; fi`,
  ].join('\n');
}

/**
 * Reads a file outside error mode; `__hab_loaded` has the status.
 *
 * @param noted - False where bash prints every command anyway.
 */
export function readScript(file: string, noted: boolean): string {
  const read = `if source ${quoteWord(file)}; then __hab_loaded=0; else __hab_loaded=$?; fi`;
  return noted ? ['__hab_note_commands', read, '__hab_forget_commands'].join('\n') : read;
}
