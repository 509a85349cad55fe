import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { writeFileAtomic } from '@hab/core/node';
import type { Command } from 'commander';

import { choice } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { lintPlan, type PlanFinding } from '../plan-rules.ts';
import { readPlanSources } from '../plan-sources.ts';
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
      const look = async (): Promise<{ directory: string; findings: readonly PlanFinding[] }> => {
        const plan = await readPlanSources(resolve(cwd, path));
        return { directory: plan.directory, findings: lintPlan(plan, { dialect: options.dialect }) };
      };
      const { directory, findings: first } = await look();
      let findings = first;
      if (options.fix === true && (await applyFixes(directory, findings))) findings = (await look()).findings;
      if (ui.json) ui.document(findings);
      else ui.data(visible(findings.map(formatFinding).join('\n')));
      ui.end(findings.length === 0 ? 'Nothing found' : `${findings.length} found`);
      if (findings.length > 0) context.exit(FOUND_EXIT);
    });
}

/** @returns whether there was anything to mend. */
async function applyFixes(directory: string, findings: readonly PlanFinding[]): Promise<boolean> {
  const mendable = findings.flatMap(({ file, fix }) => (fix === undefined ? [] : [{ file, ...fix }]));
  for (const file of new Set(mendable.map((fix) => fix.file))) {
    const path = join(directory, await fileOf(directory, file));
    let text = await readFile(path, 'utf8');
    // From the end, so that the places before stay where they are.
    const fixes = mendable.filter((fix) => fix.file === file).sort((a, b) => b.start - a.start);
    for (const fix of fixes) text = text.slice(0, fix.start) + fix.text + text.slice(fix.end);
    await writeFileAtomic(path, text, { mode: (await stat(path)).mode & 0o777 });
  }
  return mendable.length > 0;
}

/** A hook's file may have an extension that its name lacks. */
async function fileOf(directory: string, file: string): Promise<string> {
  if (!file.startsWith('hooks/')) return file;
  const names = await readdir(join(directory, 'hooks'));
  const name = file.slice('hooks/'.length);
  return `hooks/${names.find((one) => one === name) ?? names.find((one) => one.startsWith(`${name}.`)) ?? name}`;
}

function formatFinding({ file, line, column, severity, rule, message, hint, excerpt }: PlanFinding): string {
  return `${file}:${line}:${column}: ${severity}: ${message} [${rule}]\n${excerpt}\n${hint}\n`;
}
