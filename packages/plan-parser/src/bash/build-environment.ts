import { createLayout } from '@hab/core';

import { type ShellValue, scalar, Unknown } from './value.ts';
import type { Variable } from './variables.ts';

/** Stands for the package's name while a plan is read. */
export const NAME_MARK = '@__pkg_name__@';

const LISTS = ['pkg_license', 'pkg_deps', 'pkg_build_deps', 'pkg_bin_dirs', 'pkg_lib_dirs', 'pkg_include_dirs'];
const MORE_LISTS = ['pkg_pconfig_dirs', 'pkg_interpreters', 'pkg_exposes', 'pkg_services'];
const MAPS = ['pkg_exports', 'pkg_binds', 'pkg_binds_optional', 'pkg_bind_map'];

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What bash makes up each time it is read, whatever was assigned. */
const DYNAMIC = new Set(
  words(`RANDOM SRANDOM SECONDS LINENO BASHPID BASH_COMMAND BASH_SUBSHELL BASH_ARGV0 EPOCHSECONDS EPOCHREALTIME DIRSTACK GROUPS
  PIPESTATUS BASH_REMATCH FUNCNAME BASHOPTS SHELLOPTS BASH_VERSINFO PPID UID EUID HISTCMD BASH_ALIASES BASH_CMDS BASH_LINENO
  BASH_ARGV BASH_ARGC COMP_WORDBREAKS _`),
);

export const isDynamic = (name: string): boolean => DYNAMIC.has(name);

/** What the machine or the build sets, to values that only they know. */
const MACHINE = new Set([
  ...DYNAMIC,
  ...words(`HOME USER LOGNAME PATH PWD OLDPWD SHELL HOSTNAME HOSTTYPE MACHTYPE OSTYPE TMPDIR TERM LANG LANGUAGE LC_ALL LC_CTYPE
  LC_COLLATE BASH BASH_VERSION BASH_ENV SHLVL COLUMNS LINES OPTIND OPTARG OPTERR REPLY MAPFILE COPROC PS1 PS2 PS4 MAIL EDITOR
  PAGER INITIAL_PATH INITIAL_PWD THIS_PROGRAM HAB_PLAN_BUILD HAB_PLAN_FILENAME HAB_BLDR_URL HAB_BLDR_CHANNEL HAB_BIN
  HAB_CACHE_KEY_PATH CFLAGS CXXFLAGS CPPFLAGS LDFLAGS LD_RUN_PATH PKG_CONFIG_PATH MAKEFLAGS _program _hab_cmd _wget_cmd _tar_cmd
  _shasum_cmd _xz_cmd _stat_cmd _stat_variant _toml_cmd _rq_cmd _artifact_ext`),
]);
/** Where words are parted unless a plan says otherwise. */
const IFS = ' \t\n';

/** Variables that are there when a plan is read. @see spec/plan-build 4.1 */
export function buildVariables(options: {
  readonly directory: string;
  readonly target: string;
}): Map<string, Variable> {
  const layout = createLayout();
  const service = layout.service(NAME_MARK);
  const texts: Record<string, string> = {
    HAB_ROOT_PATH: layout.hab,
    HAB_PKG_PATH: layout.packages,
    HAB_CACHE_SRC_PATH: layout.sourceCache,
    HAB_CACHE_ARTIFACT_PATH: layout.artifactCache,
    PLAN_CONTEXT: options.directory,
    SRC_PATH: options.directory,
    pkg_target: options.target,
    pkg_origin: '',
    pkg_svc_run: '',
    pkg_svc_user: 'hab',
    pkg_svc_group: 'hab',
    pkg_type: 'standalone',
    pkg_svc_path: service.directory,
    pkg_svc_data_path: service.data,
    pkg_svc_files_path: service.files,
    pkg_svc_var_path: service.var,
    pkg_svc_config_path: service.config,
    pkg_svc_config_install_path: service.configInstall,
    pkg_svc_static_path: service.static,
  };
  const variables = new Map<string, Variable>();
  for (const [name, text] of Object.entries(texts))
    variables.set(name, preset(scalar(text), 'scalar', name === 'pkg_target'));
  const release = new Unknown('the time of the build');
  variables.set('pkg_release', preset(scalar(release), 'scalar', true));
  variables.set('pkg_output_path', preset(scalar(new Unknown('where the build writes')), 'scalar', false));
  for (const name of [...LISTS, ...MORE_LISTS])
    variables.set(name, preset({ type: 'indexed', elements: new Map() }, 'indexed', false));
  for (const name of MAPS)
    variables.set(name, preset({ type: 'associative', elements: new Map() }, 'associative', false));
  return variables;
}

/** A variable of the environment that a plan has not set. */
export function environmentVariable(name: string, given: Readonly<Record<string, string>>): Variable | undefined {
  if (Object.hasOwn(given, name)) return preset(scalar(given[name] ?? ''), 'scalar', false);
  if (name === 'IFS') return preset(scalar(IFS), 'scalar', false);
  if (!MACHINE.has(name)) return undefined;
  return preset(scalar(new Unknown(`$${name}, which the machine sets`)), 'scalar', false);
}

const preset = (value: ShellValue, kind: Variable['kind'], readonly: boolean): Variable => ({
  value,
  kind,
  readonly,
  integer: false,
  assigned: undefined,
});
