import { type ParsedScript, parse } from 'unbash';
import { normalizePath, parentOf } from '../paths.ts';
import type {
  HelperCall,
  PlanFunction,
  PlanProblem,
  PlanReading,
  PlanSetting,
  ReadPlanOptions,
  SettingValue,
} from '../plan-reading.ts';
import { CALLBACKS } from '../vocabulary.ts';
import { Budget } from './budget.ts';
import { buildVariables, environmentVariable, NAME_MARK } from './build-environment.ts';
import { helperCalls } from './calls.ts';
import { BASH } from './follow.ts';
import { ShellState } from './shell-state.ts';
import type { ShellWorld } from './shell-world.ts';
import { isUnknown, type ShellValue, type Text, Unknown } from './value.ts';

/** Most characters of one file. */
const MAX_LENGTH = 4_000_000;

/**
 * Reads a `plan.sh` without running anything of it. What the plan leaves in its variables is followed through the text;
 * what depends on anything else is told as such, with the reason.
 *
 * Never throws for what a text holds: see `problems`.
 *
 * @see spec/plan-build 4.1, 17
 */
export function readBashPlan(text: string, options: ReadPlanOptions = {}): PlanReading {
  const path = options.path ?? '/src/plan.sh';
  const directory = parentOf(path);
  const problems: PlanProblem[] = [];
  const helpers: HelperCall[] = [];
  const parsed = new Map<string, ParsedScript>();
  const take = (file: string, content: string): ParsedScript | undefined => {
    const known = parsed.get(file);
    if (known !== undefined) return known;
    const script = parseText(file, content, problems);
    if (script === undefined) return undefined;
    parsed.set(file, script);
    helpers.push(...helperCalls(file, script));
    return script;
  };
  const world: ShellWorld = {
    budget: new Budget(),
    environment: (name) => environmentVariable(name, options.environment ?? {}),
    follow: BASH,
    reportLoop({ file, pos, end }) {
      if (problems.some(({ code }) => code === 'PLAN_SOURCE_LOOP')) return;
      const message = 'Files that read each other without end';
      problems.push({ code: 'PLAN_SOURCE_LOOP', message, span: { file, start: pos, end } });
    },
    load(named) {
      if (options.readFile === undefined) {
        return new Unknown(`${JSON.stringify(named)}, which is read here and was not given`);
      }
      const full = normalizePath(named.startsWith('/') ? named : `${directory}/${named}`);
      const content = options.readFile(full);
      if (content === undefined) return 'absent';
      const script = take(named, content);
      return script === undefined
        ? new Unknown(`${JSON.stringify(named)}, which is not read`)
        : { file: named, path: full, text: content, script };
    },
  };
  const shell = new ShellState(world, path);
  for (const [name, variable] of buildVariables({ directory, target: options.target ?? 'x86_64-linux' })) {
    shell.variables.setGlobal(name, variable);
  }
  const script = take(path, text);
  if (script !== undefined) shell.runFile({ file: path, path: normalizePath(path), text, script }, []);
  return {
    settings: settingsOf(shell),
    functions: functionsOf(shell),
    callbacks: [...shell.functions.keys()].filter((name) => CALLBACKS.has(name)).sort(),
    helpers,
    problems,
  };
}

function parseText(file: string, text: string, problems: PlanProblem[]): ParsedScript | undefined {
  const whole = { file, start: 0, end: text.length };
  const refuse = (code: PlanProblem['code'], message: string): undefined => {
    problems.push({ code, message, span: whole });
  };
  if (text.length > MAX_LENGTH)
    return refuse('PLAN_TOO_LARGE', `A plan of ${text.length} characters; ${MAX_LENGTH} are the most that is read`);
  const zero = text.indexOf('\0');
  if (zero >= 0) {
    problems.push({ code: 'PLAN_BINARY', message: 'A zero byte', span: { file, start: zero, end: zero + 1 } });
  }
  let script: ParsedScript;
  try {
    script = parse(text);
  } catch (error) {
    return refuse('PLAN_SYNTAX', error instanceof Error ? error.message : String(error));
  }
  for (const { message, pos } of script.errors ?? []) {
    problems.push({ code: 'PLAN_SYNTAX', message, span: { file, start: pos, end: Math.min(text.length, pos + 1) } });
  }
  return script;
}

function settingsOf(shell: ShellState): Map<string, PlanSetting> {
  const name = shell.variables.get('pkg_name')?.value;
  const packageName = name?.type === 'scalar' ? name.text : new Unknown('pkg_name');
  const settings = new Map<string, PlanSetting>();
  for (const [variable, { value, assigned }] of shell.variables.entries()) {
    if (!variable.startsWith('pkg_') || assigned === undefined || value === undefined) continue;
    const told = toSetting(value, packageName);
    if (!isUnknown(told) && isEmpty(told)) continue;
    const span = { file: assigned.file, start: assigned.pos, end: assigned.end };
    settings.set(variable, {
      name: variable,
      value: isUnknown(told) ? undefined : told,
      reason: isUnknown(told) ? told.reason : undefined,
      span,
    });
  }
  return settings;
}

function toSetting(value: ShellValue, packageName: Text): SettingValue | Unknown {
  const named = (text: string): Text => {
    if (!text.includes(NAME_MARK)) return text;
    return isUnknown(packageName) ? packageName : text.replaceAll(NAME_MARK, packageName);
  };
  if (value.type === 'array-unknown') return value.unknown;
  if (value.type === 'scalar') return isUnknown(value.text) ? value.text : named(value.text);
  const entries: [string, string][] = [];
  for (const [key, text] of value.elements) {
    const told = named(text);
    if (isUnknown(told)) return told;
    entries.push([String(key), told]);
  }
  return value.type === 'indexed' ? entries.map(([, text]) => text) : new Map(entries);
}

const isEmpty = (value: SettingValue): boolean =>
  typeof value === 'string' || Array.isArray(value)
    ? value.length === 0
    : (value as ReadonlyMap<string, string>).size === 0; // the third kind

function functionsOf(shell: ShellState): Map<string, PlanFunction> {
  const functions = new Map<string, PlanFunction>();
  for (const [name, { node, file }] of shell.functions) {
    functions.set(name, { name, span: { file, start: node.pos, end: node.end } });
  }
  return functions;
}
