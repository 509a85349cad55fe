/** Functions that a build calls when a plan defines them. See spec/plan-build 5. */
export const CALLBACKS: ReadonlySet<string> = new Set([
  'do_begin',
  'do_setup_environment',
  'do_before',
  'do_download',
  'do_verify',
  'do_clean',
  'do_unpack',
  'do_prepare',
  'do_build',
  'do_check',
  'do_install',
  'do_build_config',
  'do_build_service',
  'do_strip',
  'do_after',
  'do_end',
  'do_after_success',
  'do_after_failure',
  'pkg_version',
]);

/** Functions that a build gives to plans. See spec/plan-build 13. */
export const HELPERS: ReadonlySet<string> = new Set([
  'exists',
  'build_line',
  'warn',
  'debug',
  'exit_with',
  'trim',
  'join_by',
  'abspath',
  'normalize_checksum',
  'pkg_path_for',
  'pkg_interpreter_for',
  'fix_interpreter',
  'download_file',
  'verify_file',
  'unpack_file',
  'update_pkg_version',
  'set_runtime_env',
  'set_buildtime_env',
  'push_runtime_env',
  'push_buildtime_env',
  'push_to_path',
  'dedupe_path',
  'attach',
]);

/** Whether a call goes to the build program: a helper, or a callback's default. */
export const isHelper = (name: string): boolean => HELPERS.has(name) || name.startsWith('do_default_');

const POWERSHELL_PHASES =
  'Begin SetupEnvironment Before Download Verify Clean Unpack Prepare Build Check Install BuildConfig BuildService After End AfterSuccess AfterFailure';

/** Functions that a build calls when a `plan.ps1` defines them, in lower case. See spec/cli 11.2. */
export const POWERSHELL_CALLBACKS: ReadonlySet<string> = new Set([
  ...POWERSHELL_PHASES.split(' ').map((phase) => `invoke-${phase.toLowerCase()}`),
  'pkg_version',
]);

/** Functions that a build gives to a `plan.ps1`, in lower case. See spec/cli 11.3. */
export const POWERSHELL_HELPERS: ReadonlySet<string> = new Set([
  'get-habpackagepath',
  'set-runtimeenv',
  'set-buildtimeenv',
  'push-runtimeenv',
  'push-buildtimeenv',
  'write-buildline',
  'resolve-habpkgpath',
  'get-unrootedpath',
  'get-sha256',
  'set-pkgversion',
  ...POWERSHELL_PHASES.split(' ').map((phase) => `invoke-default${phase.toLowerCase()}`),
]);
