import { SHUTDOWN_SIGNALS } from '@hab/hart';
import { BuildError } from './errors.ts';
import { type DefaultConfig, exposedPorts, parseDefaultConfig, valueAt } from './exposed-ports.ts';
import { hookFiles, hookName, KNOWN_HOOKS } from './hook-files.ts';
import { PLAN_VARIABLES, type PlanFacts } from './plan-variables.ts';
import type { ShellValue, ShellVariables } from './shell-variables.ts';

/** What is known about a plan right after it was read. */
export interface PlanCheckInput {
  readonly facts: PlanFacts;
  readonly variables: ShellVariables;
  readonly planText: string;
  /** Context that the caller gave, absolute. */
  readonly context: string;
  /** Names in `hooks/`. */
  readonly hooks: readonly string[];
  /** Text of `default.toml` beside the plan, if there is one. */
  readonly defaultToml: string | undefined;
  /** The plan replaces the step that installs configuration, or a scaffolding may. */
  readonly ownConfiguration: boolean;
}

/**
 * Everything about a plan that can be judged before anything is downloaded. @see spec/plan-build, 18
 *
 * @returns what the author should know.
 * @throws {@link BuildError} for what cannot end well.
 */
export function checkPlan(input: PlanCheckInput): readonly string[] {
  const { facts, variables } = input;
  for (const [name, value] of variables) checkText(name, value);
  checkType(facts);
  const warnings = [...variables].flatMap(([name, value]) => [...checkKind(name, value), ...checkSpelling(name)]);
  for (const name of MAPS) checkMap(name, input);
  return [
    ...warnings,
    ...serviceWarnings(facts),
    ...hookWarnings(input),
    ...configurationWarnings(input),
    ...sourceWarnings(input),
  ];
}

/** Longest value of one variable: what is longer is a file that ended up in the wrong place. */
const MAX_VALUE_LENGTH = 1024 * 1024;

function checkText(name: string, value: ShellValue): void {
  const texts =
    value.kind === 'string' ? [value.value] : value.kind === 'list' ? value.values : [...value.entries].flat();
  for (const text of texts) {
    if (text.includes('\ufffd')) throw invalid(name, `${name} contains bytes that are not UTF-8 text`);
    if (text.length > MAX_VALUE_LENGTH) throw invalid(name, `${name} is longer than ${MAX_VALUE_LENGTH} characters`);
  }
}

function checkType(facts: PlanFacts): void {
  if (facts.type !== 'standalone' && facts.type !== 'composite') {
    throw invalid('pkg_type', `'${facts.type}' is not a recognized package type`, 'Use standalone or composite.');
  }
}

function checkKind(name: string, value: ShellValue): readonly string[] {
  const wanted = PLAN_VARIABLES[name];
  if (wanted === 'text' && value.kind !== 'string') {
    const count = value.kind === 'list' ? value.values.length : value.entries.size;
    if (count > 1) {
      throw invalid(name, `${name} takes one value, and the plan gives it a list of ${count}`, `Write ${name}="...".`);
    }
    return [`${name} takes one value, not a list: using the first one`];
  }
  if (wanted === 'map' && value.kind !== 'map') {
    throw invalid(name, `${name} takes pairs, such as ${name}=( [key]="value" )`);
  }
  if (wanted === 'list' && value.kind === 'map') throw invalid(name, `${name} takes a list, not pairs`);
  if (WORD_LISTS.has(name) && value.kind === 'list') checkWords(name, value.values);
  // What bash makes of a plain text that is given to a map.
  if (wanted === 'map' && value.kind === 'map' && value.entries.size === 1 && value.entries.has('0')) {
    throw invalid(name, `${name} takes pairs, and the plan gives it one text`, `Write ${name}=( [key]="value" ).`);
  }
  return [];
}

/** Lists whose values have no spaces: one that has is a list that somebody wrote as a text. */
const WORD_LISTS = new Set(['pkg_deps', 'pkg_build_deps', 'pkg_services', 'pkg_exposes', 'pkg_source_mirrors']);

function checkWords(name: string, values: readonly string[]): void {
  const joined = values.find((value) => /\S[ \t]+\S/.test(value));
  if (joined === undefined) return;
  const words = joined.trim().split(/\s+/).slice(0, 5).join(' ');
  throw invalid(name, `${name} takes a list, and '${joined.slice(0, 120)}' is one text`, `Write ${name}=(${words}).`);
}

const MAPS = ['pkg_exports', 'pkg_binds', 'pkg_binds_optional', 'pkg_bind_map'];
/** An assignment of pairs, up to its end; the length keeps the search short in a plan that never closes it. */
const PAIRS = /(?:^|[\s;])(pkg_exports|pkg_binds|pkg_binds_optional|pkg_bind_map)\+?=\(([^()]{0,20000})\)/g;

