import { BuildError } from './errors.ts';
import { pushToPathList } from './path-list.ts';
import { isShellName } from './shell-text.ts';

/** For whom a variable is: those who run the package, or those who are built with it. */
export type EnvironmentScope = 'runtime' | 'buildtime';

/** What a plan says about a variable: `HAB_ENV_<NAME>_TYPE` and `_SEPARATOR`; empty for nothing. */
export interface VariableHint {
  readonly type: string;
  readonly separator: string;
}

export interface EnvironmentVariable {
  readonly value: string;
  /** Who set it, the latest first. */
  readonly provenance: readonly string[];
}

/** How values of a variable combine. */
type Combination = { readonly aggregate: false } | { readonly aggregate: true; readonly separator: string };

/** Lists among variables, and what separates their items. @see spec/plan-build, 8.3 */
const AGGREGATES: ReadonlyMap<string, string> = new Map([
  ['PATH', ':'],
  ['GOPATH', ':'],
  ['NODE_PATH', ':'],
  ['PYTHONPATH', ':'],
  ['BUNDLE_PATH', ':'],
  ['BUNDLE_WITHOUT', ':'],
  ['GEM_PATH', ':'],
  ['RUBYLIB', ':'],
  ['RUBYPATH', ':'],
  ['CLASSPATH', ';'],
]);

/** Variables that follow from other parts of a plan, and which part. */
const PROTECTED: ReadonlyMap<string, string> = new Map([
  ['PATH', 'pkg_deps'],
  ['LD_RUN_PATH', 'pkg_lib_dirs'],
  ['LDFLAGS', 'pkg_lib_dirs'],
  ['CFLAGS', 'pkg_include_dirs'],
  ['CPPFLAGS', 'pkg_include_dirs'],
  ['CXXFLAGS', 'pkg_include_dirs'],
  ['PKG_CONFIG_PATH', 'pkg_pconfig_dirs'],
]);

/** Read-only in bash, or what its own working depends on: setting one would end the build without a word. */
const UNSETTABLE = new Set(['BASHOPTS', 'BASH_VERSINFO', 'EUID', 'IFS', 'PPID', 'SHELLOPTS', 'UID']);

/** One variable to export. */
export type ExportedVariable = readonly [name: string, value: string];

