/** What a setting takes. */
export type SettingKind = 'text' | 'list' | 'map';

/** Settings of plans and what each takes. @see spec/plan-build 4.1 */
export const SETTING_KINDS: ReadonlyMap<string, SettingKind> = new Map<string, SettingKind>([
  ...kind(
    'text',
    'pkg_name pkg_origin pkg_version pkg_maintainer pkg_description pkg_upstream_url pkg_source pkg_filename',
  ),
  ...kind('text', 'pkg_shasum pkg_dirname pkg_prefix pkg_svc_run pkg_svc_user pkg_svc_group pkg_shutdown_signal'),
  ...kind('text', 'pkg_shutdown_timeout_sec pkg_scaffolding pkg_type pkg_strip pkg_release pkg_target pkg_artifact'),
  ...kind('text', 'pkg_svc_path pkg_svc_config_path pkg_svc_config_install_path pkg_svc_data_path pkg_svc_files_path'),
  ...kind('text', 'pkg_svc_static_path pkg_svc_var_path pkg_output_path'),
  ...kind('list', 'pkg_license pkg_deps pkg_build_deps pkg_bin_dirs pkg_lib_dirs pkg_include_dirs pkg_pconfig_dirs'),
  ...kind('list', 'pkg_interpreters pkg_exposes pkg_services pkg_source_mirrors'),
  ...kind('map', 'pkg_exports pkg_binds pkg_binds_optional pkg_bind_map'),
]);

function kind(type: SettingKind, names: string): [string, SettingKind][] {
  return names.split(' ').map((name) => [name, type]);
}

/** Tools that only builds call. Others, such as make or m4, are what some programs call themselves. */
export const BUILD_TOOLS: ReadonlySet<string> = new Set(
  'cmake autoconf automake bison pkg-config help2man gperf intltool doxygen'.split(' '),
);
