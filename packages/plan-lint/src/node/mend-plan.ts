import { constants } from 'node:fs';
import { type FileHandle, open, readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

import { writeFileAtomic } from '@hab/core/node';

import { applyFixes } from '../apply-fixes.ts';
import type { PlanFinding, PlanFix } from '../finding.ts';
import type { PlanSources, TemplateFolder } from '../plan-sources.ts';
import { readPlanBytes } from './read-plan-file.ts';

/** A file that was not mended. */
export interface LeftAlone {
  /** Path below the plan's folder. */
  readonly file: string;
  /** Why, as the rest of a sentence. */
  readonly reason: string;
}

/**
 * Mends what can be mended safely, file by file, keeping owners, modes and all other bytes of files. Each is replaced in one
 * step, and only while it is what was looked at.
 *
 * @param plan - As it was read from this machine.
 * @param findings - Of this plan; those that cannot be mended are passed over.
 * @returns files that are left alone: they are not any more what was looked at, or cannot be written as they were.
 */
export async function mendPlan(plan: PlanSources, findings: readonly PlanFinding[]): Promise<readonly LeftAlone[]> {
  const left: LeftAlone[] = [];
  const attempt = async (file: string, mend: () => Promise<string | undefined>): Promise<void> => {
    const reason = await mend().catch((error: unknown) => {
      if (error instanceof Error && 'code' in error) return `cannot be mended: ${error.message}`;
      throw error;
    });
    if (reason !== undefined) left.push({ file, reason });
  };
  const fixes = findings.flatMap(({ file, fix }) => (fix === undefined ? [] : [{ file, fix }]));
  for (const file of new Set(fixes.map((one) => one.file))) {
    const own = fixes.filter((one) => one.file === file).map(({ fix }) => fix);
    await attempt(file, () => mendText(plan, file, own));
  }
  for (const name of findings.flatMap(({ execute = [] }) => execute)) {
    await attempt(`hooks/${name}`, () => mendMode(plan, name));
  }
  return left;
}

/** Findings may come from elsewhere: they reach no file that is none of the plan. */
const STRANGE = 'is no file of this plan';

async function mendText(plan: PlanSources, file: string, fixes: readonly PlanFix[]): Promise<string | undefined> {
  const before = sourceOf(plan, file);
  if (before === undefined) return STRANGE;
  const path = await realpath(join(plan.directory, await fileOf(plan.directory, file)));
  const bytes = readPlanBytes(path);
  // Places in a text mean nothing in another one.
  if (bytes.toString() !== before) return 'has changed meanwhile';
  if (!Buffer.from(before).equals(bytes)) return 'is no UTF-8 text: its other bytes would not stay';
  const { mode, uid, gid } = await stat(path);
  await writeFileAtomic(path, applyFixes(before, fixes), { mode: mode & 0o7777, uid, gid });
  return undefined;
}

async function mendMode(plan: PlanSources, name: string): Promise<string | undefined> {
  if (!plan.unexecutable.includes(name)) return STRANGE;
  return await makeExecutable(join(plan.directory, await fileOf(plan.directory, `hooks/${name}`)));
}

/** Whoever may read it may execute it. A link leads to something that need not be of this plan. */
async function makeExecutable(path: string): Promise<string | undefined> {
  let hook: FileHandle;
  try {
    hook = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return 'is a link'; // what the file system throws
    throw error;
  }
  try {
    const facts = await hook.stat();
    if (!facts.isFile()) return 'is no file';
    await hook.chmod((facts.mode & 0o7777) | ((facts.mode & 0o444) >> 2));
    return undefined;
  } finally {
    await hook.close();
  }
}

/** The text that was looked at. */
function sourceOf({ texts, defaults, templates }: PlanSources, file: string): string | undefined {
  const plan = texts.find((one) => one.file === file);
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