/** `( [key] = "value" )` leaves the map empty on some versions of bash and makes another one on the rest. */
function checkMap(name: string, { variables, planText }: PlanCheckInput): void {
  const value = variables.get(name);
  const entries = value?.kind === 'map' ? [...value.entries] : [];
  const odd = entries.some(([key, text]) => /^\[.*\]$/.test(key) || key === '=' || text === '=');
  const lost = entries.length === 0 && assignments(planText, name).some((pairs) => /\][ \t]+=|\]=[ \t]/.test(pairs));
  if (!odd && !lost) return;
  throw invalid(name, `${name} has spaces around '='`, 'Write [key]="value", without spaces around the equals sign.');
}

const assignments = (planText: string, name: string): readonly string[] =>
  [...planText.matchAll(PAIRS)].filter((match) => match[1] === name).map((match) => match[2] ?? '');

/** Other variables are the plan's own; one that is nearly one of ours is a slip. */
function checkSpelling(name: string): readonly string[] {
  if (Object.hasOwn(PLAN_VARIABLES, name) || !name.startsWith('pkg_')) return [];
  const meant = Object.keys(PLAN_VARIABLES).find((known) => isNear(known, name));
  return meant === undefined ? [] : [`${name} means nothing to this program; did you mean ${meant}?`];
}

/** True for names that differ by one inserted, missing or exchanged letter, or by a final s. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 7) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  const [restA, restB] = [a.slice(at), b.slice(at)];
  return restA.slice(1) === restB.slice(1) || restA.slice(1) === restB || restA === restB.slice(1);
}

function serviceWarnings(facts: PlanFacts): readonly string[] {
  const warnings: string[] = [];
  if (facts.svcUser !== 'hab' && facts.svcGroup === 'hab') {
    warnings.push(`pkg_svc_user is '${facts.svcUser}' and pkg_svc_group still 'hab': set both if that is not meant`);
  }
  const signals: readonly string[] = SHUTDOWN_SIGNALS;
  if (facts.shutdownSignal !== '' && !signals.includes(facts.shutdownSignal)) {
    warnings.push(`pkg_shutdown_signal '${facts.shutdownSignal}' is none of ${signals.join(' ')}`);
  }
  if (facts.shutdownTimeout !== '' && !/^\d{1,9}$/.test(facts.shutdownTimeout)) {
    warnings.push(`pkg_shutdown_timeout_sec '${facts.shutdownTimeout}' is not a number of seconds`);
  }
  for (const bind of facts.binds.keys()) {
    if (facts.bindsOptional.has(bind)) warnings.push(`Bind '${bind}' is both required and optional: it is required`);
  }
  return warnings;
}

function hookWarnings({ hooks, ownConfiguration }: PlanCheckInput): readonly string[] {
  if (!ownConfiguration) hookFiles(hooks);
  return hooks.flatMap((file) => {
    const name = hookName(file);
    if (KNOWN_HOOKS.has(name)) return [];
    const meant = name.replaceAll('_', '-');
    const hint = KNOWN_HOOKS.has(meant) ? `; the hook is called ${meant}` : '';
    return [`hooks/${file} is no hook that a Supervisor runs${hint}`];
  });
}

function configurationWarnings(input: PlanCheckInput): readonly string[] {
  const { facts, defaultToml } = input;
  if (input.ownConfiguration) return [];
  let config: DefaultConfig | undefined;
  try {
    config = defaultToml === undefined ? undefined : parseDefaultConfig(defaultToml);
    exposedPorts(facts.exposes, facts.exports, config);
  } catch (error) {
    if (!(error instanceof BuildError)) throw error;
    if (defaultToml === undefined) {
      return [`${error.message}. There is no default.toml: unless a callback writes one, the build will end with this`];
    }
    // Without exposed ports a package builds and installs whatever its defaults are; with them it could not be finished.
    if (facts.exposes.length > 0) throw error;
    return [`${error.message}; the package will have no configuration`];
  }
  return exportWarnings(facts, config);
}

/** Other groups get nothing for an export that only a configuration given later has. */
function exportWarnings({ exports }: PlanFacts, config: DefaultConfig | undefined): readonly string[] {
  return [...exports]
    .filter(([, path]) => valueAt(config, path) === undefined)
    .map(([key, path]) => `pkg_exports: ${key} stands for ${path}, which default.toml does not have`);
}

function sourceWarnings({ facts, context }: PlanCheckInput): readonly string[] {
  if (facts.source !== '' || !context.endsWith('/habitat')) return [];
  const parent = context.slice(0, -'/habitat'.length) || '/';
  return [`The sources of this build are ${context} alone. To build ${parent} with this plan, give ${parent} instead.`];
}

const invalid = (variable: string, message: string, hint?: string) =>
  new BuildError('BUILD_METADATA_INVALID', message, {
    details: { status: 1, variable },
    ...(hint === undefined ? {} : { hint }),
  });
