import { formatBindMap, formatIdentLines, formatKeyValues, formatPathList, type Metafile } from '@hab/hart';
import { compareByteOrder, parseIdent } from '@hab/ident';
import type { EnvironmentVariable } from './environment.ts';
import { BuildError } from './errors.ts';
import type { PlanFacts } from './plan-variables.ts';
import { ownDirectories } from './search-path.ts';

/** A metafile and its whole text. */
export type MetafileText = readonly [name: Metafile, text: string];

/** What the metafiles of a finished package say. */
export interface MetafileFacts {
  readonly plan: PlanFacts;
  readonly ident: string;
  readonly target: string;
  readonly deps: readonly string[];
  readonly tdeps: readonly string[];
  readonly buildDeps: readonly string[];
  readonly buildTdeps: readonly string[];
  readonly runtimePath: string;
  readonly runtime: ReadonlyMap<string, EnvironmentVariable>;
  readonly buildtime: ReadonlyMap<string, EnvironmentVariable>;
  /** Ports, in the order of `pkg_exposes`. */
  readonly ports: readonly string[];
  /** Directories for pkg-config that the prefix has, for a plan that names none. */
  readonly pconfigFound: readonly string[];
  /** The package has a run hook or a start script. */
  readonly runnable: boolean;
  readonly native: boolean;
}

/**
 * The metafiles of a package, in the order in which they are written. What has no content has no file.
 *
 * @throws {@link BuildError} `BUILD_VALUE_INVALID` for a value with a line break: readers take files line by line.
 * @see spec/plan-build, 10
 */
export function packageMetafiles(facts: MetafileFacts): readonly MetafileText[] {
  const { plan } = facts;
  const own = (directories: readonly string[]): readonly string[] => ownDirectories(plan.prefix, directories);
  const includes = own(plan.includeDirs).map((directory) => `-I${directory}`);
  const libraries = own(plan.libDirs);
  const runtime = valuesOf(facts.runtime);
  return present([
    ['LD_RUN_PATH', paths('LD_RUN_PATH', libraries)],
    ['LDFLAGS', line('LDFLAGS', libraries.map((directory) => `-L${directory}`).join(' '))],
    ['CFLAGS', line('CFLAGS', includes.join(' '))],
    ['CPPFLAGS', line('CPPFLAGS', includes.join(' '))],
    ['CXXFLAGS', line('CXXFLAGS', includes.join(' '))],
    [
      'PKG_CONFIG_PATH',
      paths('PKG_CONFIG_PATH', own(plan.pconfigDirs.length > 0 ? plan.pconfigDirs : facts.pconfigFound)),
    ],
    ['BUILDTIME_ENVIRONMENT', pairs('BUILDTIME_ENVIRONMENT', valuesOf(facts.buildtime))],
    ['BUILDTIME_ENVIRONMENT_PROVENANCE', pairs('BUILDTIME_ENVIRONMENT_PROVENANCE', settersOf(facts.buildtime))],
    ['PATH', paths('PATH', own(plan.binDirs))],
    ['EXPORTS', pairs('EXPORTS', plan.exports)],
    ['BINDS', pairs('BINDS', plan.binds)],
    ['BINDS_OPTIONAL', pairs('BINDS_OPTIONAL', plan.bindsOptional)],
    ['EXPOSES', line('EXPOSES', facts.ports.join(' '))],
    [
      'INTERPRETERS',
      own(plan.interpreters)
        .map((path) => line('INTERPRETERS', path))
        .join(''),
    ],
    ['BUILD_DEPS', idents(facts.buildDeps)],
    ['BUILD_TDEPS', idents(facts.buildTdeps)],
    ['DEPS', idents(facts.deps)],
    ['TDEPS', idents(facts.tdeps)],
    ['TARGET', line('TARGET', facts.target)],
    ['IDENT', line('IDENT', facts.ident)],
    ['RUNTIME_PATH', line('RUNTIME_PATH', facts.runtimePath)],
    // The path is repeated for the tools of releases 0.50 to 0.55; every later reader drops it.
    ['RUNTIME_ENVIRONMENT', pairs('RUNTIME_ENVIRONMENT', withPath(runtime, facts.runtimePath))],
    ['RUNTIME_ENVIRONMENT_PROVENANCE', pairs('RUNTIME_ENVIRONMENT_PROVENANCE', settersOf(facts.runtime))],
    ['SHUTDOWN_SIGNAL', line('SHUTDOWN_SIGNAL', plan.shutdownSignal)],
    ['SHUTDOWN_TIMEOUT', line('SHUTDOWN_TIMEOUT', plan.shutdownTimeout)],
    ['SVC_USER', facts.runnable ? line('SVC_USER', plan.svcUser) : ''],
    ['SVC_GROUP', facts.runnable ? line('SVC_GROUP', plan.svcGroup) : ''],
    ['PACKAGE_TYPE', facts.native ? line('PACKAGE_TYPE', 'native') : ''],
  ]);
}

