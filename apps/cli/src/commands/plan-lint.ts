import { resolve } from 'node:path';

import type { Command } from 'commander';

import { choice } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { lintPlan, type PlanFinding } from '../plan-rules.ts';
import { readPlanSources } from '../plan-sources.ts';

interface LintOptions {
  readonly dialect?: 'documented' | '2.1' | 'legacy';
}

/** Leaves with this status when it found something. See spec/templating 15. */
const FOUND_EXIT = 2;

export function registerLint(plan: Command, context: CommandContext): void {
  plan
    .command('lint')
    .description('Look for what a plan does not mean to say; nothing of it is run')
    .argument('[path]', 'Folder of the plan, or the one above its habitat folder', '.')
    .option('--dialect <name>', 'documented, 2.1 or legacy', choice(['documented', '2.1', 'legacy']))
    .option('--json', 'Print JSON')
    .action(async (path: string, options: LintOptions) => {
      const { ui, cwd } = context;
      const findings = lintPlan(await readPlanSources(resolve(cwd, path)), { dialect: options.dialect });
      if (ui.json) ui.document(findings);
      else ui.data(findings.map(formatFinding).join('\n'));
      ui.end(findings.length === 0 ? 'Nothing found' : `${findings.length} found`);
      if (findings.length > 0) context.exit(FOUND_EXIT);
    });
}

function formatFinding({ file, line, column, severity, rule, message, hint, excerpt }: PlanFinding): string {
  return `${file}:${line}:${column}: ${severity}: ${message} [${rule}]\n${excerpt}\n${hint}\n`;
}
