import { basename } from 'node:path';

import { nearestName } from '@hab/core';
import { licenceWarnings, SPDX_IDENTIFIERS } from '@hab/plan-build';
import { lintPlan as lintPlanText, type PlanRule } from '@hab/plan-parser/lint';
import { REFERENCE } from '@hab/plan-parser/reference';
import { isTemplatingError, parseToml, type TemplateDialect, valueAt } from '@hab/templating';
import type { TemplateSource } from '@hab/templating/node';
import { type LintFinding, type LintRule, lintDefaults, lintHook, lintTemplate, locate } from '@hab/templating/offline';

import type { PlanText } from './plan-metadata.ts';
import { type PlanSources, TEMPLATE_FOLDERS, type TemplateFolder } from './plan-sources.ts';

/** A finding and the file of the plan that it is in. */
export interface PlanFinding extends Omit<LintFinding, 'rule'> {
  readonly rule: LintRule | PlanRule | HookRule;
  /** Path below the plan's folder. */
  readonly file: string;
  /** Text to put in place of a part of the file, where that is safe. */
  readonly fix?: PlanFix;
  /** Hooks that are to be made executable, by name. */
  readonly execute?: readonly string[];
}

export interface PlanFix {
  /** Offsets in the file's text. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

type HookRule = 'plan-part-unreadable' | 'hook-name' | 'hook-shebang' | 'hook-line-ends' | 'hook-run-bit';

export interface PlanRuleOptions {
  readonly dialect?: TemplateDialect | undefined;
}

/** One set of rules: looks at a plan and tells what it found. */
type PlanRules = (plan: PlanSources, options: PlanRuleOptions) => Iterable<PlanFinding>;

/** All that `hab plan lint` looks for, set by set. */
const RULES: readonly PlanRules[] = [unreadableRules, planTextRules, defaultsRules, templateRules, hookRules];

/** What a plan does not mean to say, file by file. */
export function lintPlan(plan: PlanSources, options: PlanRuleOptions = {}): readonly PlanFinding[] {
  const findings = RULES.flatMap((rules) => [...rules(plan, options)]);
  return findings.sort((a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const inFile = (file: string, findings: readonly LintFinding[]): PlanFinding[] =>
  findings.map((finding) => ({ file, ...finding }));

function* defaultsRules({ defaults }: PlanSources): Generator<PlanFinding> {
  if (defaults !== undefined) yield* inFile('default.toml', lintDefaults(defaults));
}

function* templateRules(plan: PlanSources, { dialect }: PlanRuleOptions): Generator<PlanFinding> {
  const { metadata } = plan;
  for (const folder of TEMPLATE_FOLDERS) {
    const sources = plan.templates.get(folder) ?? [];
    // A hook is rendered alone; configuration may include its neighbours.
    const partials = folder === 'hooks' ? [] : sources.map(({ name }) => name);
    for (const { name, text } of sources) {
      const findings = lintTemplate(text, {
        dialect,
        partials,
        deps: metadata.deps,
        exports: metadata.exports === undefined ? undefined : [...metadata.exports.keys()],
        binds: metadata.binds,
        defaults: tryDefaults(plan.defaults),
        use: useOf(folder, name),
      });
      yield* inFile(
        `${folder}/${name}`,
        findings.filter((finding) => !isOptional(finding, text)),
      );
    }
  }
}

/** A setting that a template asks for before it uses it is there for whoever sets it, unless it looks misspelt. */
function isOptional({ rule, message, hint }: LintFinding, text: string): boolean {
  const path = rule === 'unknown-path' ? /^([\w.-]+) names nothing/.exec(message)?.[1] : undefined;
  const key = /there is no "([^"]+)"/.exec(message)?.[1] ?? '';
  if (path === undefined || isSlip(key, /Did you mean "([^"]+)"/.exec(hint)?.[1], text)) return false;
  const literal = path.replaceAll(/[.-]/g, '\\$&');
  return new RegExp(`\\{\\{~?\\s*#(?:if|unless|with|each)\\s[^}]*(?<![\\w.-])${literal}(?![\\w-])`).test(text);
}

/** Whether a key is another one, misspelt: hardly a letter differs, and the template has no other place for that one. */
function isSlip(key: string, meant: string | undefined, text: string): boolean {
  if (meant === undefined || nearestName(key, [meant], key.length < 8 ? 1 : 2) === undefined) return false;
  return !new RegExp(`(?<![\\w-])${meant.replaceAll(/[^\w]/g, '\\$&')}(?![\\w-])`).test(text);
}

/** `install` and `uninstall` run where there is no service: their templates see less. */
export const useOf = (folder: TemplateFolder, name: string): 'service' | 'install' =>
  folder === 'config_install' || (folder === 'hooks' && /^(?:un)?install$/.test(name)) ? 'install' : 'service';

/** Defaults that do not parse are a finding of their own; templates are then looked at without them. */
function tryDefaults(text: string | undefined): ReturnType<typeof parseToml> | undefined {
  try {
    return parseToml(text ?? '');
  } catch (error) {
    if (isTemplatingError(error, 'TEMPLATE_CONFIG_INVALID') || isTemplatingError(error, 'TEMPLATE_LIMIT_EXCEEDED')) {
      return undefined;
    }
    throw error;
  }
}

const HOOKS: ReadonlySet<string> = new Set(REFERENCE.filter(({ kind }) => kind === 'hook').map(({ name }) => name));

function* hookRules({ templates, texts, unexecutable }: PlanSources): Generator<PlanFinding> {
  // PowerShell runs the hooks of Windows, whatever their first lines and modes.
  const isWindows = texts.length > 0 && texts.every(({ path }) => path.endsWith('.ps1'));
  for (const { name, text } of templates.get('hooks') ?? []) {
    const file = `hooks/${name}`;
    yield* inFile(file, lintHook(name, text));
    const add = (rule: HookRule, offset: number, message: string, hint: string): PlanFinding => ({
      file,
      rule,
      severity: 'error',
      message,
      hint,
      ...locate(text, offset),
    });
    if (!HOOKS.has(name)) {
      const near = HOOKS.has(name.replaceAll('_', '-')) ? name.replaceAll('_', '-') : nearestName(name, HOOKS);
      yield add(
        'hook-name',
        0,
        `${name} is no hook that a Supervisor runs`,
        near === undefined ? 'Move it elsewhere.' : `Did you mean ${near}?`,
      );
    }
    if (isWindows) continue;
    if (!text.startsWith('#!'))
      yield add('hook-shebang', 0, 'The hook does not say what runs it', 'Begin with #!/bin/sh, or another program.');
    const cr = text.indexOf('\r');
    if (cr >= 0)
      yield {
        ...add('hook-line-ends', cr, 'Lines end with a carriage return', 'Save the file with Unix line ends.'),
        fix: { start: 0, end: text.length, text: text.replaceAll('\r\n', '\n') },
      };
  }
  if (!isWindows) yield* runBits(templates.get('hooks') ?? [], unexecutable);
}

/** One finding for all hooks: they lack it together, as a rule. */
function* runBits(hooks: readonly TemplateSource[], unexecutable: readonly string[]): Generator<PlanFinding> {
  const names = unexecutable.filter((name) => HOOKS.has(name));
  const first = names.includes('run') ? 'run' : names[0];
  const text = hooks.find(({ name }) => name === first)?.text;
  if (first === undefined || text === undefined) return;
  yield {
    file: `hooks/${first}`,
    rule: 'hook-run-bit',
    severity: 'warning',
    message: `${names.join(', ')}: nobody may execute ${names.length === 1 ? 'this hook' : 'these hooks'} to try ${names.length === 1 ? 'it' : 'them'}`,
    hint: `Run chmod +x ${names.map((name) => `hooks/${name}`).join(' ')}, or hab plan lint --fix. A Supervisor makes its copies executable itself.`,
    ...locate(text, 0),
    execute: names,
  };
}

/** What cannot be looked at. */
function* unreadableRules({ unreadable }: PlanSources): Generator<PlanFinding> {
  for (const { file, message } of unreadable) {
    yield {
      file,
      rule: 'plan-part-unreadable',
      severity: 'error',
      message,
      hint: 'A build cannot read it either. The rest of the plan was looked at.',
      ...locate('', 0),
    };
  }
}

function* planTextRules({ texts, defaults }: PlanSources): Generator<PlanFinding> {
  for (const source of texts) yield* rulesOfText(source, defaults);
}

function* rulesOfText({ path, text, reading }: PlanText, defaults: string | undefined): Generator<PlanFinding> {
  const table = defaults === undefined ? undefined : tryDefaults(defaults);
  const findings = lintPlanText({
    reading,
    text,
    path,
    hasDefault: table === undefined ? undefined : (dotted) => valueAt(table, dotted.split('.')) !== undefined,
    judgeLicences: (licences) => licenceWarnings(licences, SPDX_IDENTIFIERS),
  });
  for (const { span, fix, ...finding } of findings) {
    const place = { file: basename(path), ...finding, ...locate(text, span.start) };
    yield fix === undefined ? place : { ...place, fix: { start: fix.span.start, end: fix.span.end, text: fix.text } };
  }
}