/** Both environments of a package under construction. @see spec/plan-build, 8.3 */
export class LayeredEnvironment {
  readonly #scopes: Record<EnvironmentScope, Map<string, EnvironmentVariable>> = {
    runtime: new Map(),
    buildtime: new Map(),
  };
  readonly #hints: (name: string) => VariableHint;

  /** @param hints - What the plan says about a variable at the time of asking. */
  constructor(hints: (name: string) => VariableHint) {
    this.#hints = hints;
  }

  /**
   * Takes over what a direct dependency gives to those who run with it.
   *
   * @returns what the author should know.
   * @throws {@link BuildError} `BUILD_DEPENDENCY_MALFORMED` for a name that no shell takes; `BUILD_ENVIRONMENT_INVALID`
   *   for a hint that means nothing.
   */
  merge(scope: EnvironmentScope, from: string, variables: Iterable<readonly [string, string]>): readonly string[] {
    const warnings: string[] = [];
    for (const [name, value] of variables) {
      if (name === 'PATH' || value === '') continue;
      if (!isShellName(name) || name.startsWith('__hab_')) throw malformedName(from, name);
      if (UNSETTABLE.has(name)) warnings.push(`Leaving out $${name} of ${from}: a shell does not let it be set`);
      else warnings.push(...this.#mergeOne(scope, from, name, value));
    }
    return warnings;
  }

  #mergeOne(scope: EnvironmentScope, from: string, name: string, value: string): readonly string[] {
    const variables = this.#scopes[scope];
    const present = variables.get(name);
    if (present === undefined) {
      variables.set(name, { value, provenance: [from] });
      return [];
    }
    if (present.value === value) return [];
    const { combination, warnings } = combine(name, this.#hints(name));
    const setters = present.provenance.join(' ');
    if (!combination.aggregate) {
      variables.set(name, { value, provenance: [from] });
      return [...warnings, `Overwriting $${name} originally set from ${setters}`];
    }
    variables.set(name, pushed(present, value, combination.separator, from));
    return [...warnings, `Prepending to $${name} originally set from ${setters}`];
  }

  /**
   * `set_runtime_env`, `set_buildtime_env`.
   *
   * @throws {@link BuildError} `BUILD_ENVIRONMENT_INVALID`, status 1.
   */
  set(scope: EnvironmentScope, own: string, name: string, value: string, force: boolean): readonly string[] {
    checkSettable(name);
    const present = this.#scopes[scope].get(name);
    if (present !== undefined && present.value !== '' && !force) {
      throw invalid(
        name,
        `Already have a value for $${name}, set by ${present.provenance.join(' ')}: ${present.value}. If you really wish to overwrite this value, pass the '-f' ("force") option when setting it.`,
      );
    }
    this.#scopes[scope].set(name, { value, provenance: [own] });
    if (present === undefined || present.value === '') return [];
    return [`Overwriting $${name}=${present.value}, set by ${present.provenance.join(' ')}`];
  }

  /**
   * `push_runtime_env`, `push_buildtime_env`: puts items in front of a list.
   *
   * @throws {@link BuildError} `BUILD_ENVIRONMENT_INVALID`, status 1.
   */
  push(
    scope: EnvironmentScope,
    own: string,
    name: string,
    value: string,
    hint: VariableHint = this.#hints(name),
  ): readonly string[] {
    checkSettable(name);
    const present = this.#scopes[scope].get(name) ?? { value: '', provenance: [] };
    const { separator, warnings } = separatorOf(name, hint);
    this.#scopes[scope].set(name, pushed(present, value, separator, own));
    return warnings;
  }

  /** Names in byte order. */
  variables(scope: EnvironmentScope): ReadonlyMap<string, EnvironmentVariable> {
    return this.#scopes[scope];
  }

  /** Puts the version that was found where the mark for it stands. */
  replace(mark: string, text: string): void {
    for (const variables of Object.values(this.#scopes)) {
      for (const [name, { value, provenance }] of variables) {
        const setters = provenance.map((setter) => setter.replaceAll(mark, text));
        variables.set(name, { value: value.replaceAll(mark, text), provenance: setters });
      }
    }
  }

  /**
   * What to export for the build: every runtime value, then every buildtime value layered on what is there.
   *
   * @param current - Value of a variable in the environment so far.
   */
  exports(current: (name: string) => string): {
    readonly variables: readonly ExportedVariable[];
    readonly warnings: readonly string[];
  } {
    const exported = new Map<string, string>();
    const warnings: string[] = [];
    for (const [name, { value }] of this.#scopes.runtime) exported.set(name, value);
    for (const [name, { value }] of this.#scopes.buildtime) {
      const below = exported.get(name) ?? current(name);
      if (below === '' || below === value) {
        exported.set(name, value);
        continue;
      }
      const { combination, warnings: more } = combine(name, this.#hints(name));
      warnings.push(...more);
      exported.set(name, combination.aggregate ? pushToPathList(value, below, combination.separator) : value);
    }
    return { variables: [...exported], warnings };
  }
}

function pushed(present: EnvironmentVariable, value: string, separator: string, by: string): EnvironmentVariable {
  return {
    value: pushToPathList(value, present.value, separator),
    provenance: [...new Set([by, ...present.provenance])],
  };
}

function combine(name: string, hint: VariableHint): { combination: Combination; warnings: readonly string[] } {
  if (hint.type !== '' && hint.type !== 'primitive' && hint.type !== 'aggregate') {
    throw invalid(
      name,
      `HAB_ENV_${name}_TYPE is '${hint.type}', which means nothing`,
      'Use primitive (one value) or aggregate (a list).',
    );
  }
  if (hint.type === 'aggregate' || (hint.type === '' && AGGREGATES.has(name))) {
    const { separator, warnings } = separatorOf(name, hint);
    return { combination: { aggregate: true, separator }, warnings };
  }
  const warnings =
    hint.type === ''
      ? [
          `Treating $${name} as a primitive type. If you would like to change this, add \`HAB_ENV_${name}_TYPE=aggregate\` to your plan.`,
        ]
      : [];
  return { combination: { aggregate: false }, warnings };
}

function separatorOf(name: string, hint: VariableHint): { separator: string; warnings: readonly string[] } {
  if (hint.separator !== '') return { separator: hint.separator, warnings: [] };
  const known = AGGREGATES.get(name);
  if (known !== undefined) return { separator: known, warnings: [] };
  return {
    separator: ':',
    warnings: [`Separating the items of $${name} with ':'. HAB_ENV_${name}_SEPARATOR in your plan can say otherwise.`],
  };
}

function checkSettable(name: string): void {
  const owner = PROTECTED.get(name);
  if (owner !== undefined) {
    throw invalid(
      name,
      `Cannot directly manipulate environment variable ${name}! Add appropriate entries to the '${owner}' variable in plan.sh instead!`,
    );
  }
  if (!isShellName(name) || name.startsWith('__hab_') || UNSETTABLE.has(name)) {
    throw invalid(name, `'${name.slice(0, 80)}' cannot be an environment variable of a package`);
  }
}

const invalid = (variable: string, message: string, hint?: string) =>
  new BuildError('BUILD_ENVIRONMENT_INVALID', message, {
    details: { status: 1, variable },
    ...(hint === undefined ? {} : { hint }),
  });

const malformedName = (ident: string, name: string) =>
  new BuildError(
    'BUILD_DEPENDENCY_MALFORMED',
    `${ident} wants to set a variable that no shell can have: ${JSON.stringify(name.slice(0, 80))}`,
    {
      details: { status: 1, ident, file: 'RUNTIME_ENVIRONMENT' },
      hint: 'Its RUNTIME_ENVIRONMENT is damaged: install it again.',
    },
  );
