/** One setting of a new plan, in the order of the plan. See spec/cli 8.3. */
export interface SettingTemplate {
  readonly name: string;
  readonly kind: 'text' | 'list' | 'map';
  /** What stands behind `=`; a language that is absent has no such setting. */
  readonly bash: string;
  readonly powershell?: string;
  /** `on` counts; `off` is commented out until somebody gives it a value; `given` is there only then. */
  readonly state: 'on' | 'off' | 'given';
  /** A scaffolding brings this itself. */
  readonly scaffolded?: true;
  /** Left out of a minimal plan. */
  readonly more?: true;
  /** For somebody who has never seen a plan. */
  readonly about: string;
}

export const SETTINGS: readonly SettingTemplate[] = [
  {
    name: 'version',
    kind: 'text',
    bash: '"0.1.0"',
    powershell: '"0.1.0"',
    state: 'on',
    about: `Required. The version of the software, usually the one its authors gave it. A plan that has to find it out (from a file of
the sources, say) leaves this away, defines a function pkg_version that prints it, and has it called in time: see
\`hab plan explain update_pkg_version\`.`,
  },
  {
    name: 'maintainer',
    kind: 'text',
    bash: '"The Habitat Maintainers <humans@habitat.sh>"',
    powershell: '"The Habitat Maintainers <humans@habitat.sh>"',
    state: 'on',
    about: 'Optional. Who looks after this plan and answers questions: a name and an address.',
  },
  {
    name: 'license',
    kind: 'list',
    bash: '("Apache-2.0")',
    powershell: '@("Apache-2.0")',
    state: 'on',
    about: `Optional. The licences of the software, by their SPDX identifiers (https://spdx.org/licenses). Name all that apply:
("MIT" "BSD-3-Clause").`,
  },
  {
    name: 'scaffolding',
    kind: 'text',
    bash: '"some/scaffolding"',
    powershell: '"some/scaffolding"',
    state: 'off',
    about: `Optional. A scaffolding is a package that already knows how applications of one kind are built, such as core/scaffolding-node
or core/scaffolding-ruby. With one, this plan says only what is different.`,
  },
  {
    name: 'source',
    kind: 'text',
    bash: '"http://some_source_url/releases/${pkg_name}-${pkg_version}.tar.gz"',
    powershell: '"http://some_source_url/releases/${pkg_name}-${pkg_version}.zip"',
    state: 'off',
    about: `Optional. Where the source archive is downloaded from. Without it, the folder that is built is the source: right for a plan
that lives in the repository of its software.`,
  },
  {
    name: 'filename',
    kind: 'text',
    bash: '"${pkg_name}-${pkg_version}.tar.gz"',
    powershell: '"${pkg_name}-${pkg_version}.zip"',
    state: 'off',
    about: 'Optional. The name of the downloaded file, where it is not simply the last part of pkg_source.',
  },
  {
    name: 'dirname',
    kind: 'text',
    bash: '"${pkg_name}-${pkg_version}"',
    powershell: '"${pkg_name}-${pkg_version}"',
    state: 'given',
    about: 'Optional. The folder that the archive unpacks to.',
  },
  {
    name: 'shasum',
    kind: 'text',
    bash: '"TODO"',
    powershell: '"TODO"',
    state: 'on',
    scaffolded: true,
    about: `Required with pkg_source. The SHA-256 of the downloaded file, as \`sha256sum FILE\` prints it. A build ends when the file is
another one, so a replaced download does not go unnoticed.`,
  },
  {
    name: 'deps',
    kind: 'list',
    bash: '(core/glibc)',
    powershell: '@()',
    state: 'on',
    scaffolded: true,
    about: `Optional. Packages that the software needs while it runs. Builds see them too. ORIGIN/NAME takes the newest release;
ORIGIN/NAME/VERSION stays with one version.`,
  },
  {
    name: 'build_deps',
    kind: 'list',
    bash: '(core/make core/gcc)',
    powershell: '@()',
    state: 'on',
    scaffolded: true,
    about:
      'Optional. Packages that are needed only to build it: compilers and their like. Nobody who installs the package gets them.',
  },
  {
    name: 'lib_dirs',
    kind: 'list',
    bash: '(lib)',
    powershell: '@("lib")',
    state: 'off',
    about:
      'Optional. Folders of libraries in the finished package. Whoever builds with it as a dependency links against them.',
  },
  {
    name: 'include_dirs',
    kind: 'list',
    bash: '(include)',
    powershell: '@("include")',
    state: 'off',
    about: 'Optional. Folders of header files in the finished package, for compilers of packages that depend on it.',
  },
  {
    name: 'bin_dirs',
    kind: 'list',
    bash: '(bin)',
    powershell: '@("bin")',
    state: 'off',
    about:
      'Optional. Folders of programs in the finished package. They join the PATH of its services, and of packages that depend on it.',
  },
  {
    name: 'pconfig_dirs',
    kind: 'list',
    bash: '(lib/pkgconfig)',
    state: 'off',
    about: 'Optional. Folders with the .pc files of pkg-config in the finished package.',
  },
  {
    name: 'svc_run',
    kind: 'text',
    bash: '"haproxy -f $pkg_svc_config_path/haproxy.conf"',
    powershell: '"haproxy -f $pkg_svc_config_path/haproxy.conf"',
    state: 'off',
    more: true,
    about: `Optional. The command that is the service: it stays in the foreground for as long as the service is up. Longer ones go into
hooks/run instead. A package with neither is no service, which is fine for libraries and tools.`,
  },
  {
    name: 'exports',
    kind: 'map',
    bash: '(\n  [host]=srv.address\n  [port]=srv.port\n  [ssl-port]=srv.ssl.port\n)',
    powershell: '@{\n  "host"="srv.address"\n  "port"="srv.port"\n  "ssl-port"="srv.ssl.port"\n}',
    state: 'off',
    more: true,
    about: `Optional. What other services may know of this one: a name of your choice, and the place of the value in default.toml.
[port]=srv.port publishes \`port\` of the table \`[srv]\`.`,
  },
  {
    name: 'exposes',
    kind: 'list',
    bash: '(port ssl-port)',
    powershell: '@("port", "ssl-port")',
    state: 'off',
    more: true,
    about: 'Optional. Which of the names in pkg_exports are network ports. Exported containers open them.',
  },
  {
    name: 'binds',
    kind: 'map',
    bash: '(\n  [database]="port host"\n)',
    powershell: '@{\n  "database"="port host"\n}',
    state: 'off',
    more: true,
    about: `Optional. Services that this one cannot run without: a name for each, by which templates speak of it, and the exports that it
must have.`,
  },
  {
    name: 'binds_optional',
    kind: 'map',
    bash: '(\n  [storage]="port host"\n)',
    powershell: '@{\n  "storage"="port host"\n}',
    state: 'off',
    more: true,
    about: 'Optional. The same for services that it makes use of where they are there.',
  },
  {
    name: 'interpreters',
    kind: 'list',
    bash: '(bin/bash)',
    state: 'off',
    more: true,
    about:
      'Optional. Interpreters in the finished package, which scripts of other packages may name in their first line.',
  },
  {
    name: 'svc_user',
    kind: 'text',
    bash: '"hab"',
    state: 'off',
    more: true,
    about: 'Optional. The user that the service runs as. `hab` is the default; root only where nothing else will do.',
  },
  {
    name: 'svc_group',
    kind: 'text',
    bash: '"$pkg_svc_user"',
    state: 'off',
    more: true,
    about: 'Optional. The group that the service runs as; it stays `hab` unless it is said here.',
  },
  {
    name: 'shutdown_signal',
    kind: 'text',
    bash: '"TERM"',
    state: 'off',
    more: true,
    about: 'Optional. The signal that asks the service to end in good order.',
  },
  {
    name: 'shutdown_timeout_sec',
    kind: 'text',
    bash: '8',
    powershell: '8',
    state: 'off',
    more: true,
    about: 'Optional. How many seconds the service has for that before it is killed.',
  },
  {
    name: 'description',
    kind: 'text',
    bash: '"Some description."',
    powershell: '"Some description."',
    state: 'on',
    about: 'Optional. What the software is good for, in a sentence or two, for people who search.',
  },
  {
    name: 'upstream_url',
    kind: 'text',
    bash: '"http://example.com/project-name"',
    powershell: '"http://example.com/project-name"',
    state: 'on',
    about: 'Optional. The home page of the software.',
  },
];
