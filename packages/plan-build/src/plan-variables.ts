import { listOf, mapOf, type ShellVariables, textOf } from './shell-variables.ts';

/** Kinds of variables that a plan sets. */
export type PlanVariableKind = 'text' | 'list' | 'map';

/** Every variable of a plan that this program reads. @see spec/plan-build, 4.1 */
export const PLAN_VARIABLES: Readonly<Record<string, PlanVariableKind>> = {
  pkg_name: 'text',
  pkg_origin: 'text',
  pkg_version: 'text',
  pkg_release: 'text',
  pkg_target: 'text',
  pkg_maintainer: 'text',
  pkg_description: 'text',
  pkg_upstream_url: 'text',
  pkg_license: 'list',
  pkg_source: 'text',
  pkg_source_mirrors: 'list',
  pkg_filename: 'text',
  pkg_shasum: 'text',
  pkg_dirname: 'text',
  pkg_prefix: 'text',
  pkg_deps: 'list',
  pkg_build_deps: 'list',
  pkg_bin_dirs: 'list',
  pkg_lib_dirs: 'list',
  pkg_include_dirs: 'list',
  pkg_pconfig_dirs: 'list',
  pkg_interpreters: 'list',
  pkg_exports: 'map',
  pkg_exposes: 'list',
  pkg_binds: 'map',
  pkg_binds_optional: 'map',
  pkg_svc_run: 'text',
  pkg_svc_user: 'text',
  pkg_svc_group: 'text',
  pkg_shutdown_signal: 'text',
  pkg_shutdown_timeout_sec: 'text',
  pkg_scaffolding: 'text',
  pkg_type: 'text',
  pkg_services: 'list',
  pkg_bind_map: 'map',
  pkg_strip: 'text',
  pkg_svc_path: 'text',
  pkg_svc_data_path: 'text',
  pkg_svc_files_path: 'text',
  pkg_svc_var_path: 'text',
  pkg_svc_config_path: 'text',
  pkg_svc_config_install_path: 'text',
  pkg_svc_static_path: 'text',
  pkg_artifact: 'text',
  pkg_output_path: 'text',
  pkg_build_deps_resolved: 'list',
  pkg_build_tdeps_resolved: 'list',
  pkg_deps_resolved: 'list',
  pkg_tdeps_resolved: 'list',
  pkg_all_deps_resolved: 'list',
  pkg_all_tdeps_resolved: 'list',
};

/** Stands for the version until `update_pkg_version` has found it. */
export const UNSET_VERSION = '__pkg__version__unset__';
/** Stands for the package's name while the plan is read, in the paths of its service. */
export const NAME_MARK = '@__pkg_name__@';

/** What a plan says about itself. */
export interface PlanFacts {
  readonly origin: string;
  readonly name: string;
  readonly version: string;
  readonly maintainer: string;
  readonly description: string;
  readonly upstreamUrl: string;
  readonly licenses: readonly string[];
  readonly source: string;
  /** Further addresses of the same file, for when the first does not give it. */
  readonly sourceMirrors: readonly string[];
  readonly filename: string;
  readonly shasum: string;
  readonly dirname: string;
  readonly prefix: string;
  readonly deps: readonly string[];
  readonly buildDeps: readonly string[];
  readonly binDirs: readonly string[];
  readonly libDirs: readonly string[];
  readonly includeDirs: readonly string[];
  readonly pconfigDirs: readonly string[];
  readonly interpreters: readonly string[];
  readonly exports: ReadonlyMap<string, string>;
  readonly exposes: readonly string[];
  readonly binds: ReadonlyMap<string, string>;
  readonly bindsOptional: ReadonlyMap<string, string>;
  readonly svcRun: string;
  readonly svcUser: string;
  readonly svcGroup: string;
  readonly shutdownSignal: string;
  readonly shutdownTimeout: string;
  readonly scaffolding: string;
  readonly type: string;
  readonly services: readonly string[];
  readonly bindMap: ReadonlyMap<string, string>;
}

/** Takes the facts out of the variables, with the defaults that hold wherever a plan is silent. */
export function planFacts(variables: ShellVariables): PlanFacts {
  const text = (name: string): string => textOf(variables, `pkg_${name}`);
  const list = (name: string): readonly string[] => listOf(variables, `pkg_${name}`);
  const map = (name: string): ReadonlyMap<string, string> => mapOf(variables, `pkg_${name}`);
  return {
    origin: text('origin'),
    name: text('name'),
    version: text('version'),
    maintainer: text('maintainer'),
    description: text('description'),
    upstreamUrl: text('upstream_url'),
    licenses: list('license'),
    source: text('source'),
    sourceMirrors: list('source_mirrors'),
    filename: text('filename'),
    shasum: text('shasum'),
    dirname: text('dirname'),
    prefix: text('prefix'),
    deps: list('deps'),
    buildDeps: list('build_deps'),
    binDirs: list('bin_dirs'),
    libDirs: list('lib_dirs'),
    includeDirs: list('include_dirs'),
    pconfigDirs: list('pconfig_dirs'),
    interpreters: list('interpreters'),
    exports: map('exports'),
    exposes: list('exposes'),
    binds: map('binds'),
    bindsOptional: map('binds_optional'),
    svcRun: text('svc_run'),
    svcUser: text('svc_user'),
    svcGroup: text('svc_group'),
    shutdownSignal: text('shutdown_signal'),
    shutdownTimeout: text('shutdown_timeout_sec'),
    scaffolding: text('scaffolding'),
    type: text('type') || 'standalone',
    services: list('services'),
    bindMap: map('bind_map'),
  };
}
