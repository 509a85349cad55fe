/** What the names of plans, hooks and templates mean. */

import { createLayout, defaultPackagePrefix } from '@hab/core';

import { POWERSHELL_HELPERS_MEANING } from './reference-powershell.ts';
import { TEMPLATE_MEANING } from './reference-templates.ts';

/** Where a name is used. */
export type ReferenceKind = 'setting' | 'callback' | 'helper' | 'hook' | 'template';

/** One name and what it means. */
export interface ReferenceEntry {
  readonly name: string;
  readonly kind: ReferenceKind;
  /** One or two sentences. */
  readonly meaning: string;
  /** What holds where a plan is silent. */
  readonly standard?: string;
  readonly example?: string;
}

/** A name, what it means, what holds without it, an example. */
export type Row = readonly [name: string, meaning: string, standard?: string, example?: string];

const entries = (kind: ReferenceKind, rows: readonly Row[]): ReferenceEntry[] =>
  rows.map(([name, meaning, standard, example]) => ({
    name,
    kind,
    meaning,
    ...(standard === undefined ? {} : { standard }),
    ...(example === undefined ? {} : { example }),
  }));

const layout = createLayout();
const service = layout.service('<name>');
const shown = (path: string): string => `\`${path}\``;

const SETTINGS: readonly Row[] = [
  ['pkg_name', 'Name of the package: letters, digits, `-` and `_`. Required.', undefined, 'pkg_name=redis'],
  [
    'pkg_origin',
    'Who the package comes from; its key signs the artifact. Required, unless `HAB_ORIGIN` gives it.',
    undefined,
    'pkg_origin=acme',
  ],
  [
    'pkg_version',
    'Version of the software. Required; or define a function `pkg_version` that prints it and call `update_pkg_version`.',
    undefined,
    'pkg_version=7.0.15',
  ],
  ['pkg_release', 'Time of the build as `YYYYMMDDhhmmss`, in UTC. Set by the build, read-only.'],
  [
    'pkg_target',
    'Architecture and operating system of the build, such as `x86_64-linux`. Set by the build, read-only.',
  ],
  [
    'pkg_maintainer',
    'Who looks after the plan, as `Name <address>`.',
    'nobody',
    'pkg_maintainer="Ada <ada@acme.example>"',
  ],
  ['pkg_description', 'What the software is, in a sentence or more.', 'nothing'],
  ['pkg_upstream_url', 'Home page of the software.', 'nothing'],
  ['pkg_license', 'Licences of the software, by their SPDX identifiers.', 'none', 'pkg_license=("MIT" "Apache-2.0")'],
  [
    'pkg_source',
    'Address of the source archive. Without it the folder of the plan is the source.',
    'local source',
    'pkg_source="https://acme.example/${pkg_name}-${pkg_version}.tar.gz"',
  ],
  ['pkg_filename', 'Name of the downloaded file in the cache of sources.', 'last part of `pkg_source`'],
  ['pkg_shasum', 'SHA-256 of the downloaded file, in hexadecimal digits. The build ends when it differs.'],
  [
    'pkg_source_mirrors',
    'Further addresses of the same file, asked in turn when `pkg_source` does not give it. Only with `pkg_shasum`.',
    'none',
    'pkg_source_mirrors=("https://mirror.example/x.tar.gz")',
  ],
  ['pkg_dirname', 'Folder that the source archive unpacks to.', '`<name>-<version>`'],
  [
    'pkg_prefix',
    'Folder that the build installs to.',
    shown(defaultPackagePrefix('<origin>', '<name>', '<version>', '<release>')),
  ],
  [
    'pkg_deps',
    'Packages that are needed at run time, as `origin/name[/version[/release]]`.',
    'none',
    'pkg_deps=(core/glibc core/openssl)',
  ],
  ['pkg_build_deps', 'Packages that only the build needs.', 'none', 'pkg_build_deps=(core/gcc core/make)'],
  [
    'pkg_bin_dirs',
    'Folders of programs below the prefix; they join the `PATH` of whoever depends on the package.',
    'none',
    'pkg_bin_dirs=(bin)',
  ],
  [
    'pkg_lib_dirs',
    'Folders of libraries below the prefix; they join the linker’s flags and run path.',
    'none',
    'pkg_lib_dirs=(lib)',
  ],
  [
    'pkg_include_dirs',
    'Folders of headers below the prefix; they join the compiler’s flags.',
    'none',
    'pkg_include_dirs=(include)',
  ],
  ['pkg_pconfig_dirs', 'Folders of pkg-config files below the prefix.', 'none', 'pkg_pconfig_dirs=(lib/pkgconfig)'],
  [
    'pkg_interpreters',
    'Interpreters below the prefix that scripts of other packages may name.',
    'none',
    'pkg_interpreters=(bin/bash)',
  ],
  [
    'pkg_exports',
    'What a running service tells others: a name, and the path of the value in `default.toml`.',
    'nothing',
    'pkg_exports=([port]=server.port)',
  ],
  [
    'pkg_exposes',
    'Names out of `pkg_exports` that are ports; an exported container opens them.',
    'none',
    'pkg_exposes=(port)',
  ],
  [
    'pkg_binds',
    'Services that this one needs: a name for each, and the exports that must be there.',
    'none',
    'pkg_binds=([database]="port host")',
  ],
  [
    'pkg_binds_optional',
    'Services that this one can use, in the form of `pkg_binds`.',
    'none',
    'pkg_binds_optional=([storage]="port")',
  ],
  [
    'pkg_svc_run',
    'Command that runs the service, where the plan has no hook `run`.',
    'none: no service',
    'pkg_svc_run="redis-server ${pkg_svc_config_path}/redis.conf"',
  ],
  ['pkg_svc_user', 'User that the service and its hooks run as.', '`hab`', 'pkg_svc_user=root'],
  ['pkg_svc_group', 'Group that the service and its hooks run as.', '`hab`', 'pkg_svc_group="$pkg_svc_user"'],
  ['pkg_shutdown_signal', 'Signal that asks the service to end.', '`TERM`', 'pkg_shutdown_signal=QUIT'],
  [
    'pkg_shutdown_timeout_sec',
    'Seconds until a service that was asked to end is killed.',
    '8',
    'pkg_shutdown_timeout_sec=30',
  ],
  ['pkg_strip', '`false` keeps debugging symbols in programs and libraries.', '`true`', 'pkg_strip=false'],
  [
    'pkg_scaffolding',
    'Package that brings defaults for a kind of application.',
    'none',
    'pkg_scaffolding=core/scaffolding-node',
  ],
  ['pkg_type', '`standalone`, or `composite` for a package of services.', '`standalone`'],
  ['pkg_services', 'Services of a composite package.', 'none', 'pkg_services=(acme/api acme/web)'],
  [
    'pkg_bind_map',
    'Which service of a composite satisfies which bind.',
    'none',
    'pkg_bind_map=([acme/web]="backend:acme/api")',
  ],
  ['pkg_svc_path', 'Folder of the running service.', shown(service.directory)],
  ['pkg_svc_config_path', 'Folder of the service’s rendered configuration.', shown(service.config)],
  [
    'pkg_svc_config_install_path',
    'Folder of configuration that is rendered when the package is installed.',
    shown(service.configInstall),
  ],
  ['pkg_svc_data_path', 'Folder for what the service keeps.', shown(service.data)],
  ['pkg_svc_files_path', 'Folder of files that were sent to the service group.', shown(service.files)],
  ['pkg_svc_static_path', 'Folder for content that does not change.', shown(service.static)],
  ['pkg_svc_var_path', 'Folder for what the service may lose.', shown(service.var)],
  ['PLAN_CONTEXT', 'Folder of the plan.'],
  ['SRC_PATH', 'Folder of the sources: the unpacked archive, or the folder that the build was given.'],
  ['CACHE_PATH', 'Folder that the source archive is unpacked to, below the cache of sources.'],
  ['HAB_CACHE_SRC_PATH', 'Folder of downloaded sources.', shown(layout.sourceCache)],
  ['PREFIX', 'The same as `pkg_prefix`, from `do_prepare` on.'],
  ['HAB_CACHE_ARTIFACT_PATH', 'Folder of finished artifacts.', shown(layout.artifactCache)],
  ['HAB_PKG_PATH', 'Folder that packages are installed to.', shown(layout.packages)],
  ['pkg_artifact', 'Path of the artifact that the build makes. Set by the build.'],
  [
    'pkg_output_path',
    'Folder that the artifact is copied to, with `last_build.env`.',
    '`results` in the working directory',
  ],
  ['pkg_deps_resolved', 'Folders of the packages in `pkg_deps`, once they are found. Set by the build.'],
  ['pkg_build_deps_resolved', 'Folders of the packages in `pkg_build_deps`. Set by the build.'],
  ['pkg_tdeps_resolved', 'Folders of `pkg_deps` and all that they depend on. Set by the build.'],
  ['pkg_build_tdeps_resolved', 'Folders of `pkg_build_deps` and all that they depend on. Set by the build.'],
  [
    'pkg_all_deps_resolved',
    'Folders of `pkg_build_deps` and `pkg_deps`; what `pkg_path_for` looks through. Set by the build.',
  ],
  [
    'pkg_all_tdeps_resolved',
    'Folders of all dependencies, those of dependencies too; the `PATH` of the build. Set by the build.',
  ],
  [
    'HAB_ENV_<NAME>_TYPE',
    '`primitive`: a package’s value of the variable NAME replaces that of a dependency; `aggregate`: it is put in front.',
    '`aggregate` for `PATH`, `GEM_PATH` and other known lists',
    'HAB_ENV_MY_LIST_TYPE=aggregate',
  ],
  [
    'HAB_ENV_<NAME>_SEPARATOR',
    'What stands between the elements of the variable NAME.',
    '`:`',
    'HAB_ENV_MY_LIST_SEPARATOR=";"',
  ],
];

