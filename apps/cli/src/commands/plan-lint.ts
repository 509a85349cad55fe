import { join, relative, resolve } from 'node:path';

import { isPlanLintError, lintPlan, type PlanFinding, type PlanLintError, type PlanSources } from '@hab/plan-lint';
import { mendPlan, readPlanSources } from '@hab/plan-lint/node';
import type { Command } from 'commander';

import { choice } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
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
    .description('Look for what plans do not mean to say; nothing of them is run')
    .argument('[path...]', 'Folders of plans, or those above their habitat folders (default: ".")')
    .option('--dialect <name>', 'documented, 2.1 or legacy', choice(['documented', '2.1', 'legacy']))
    .option('--fix', 'Mend what can be mended safely, and tell the rest')
    .option('--json', 'Print JSON')
    .action(async (paths: readonly string[], options: LintOptions) => {
      const [path = '.', ...others] = paths;
      if (others.length === 0) tell(await lintOne(path, options, context, (_, file) => file), context);
      else await lintSeveral(paths, options, context);
    });
}

type Findings = readonly PlanFinding[];
/** What a finding's file is called, given its plan. */
type Name = (plan: PlanSources, file: string) => string;

/** Each plan once, whichever of its files were given; a path without one is told when all others were looked at. */
async function lintSeveral(paths: readonly string[], options: LintOptions, context: CommandContext): Promise<void> {
  const findings: PlanFinding[] = [];
  const missing: PlanLintError<'PLAN_LINT_NO_PLAN'>[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    const name: Name = ({ directory }, file) => join(path, relative(resolve(context.cwd, path), directory), file);
    try {
      findings.push(...(await lintOne(path, options, context, name, seen)));
    } catch (error) {
      if (!isPlanLintError(error, 'PLAN_LINT_NO_PLAN')) throw error;
      missing.push(error);
    }
  }
  if (context.ui.json || missing.length < paths.length) tell(findings, context);
  if (missing.length > 0) throw failed(missing.map(({ message }) => message).join('\n'), missing[0]?.hint, missing[0]);
}

/** @param seen - Folders of plans that were looked at before; this one is added. */
async function lintOne(
  path: string,
  { dialect, fix = false }: LintOptions,
  { cwd, ui }: CommandContext,
  name: Name,
  seen: Set<string> = new Set(),
): Promise<Findings> {
  const read = (): Promise<PlanSources> => readPlanSources(resolve(cwd, path), { lenient: true });
  let plan = await read();
  if (seen.has(plan.directory)) return [];
  seen.add(plan.directory);
  let findings = lintPlan(plan, { dialect });
  if (fix && findings.some((finding) => finding.fix !== undefined || finding.execute !== undefined)) {
    for (const { file, reason } of await mendPlan(plan, findings))
      ui.warn(visible(`${name(plan, file)} is left alone: it ${reason}`));
    plan = await read();
    findings = lintPlan(plan, { dialect });
  }
  return findings.map((finding) => ({ ...finding, file: name(plan, finding.file) }));
}

function tell(findings: Findings, { ui, exit }: CommandContext): void {
  if (ui.json) ui.document(findings.map(({ execute: _, ...finding }) => finding));
  else ui.data(visible(findings.map(formatFinding).join('\n')));
  ui.end(findings.length === 0 ? 'Nothing found' : `${findings.length} found`);
  if (findings.length > 0) exit(FOUND_EXIT);
}

function formatFinding({ file, line, column, severity, rule, message, hint, excerpt }: PlanFinding): string {
  return `${file}:${line}:${column}: ${severity}: ${message} [${rule}]\n${excerpt}\n${hint}\n`;
}
