import { chmod, readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { writeFileAtomic } from '@hab/core/node';

import type { PlanFinding, PlanFix } from './plan-rules.ts';
import type { PlanSources, TemplateFolder } from './plan-sources.ts';

/**
 * Mends what can be mended safely, file by file, keeping the modes of files.
 *
 * @returns files that are not any more what was looked at; they are left alone.
 */
export async function mendPlan(plan: PlanSources, findings: readonly PlanFinding[]): Promise<readonly string[]> {
  const changed: string[] = [];
  const fixes = findings.flatMap(({ file, fix }) => (fix === undefined ? [] : [{ file, fix }]));
  for (const file of new Set(fixes.map((one) => one.file))) {
    const path = await realpath(join(plan.directory, await fileOf(plan.directory, file)));
    const before = sourceOf(plan, file);
    // Places in a text mean nothing in another one.
    if (before === undefined || (await readFile(path, 'utf8')) !== before) {
      changed.push(file);
      continue;
    }
    const own = fixes.filter((one) => one.file === file).map(({ fix }) => fix);
    const text = mended(before, own);
    await writeFileAtomic(path, text, { mode: (await stat(path)).mode & 0o7777 });
  }
  for (const name of findings.flatMap(({ execute = [] }) => execute)) {
    const path = join(plan.directory, await fileOf(plan.directory, `hooks/${name}`));
    const { mode } = await stat(path);
    // Whoever may read it may execute it.
    await chmod(path, (mode & 0o7777) | ((mode & 0o444) >> 2));
  }
  return changed;
}

/** From the end, so that the places before stay where they are; of two that overlap, the later one waits for the next time. */
function mended(before: string, fixes: readonly PlanFix[]): string {
  let text = before;
  let reach = before.length + 1;
  for (const { start, end, text: put } of [...fixes].sort((a, b) => b.start - a.start)) {
    if (end > reach) continue;
    text = text.slice(0, start) + put + text.slice(end);
    reach = start;
  }
  return text;
}

/** The text that was looked at. */
function sourceOf({ texts, defaults, templates }: PlanSources, file: string): string | undefined {
  const plan = texts.find(({ path }) => basename(path) === file);
  if (plan !== undefined) return plan.text;
  if (file === 'default.toml') return defaults;
  const [folder = '', ...rest] = file.split('/');
  // Whatever is no folder of templates is not in the map.
  return templates.get(folder as TemplateFolder)?.find(({ name }) => name === rest.join('/'))?.text;
}

/** A hook's file may have an extension that its name lacks. */
async function fileOf(directory: string, file: string): Promise<string> {
  if (!file.startsWith('hooks/')) return file;
  const names = await readdir(join(directory, 'hooks'));
  const name = file.slice('hooks/'.length);
  return `hooks/${names.find((one) => one === name) ?? names.find((one) => one.startsWith(`${name}.`)) ?? name}`;
}