const CALLBACKS_MEANING: readonly Row[] = [
  ['do_begin', 'First of all: there are no dependencies and no environment yet.', 'nothing'],
  [
    'do_setup_environment',
    'Says which variables the package sets at run time or for builds: `set_runtime_env`, `push_runtime_env` and their like.',
    'nothing',
  ],
  [
    'do_before',
    'After the dependencies are there and before the download; the place for `update_pkg_version`.',
    'nothing',
  ],
  ['do_download', 'Brings the source.', 'downloads `pkg_source`, unless the cache has it'],
  ['do_verify', 'Checks what was downloaded.', 'compares the SHA-256 with `pkg_shasum`'],
  ['do_clean', 'Removes what an earlier build left.', 'removes `CACHE_PATH`'],
  ['do_unpack', 'Unpacks the source.', 'unpacks `pkg_filename`'],
  ['do_prepare', 'Prepares the source: patches, links, configuration.', 'nothing'],
  ['do_build', 'Compiles.', '`./configure --prefix="$pkg_prefix"`, then `make`'],
  ['do_check', 'Tests what was compiled; called only when `DO_CHECK` is set.', 'nothing'],
  ['do_install', 'Installs to `pkg_prefix`.', '`make install`'],
  [
    'do_build_config',
    'Copies configuration and hooks into the package.',
    'copies `config`, `hooks` and `default.toml`',
  ],
  ['do_build_service', 'Writes the hook `run` from `pkg_svc_run`.', 'writes it where the plan has none'],
  ['do_strip', 'Removes debugging symbols.', 'strips programs and libraries'],
  ['do_after', 'After the installation, before metadata and artifact are made.', 'nothing'],
  ['do_end', 'Last of all; the artifact is there.', 'nothing'],
  ['do_after_success', 'Called after a build that succeeded; its own failure changes nothing.', 'nothing'],
  ['do_after_failure', 'Called after a build that failed; its own failure changes nothing.', 'nothing'],
  ['pkg_version', 'Prints the version, for plans that find it out; `update_pkg_version` calls it.', 'none'],
];

