import { join, resolve } from 'node:path';

import type { PlanProblem, PlanReading, SettingValue } from '@hab/plan-parser';
import { readPlanFile, readPlanNeighbour } from '@hab/plan-parser/node';
import { locate } from '@hab/templating/offline';
import type { Command } from 'commander';

import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { isFile } from '../is-file.ts';
import { visible } from '../visible.ts';

export function registerRead(plan: Command, context: CommandContext): void {
  plan
    .command('read')
    .description('Tell what plans say of themselves; nothing of them is run')
    .argument('<path...>', 'plan.sh, plan.ps1, or the folder of one')
    .option('--json', 'Print one line of JSON for each plan')
    .action(async (paths: readonly string[]) => {
      const { ui, cwd } = context;
      let unread = 0;
      for (const path of paths) {
        try {
          const file = await planIn(path, cwd);
          const reading = await readPlanFile(resolve(cwd, file));
          if (ui.json) ui.document(toDocument(file, reading));
          else ui.data(toPage(file, reading));
          for (const problem of reading.problems) ui.warn(visible(formatProblem(problem, resolve(cwd, file))));
        } catch (error) {
          unread += 1;
          ui.warn(`${path}: ${error instanceof Error ? error.message : String(error)}`);
        }
      }
      if (unread > 0) throw failed(`${unread} of ${paths.length} plans could not be read`);
    });
}

/** With its code, and the place as line and column: that of the text it is in, be it one that the plan reads. */
function formatProblem({ code, message, span }: PlanProblem, plan: string): string {
  const text = readPlanNeighbour(resolve(plan, '..', span.file)) ?? '';
  const { line, column } = locate(text, Math.min(span.start, text.length));
  return `${span.file}:${line}:${column}: ${message} (${code})`;
}

/** The path itself, or the plan of a folder. */
async function planIn(path: string, cwd: string): Promise<string> {
  if (await isFile(resolve(cwd, path))) return path;
  for (const name of ['plan.sh', 'habitat/plan.sh', 'plan.ps1', 'habitat/plan.ps1']) {
    if (await isFile(resolve(cwd, path, name))) return join(path, name);
  }
  throw failed('There is no plan');
}

/** The form that other programs read; names are in the order of the alphabet. */
function toDocument(path: string, { settings, callbacks }: PlanReading): unknown {
  const sorted = [...settings.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return {
    path,
    settings: Object.fromEntries(sorted.map(({ name, value }) => [name, value === undefined ? null : toJson(value)])),
    unknown: Object.fromEntries(sorted.flatMap(({ name, reason }) => (reason === undefined ? [] : [[name, reason]]))),
    callbacks,
  };
}

const isMap = (value: SettingValue): value is ReadonlyMap<string, string> => value instanceof Map;
const toJson = (value: SettingValue): unknown => (isMap(value) ? Object.fromEntries(value) : value);

function toPage(path: string, { settings, callbacks }: PlanReading): string {
  const width = Math.max(0, ...[...settings.keys()].map((name) => name.length));
  const inOrder = [...settings.values()].sort((a, b) =>
    a.span.file === b.span.file ? a.span.start - b.span.start : 0,
  );
  const lines = inOrder.flatMap(({ name, value, reason }) =>
    linesOf(value, reason).map((line, i) => `  ${(i === 0 ? name : '').padEnd(width)}  ${line}`),
  );
  return [path, ...lines.map(visible), `  ${'callbacks'.padEnd(width)}  ${callbacks.join(' ') || 'none'}`, '', ''].join(
    '\n',
  );
}

function linesOf(value: SettingValue | undefined, reason: string | undefined): readonly string[] {
  if (value === undefined) return [`? (depends on ${reason ?? 'more than the text'})`];
  if (isMap(value)) return [...value].map(([key, text]) => `${key} = ${text}`);
  return typeof value === 'string' ? value.split('\n') : value;
}
