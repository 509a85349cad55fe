/** What `hab plan init` knows when it writes a plan. */
export interface PlanTemplateFacts {
  readonly name: string;
  readonly origin: string;
  readonly scaffolding: string | undefined;
  /** Values from `pkg_*` variables of the environment, by full variable name. */
  readonly given: ReadonlyMap<string, string>;
  /** Leaves out explanations and most callbacks. */
  readonly min: boolean;
}

/** One setting of a new plan. See spec/cli 8.3. */
interface Setting {
  readonly variable: string;
  /** bash text behind `=`, used unless the environment gives a value. */
  readonly value: string;
  /** `off` is commented out unless the environment gives a value. */
  readonly state: 'on' | 'off';
  readonly kind: 'text' | 'list';
  readonly about: string;
  /** Also in a minimal plan. */
  readonly min: boolean;
}

function setting(
  variable: string,
  value: string,
  about: string,
  options: Partial<Pick<Setting, 'state' | 'kind' | 'min'>> = {},
): Setting {
  return { variable: `pkg_${variable}`, value, about, state: 'off', kind: 'text', min: true, ...options };
}

const LIST = { kind: 'list' } as const;
const ON = { state: 'on' } as const;
const FULL_ONLY = { min: false } as const;

const SETTINGS: readonly Setting[] = [
  setting('version', '"0.1.0"', 'Version of the software. A function pkg_version() can compute it instead.', ON),
  setting('maintainer', '"The Habitat Maintainers <humans@habitat.sh>"', 'Who looks after this plan.', ON),
  setting('license', '("Apache-2.0")', 'Licences of the software, as SPDX identifiers.', { ...ON, ...LIST }),
  setting(
    'source',
    '"http://some_source_url/releases/${pkg_name}-${pkg_version}.tar.gz"',
    'Where the source is downloaded from. Leave it out to build what lies beside the plan.',
  ),
  setting(
    'filename',
    '"${pkg_name}-${pkg_version}.tar.gz"',
    'Name of the downloaded file, when it is not the end of the URL.',
  ),
  setting('shasum', '"TODO"', 'SHA-256 of the downloaded file.'),
  setting('deps', '(core/glibc)', 'Packages that the software needs to run.', { ...ON, ...LIST }),
  setting('build_deps', '(core/make core/gcc)', 'Packages that are needed to build it only.', { ...ON, ...LIST }),
  setting('lib_dirs', '(lib)', 'Folders of libraries, below the package.', LIST),
  setting('include_dirs', '(include)', 'Folders of header files, below the package.', LIST),
  setting('bin_dirs', '(bin)', 'Folders of programs, below the package.', LIST),
  setting('pconfig_dirs', '(lib/pconfig)', 'Folders of pkg-config files, below the package.', LIST),
  setting(
    'svc_run',
    '"haproxy -f $pkg_svc_config_path/haproxy.conf"',
    'Command that runs the service, when there is no run hook.',
    FULL_ONLY,
  ),
  setting(
    'exports',
    '(\n#   [host]=srv.address\n#   [port]=srv.port\n#   [ssl-port]=srv.ssl.port\n# )',
    'Configuration that other services may read: name and place in default.toml.',
    { ...LIST, ...FULL_ONLY },
  ),
  setting('exposes', '(port ssl-port)', 'Exports that are ports a container should publish.', {
    ...LIST,
    ...FULL_ONLY,
  }),
  setting(
    'binds',
    '(\n#   [database]="port host"\n# )',
    'Services that this one cannot do without, and the exports it reads.',
    { ...LIST, ...FULL_ONLY },
  ),
  setting('binds_optional', '(\n#   [storage]="port host"\n# )', 'The same for services that it can do without.', {
    ...LIST,
    ...FULL_ONLY,
  }),
  setting('interpreters', '(bin/bash)', 'Interpreters in this package that scripts of others may name.', {
    ...LIST,
    ...FULL_ONLY,
  }),
  setting('svc_user', '"hab"', 'User that the service runs as.', FULL_ONLY),
  setting('svc_group', '"$pkg_svc_user"', 'Group that the service runs as.', FULL_ONLY),
  setting('shutdown_signal', '"TERM"', 'Signal that asks the service to end.', FULL_ONLY),
  setting('shutdown_timeout_sec', '8', 'Seconds until it is killed.', FULL_ONLY),
  setting('description', '"Some description."', 'What the software is, for whoever searches.'),
  setting('upstream_url', '"http://example.com/project-name"', 'Where its project lives.'),
];