const HELPERS_MEANING: readonly Row[] = [
  ['attach', 'Stops the build at this line with a prompt, on a terminal.', undefined, 'do_build() { attach; make; }'],
  ['build_line', 'Prints a line of progress.', undefined, 'build_line "Fixing interpreters"'],
  ['warn', 'Prints a warning on standard error.'],
  ['debug', 'Prints a line when `DEBUG` is set.'],
  ['exit_with', 'Ends the build with a message and a status.', undefined, 'exit_with "No compiler" 3'],
  ['exists', 'Succeeds when a command can be found.', undefined, 'exists git || exit_with "git is needed"'],
  ['trim', 'Prints its arguments without white space around them.'],
  ['join_by', 'Prints its arguments with a character between them.', undefined, 'join_by , a b c'],
  ['abspath', 'Prints the absolute form of a path.'],
  ['normalize_checksum', 'Prints a checksum in lower case.'],
  [
    'pkg_path_for',
    'Prints the folder of a dependency, direct or not, by its name.',
    undefined,
    '"$(pkg_path_for core/openssl)/lib"',
  ],
  [
    'pkg_interpreter_for',
    'Prints the path of an interpreter of a dependency.',
    undefined,
    'pkg_interpreter_for core/bash bin/bash',
  ],
  [
    'fix_interpreter',
    'Points the first line of scripts to an interpreter of a dependency.',
    undefined,
    'fix_interpreter "bin/*" core/coreutils bin/env',
  ],
  ['download_file', 'Downloads an address to a file of the cache, with its checksum.'],
  ['verify_file', 'Compares a file of the cache with its SHA-256.'],
  ['unpack_file', 'Unpacks an archive of the cache.'],
  ['update_pkg_version', 'Calls the function `pkg_version` and computes again what depends on the version.'],
  [
    'set_runtime_env',
    'Sets a variable for whoever runs or depends on the package; `-f` replaces one of a dependency.',
    undefined,
    'set_runtime_env JAVA_HOME "$pkg_prefix"',
  ],
  ['set_buildtime_env', 'Sets a variable for builds of packages that depend on this one.'],
  [
    'push_runtime_env',
    'Puts a value in front of a list for whoever runs or depends on the package.',
    undefined,
    'push_runtime_env PYTHONPATH "$pkg_prefix/lib/python"',
  ],
  ['push_buildtime_env', 'Puts a value in front of a list for builds of packages that depend on this one.'],
  ['push_to_path', 'Prints a list with an element in front.'],
  ['dedupe_path', 'Prints a list without what stands in it twice.'],
];

