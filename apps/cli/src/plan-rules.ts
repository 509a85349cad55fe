import { isTemplatingError, parseToml, type TemplateDialect } from '@hab/templating';
import { type LintFinding, lintDefaults, lintHook, lintTemplate } from '@hab/templating/offline';

import { type PlanSources, TEMPLATE_FOLDERS, type TemplateFolder } from './plan-sources.ts';

/** A finding and the file of the plan that it is in. */
export interface PlanFinding extends LintFinding {
  /** Path below the plan's folder. */
  readonly file: string;
}

export interface PlanRuleOptions {
  readonly dialect?: TemplateDialect | undefined;
}

/** One set of rules: looks at a plan and tells what it found. */
type PlanRules = (plan: PlanSources, options: PlanRuleOptions) => Iterable<PlanFinding>;

/** All that `hab plan lint` looks for, set by set. */
const RULES: readonly PlanRules[] = [defaultsRules, templateRules, hookRules];

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
      yield* inFile(`${folder}/${name}`, findings);
    }
  }
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

function* hookRules({ templates }: PlanSources): Generator<PlanFinding> {
  for (const { name, text } of templates.get('hooks') ?? []) yield* inFile(`hooks/${name}`, lintHook(name, text));
}