const CALLBACKS: readonly (readonly [string, string])[] = [
  ['begin', 'Runs first; dependencies are not there yet.'],
  ['download', 'Brings the source into the cache.'],
  ['verify', 'Compares it with the checksum.'],
  ['clean', 'Removes what an earlier build left.'],
  ['unpack', 'Unpacks the source.'],
  ['prepare', 'Patches, and settings for the build.'],
  ['build', 'Compiles.'],
  ['check', 'Tests what was compiled; runs when DO_CHECK is set.'],
  ['install', 'Copies the result into the package.'],
  ['strip', 'Removes debug symbols.'],
  ['end', 'Runs last; clean up here.'],
];

const HEADER = `# The plan is the heart of a package: a bash script that says how the software is fetched, built and installed. Settings
# begin with pkg_, steps are functions that begin with do_; each step has a default that fits many projects. Run
# \`hab pkg build\` on the folder of this file.

`;

/** A new \`plan.sh\`. What the environment gives is written as it is: lists raw, texts quoted. */
export function formatPlan(facts: PlanTemplateFacts): string {
  const { name, origin, min } = facts;
  const blocks = [
    `pkg_name=${name}\npkg_origin=${origin}`,
    scaffoldingLine(facts),
    ...SETTINGS.filter((entry) => !min || entry.min || facts.given.has(entry.variable)).map((entry) =>
      formatSetting(entry, facts),
    ),
    ...callbacks(facts),
  ];
  return `${min ? '' : HEADER}${blocks.join(min ? '\n' : '\n\n')}\n`;
}

function scaffoldingLine({ scaffolding, min }: PlanTemplateFacts): string {
  const about = min ? '' : '# A scaffolding knows how software of its kind is built.\n';
  return scaffolding === undefined
    ? `${about}# pkg_scaffolding="some/scaffolding"`
    : `${about}pkg_scaffolding="${scaffolding}"`;
}

function formatSetting({ variable, value, state, kind, about }: Setting, { given, min }: PlanTemplateFacts): string {
  const own = given.get(variable);
  const text = own === undefined ? value : kind === 'list' ? own : quote(own);
  const comment = min ? '' : `# ${about}\n`;
  return `${comment}${own === undefined && state === 'off' ? '# ' : ''}${variable}=${text}`;
}

/** bash double quotes: variables in a given text are meant, but nothing may end the quotes. */
function quote(text: string): string {
  return `"${text.replace(/(["\\`])/g, '\\$1')}"`;
}

function callbacks({ min }: PlanTemplateFacts): string[] {
  const wanted = min ? CALLBACKS.filter(([name]) => name === 'build' || name === 'install') : CALLBACKS;
  return wanted.map(([name, about]) => {
    const comment = min ? '' : `# ${about}\n`;
    const body = name === 'check' ? 'return 0' : `do_default_${name}`;
    return `${comment}do_${name}() {\n  ${body}\n}`;
  });
}

/** The other files of a new plan, by path. */
export function planFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    [
      'default.toml',
      '# Tunables of the service and their defaults, for the templates in config/ and hooks/. A plan that is no service\n# can do without this file.\n',
    ],
    ['README.md', formatReadme(name)],
  ]);
}

const README_SECTIONS: readonly (readonly [string, string])[] = [
  ['Maintainers', 'Who looks after this package, and how to reach them.'],
  ['Type of Package', 'A service, a library or a program?'],
  ['Usage', 'How others use it: as a dependency, on the command line, as a service.'],
  ['Bindings', 'What it needs from other services, and what it exports to them.'],
  ['Topologies', 'How it runs alone, and how with a leader and followers.'],
  ['Update Strategies', 'What happens to running services when the package or its configuration changes.'],
  ['Scaling', 'How it grows.'],
  ['Monitoring', 'How to see that it is well.'],
  ['Notes', 'Anything else.'],
];

function formatReadme(name: string): string {
  const sections = README_SECTIONS.map(([title, prompt]) => `## ${title}\n\n_${prompt}_\n`);
  return `# ${name}\n\n${sections.join('\n')}`;
}