const HOOKS_MEANING: readonly Row[] = [
  ['init', 'Runs before each start of the service; a failure is followed by another try.'],
  [
    'run',
    'Is the service: it must stay, and end with `exec` of the program.',
    '`pkg_svc_run`',
    '#!/bin/sh\nexec redis-server {{pkg.svc_config_path}}/redis.conf 2>&1',
  ],
  ['post-run', 'Runs once the service is started; repeated until it succeeds.'],
  ['health-check', 'Tells how the service is by its exit status: 0 ok, 1 warning, 2 critical, 3 unknown.'],
  ['reconfigure', 'Runs when the configuration has changed; without it such a change restarts the service.'],
  ['reload', 'Runs when the configuration has changed, before `reconfigure`. From older versions.'],
  ['config-check', 'Looks at staged configuration before it replaces the one in force; a failure keeps that one.'],
  ['file-updated', 'Runs when a file that was sent to the service group has arrived.'],
  ['suitability', 'Prints a number: the member with the highest becomes the leader.'],
  ['post-stop', 'Runs when the service has ended.'],
  ['install', 'Runs when the package is installed.'],
  ['uninstall', 'Runs before the package is removed.'],
];

/** Every name that is explained, in the order of the reference. */
export const REFERENCE: readonly ReferenceEntry[] = [
  ...entries('setting', SETTINGS),
  ...entries('callback', CALLBACKS_MEANING),
  ...entries('helper', HELPERS_MEANING),
  ...entries('helper', POWERSHELL_HELPERS_MEANING),
  ...entries('hook', HOOKS_MEANING),
  ...entries('template', TEMPLATE_MEANING),
];

/** Finds what a name means, however it is written: `{{pkg.path}}`, `$pkg_name`, `do_default_build`, `Invoke-Build`. */
export function explain(name: string): readonly ReferenceEntry[] {
  const bare = name
    .trim()
    .replace(/^\{+\s*[#/]?\s*|\s*\}+$/g, '')
    .replace(/^\$\{?/, '');
  const found = REFERENCE.filter((entry) => entry.name.toLowerCase() === bare.toLowerCase());
  if (found.length > 0) return found;
  // The defaults of callbacks, PowerShell's names for both, hints for one variable of the environment.
  const callback = /^do_default_(.+)$/.exec(bare)?.[1] ?? /^do_(.+)_default$/.exec(bare)?.[1];
  if (callback !== undefined) return REFERENCE.filter((entry) => entry.name === `do_${callback}`);
  const phase = /^invoke-(?:default)?(\w+)$/i.exec(bare)?.[1]?.toLowerCase();
  if (phase !== undefined) return REFERENCE.filter(({ name: of }) => of.replaceAll('_', '') === `do${phase}`);
  const hint = /^HAB_ENV_\w+(_TYPE|_SEPARATOR)$/.exec(bare)?.[1];
  if (hint !== undefined) return REFERENCE.filter((entry) => entry.name === `HAB_ENV_<NAME>${hint}`);
  // Within a table that is explained as a whole: `cfg.port`, `bind.database.leader`.
  return bare.includes('.') ? explain(bare.slice(0, bare.lastIndexOf('.'))) : [];
}