/** What a composite package consists of, beside FILES and MANIFEST. */
export interface CompositeFacts {
  readonly ident: string;
  readonly target: string;
  /** As the plan writes them. */
  readonly services: readonly string[];
  /** Fully qualified. */
  readonly resolved: readonly string[];
  readonly bindMap: ReadonlyMap<string, string>;
}

/** @throws {@link BuildError} `BUILD_VALUE_INVALID`. @see spec/plan-build, 15 */
export function compositeMetafiles(facts: CompositeFacts): readonly MetafileText[] {
  const mappings = [...facts.bindMap].map(([service, binds]): [string, string[]] => [service, [binds]]);
  return present([
    ['IDENT', line('IDENT', facts.ident)],
    ['TARGET', line('TARGET', facts.target)],
    ['TYPE', line('TYPE', 'composite')],
    ['SERVICES', idents([...facts.services].sort(compareByteOrder))],
    ['RESOLVED_SERVICES', idents([...facts.resolved].sort(compareByteOrder))],
    ['BIND_MAP', formatBindMap(new Map(mappings))],
  ]);
}

const present = (files: readonly MetafileText[]): readonly MetafileText[] => files.filter(([, text]) => text !== '');

const idents = (texts: readonly string[]): string => formatIdentLines(texts.map(parseIdent));

/** One line, or nothing. A break inside would be read as a line of its own. */
function line(file: string, value: string): string {
  if (/[\n\r\0]/.test(value)) throw unwritable(file, value);
  return value === '' ? '' : `${value}\n`;
}

function paths(file: string, directories: readonly string[]): string {
  for (const directory of directories) if (directory.includes(':')) throw unwritable(file, directory);
  return line(file, formatPathList(directories).trimEnd());
}

function pairs(file: string, values: ReadonlyMap<string, string>): string {
  for (const [key, value] of values) {
    if (key === '' || /[=\s]/.test(key)) throw unwritable(file, key);
    line(file, value);
  }
  return formatKeyValues(values);
}

type Variables = ReadonlyMap<string, EnvironmentVariable>;

const valuesOf = (variables: Variables): ReadonlyMap<string, string> =>
  new Map([...variables].map(([name, { value }]) => [name, value]));

const settersOf = (variables: Variables): ReadonlyMap<string, string> =>
  new Map([...variables].map(([name, { provenance }]) => [name, provenance.join(' ')]));

const withPath = (values: ReadonlyMap<string, string>, path: string): ReadonlyMap<string, string> =>
  path === '' ? values : new Map([...values, ['PATH', path]]);

const unwritable = (name: string, value: string) =>
  new BuildError('BUILD_VALUE_INVALID', `${name} cannot hold ${JSON.stringify(value.slice(0, 120))}`, {
    details: { status: 1, name },
    hint: 'A value must fit on one line; a key must not be empty, nor contain = or white space; no path has a colon.',
  });
