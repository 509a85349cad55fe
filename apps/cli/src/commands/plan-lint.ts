import { resolve } from 'node:path';

import type { Command } from 'commander';

import { choice } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { mendPlan } from '../mend-plan.ts';
import { lintPlan, type PlanFinding } from '../plan-rules.ts';
import { type PlanSources, readPlanSources } from '../plan-sources.ts';
import { visible } from '../visible.ts';

interface LintOptions {
  readonly dialect?: 'documented' | '2.1' | 'legacy';
  readonly fix?: boolean;
}

/** Leaves with this status when it found something. See spec/templating 15. */
const FOUND_EXIT = 2;

export function registerLint(plan: Command, context: CommandContext): void {
  plan
    .command('lint')
    .description('Look for what a plan does not mean to say; nothing of it is run')
    .argument('[path]', 'Folder of the plan, or the one above its habitat folder', '.')
    .option('--dialect <name>', 'documented, 2.1 or legacy', choice(['documented', '2.1', 'legacy']))
    .option('--fix', 'Mend what can be mended safely, and tell the rest')
    .option('--json', 'Print JSON')
    .action(async (path: string, options: LintOptions) => {
      const { ui, cwd } = context;
      const look = async (): Promise<{ plan: PlanSources; findings: readonly PlanFinding[] }> => {
        const plan = await readPlanSources(resolve(cwd, path), { lenient: true });
        return { plan, findings: lintPlan(plan, { dialect: options.dialect }) };
      };
      const { plan, findings: first } = await look();
      let findings = first;
      if (options.fix === true && findings.some(({ fix, execute }) => fix !== undefined || execute !== undefined)) {
        for (const { file, reason } of await mendPlan(plan, findings))
          ui.warn(visible(`${file} is left alone: it ${reason}`));
        findings = (await look()).findings;
      }
      if (ui.json) ui.document(findings.map(({ execute: _, ...finding }) => finding));
      else ui.data(visible(findings.map(formatFinding).join('\n')));
      ui.end(findings.length === 0 ? 'Nothing found' : `${findings.length} found`);
      if (findings.length > 0) context.exit(FOUND_EXIT);
    });
}

function formatFinding({ file, line, column, severity, rule, message, hint, excerpt }: PlanFinding): string {
  return `${file}:${line}:${column}: ${severity}: ${message} [${rule}]\n${excerpt}\n${hint}\n`;
}
