import type { TemplateDialect } from '@hab/templating';
import { lintDefaults, lintTemplate } from '@hab/templating/offline';

import { AskedSettings } from './asked-settings.ts';
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
      const asked = new AskedSettings(text);
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
        findings.filter((finding) => !asked.excuses(finding)),
      );
    }
  }
}
