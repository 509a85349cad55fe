import { nearestName } from '@hab/core';
import type { TemplateDialect } from '@hab/templating';
import { type LintFinding, lintDefaults, lintTemplate } from '@hab/templating/offline';

import { inFile, type PlanFinding } from './finding.ts';
import { tryDefaults } from './parse-defaults.ts';
import { type PlanSources, TEMPLATE_FOLDERS, templateUse } from './plan-sources.ts';

/** What the rules go by. */
export interface LintPlanOptions {
  /** The dialect that templates are read in. @defaultValue `documented` */
  readonly dialect?: TemplateDialect | undefined;
}

/** Rules of `default.toml`. */
export function* defaultsRules({ defaults }: PlanSources): Generator<PlanFinding> {
  if (defaults !== undefined) yield* inFile('default.toml', lintDefaults(defaults));
}

/** Rules of templates and hooks as templates, given what the plan says of itself. */
export function* templateRules(plan: PlanSources, { dialect }: LintPlanOptions): Generator<PlanFinding> {
  const { metadata } = plan;
  const defaults = tryDefaults(plan.defaults ?? '');
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
        defaults,
        use: templateUse(folder, name),
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
