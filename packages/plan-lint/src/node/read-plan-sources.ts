import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { hookName } from '@hab/plan-build';
import { readTemplates } from '@hab/templating/node';

import { PlanLintError } from '../errors.ts';
import { NO_PLAN, type PlanMetadata, planMetadata } from '../plan-metadata.ts';
import {
  PLAN_NAMES,
  type PlanSources,
  type PlanTemplate,
  TEMPLATE_FOLDERS,
  type TemplateFolder,
  type UnreadablePart,
} from '../plan-sources.ts';
import { unexecutableHooks } from './hook-modes.ts';
import { readPlanBytes, readPlanText } from './read-plan-file.ts';

export interface ReadPlanSourcesOptions {
  /** Reads on after a part that cannot be read, and tells it in `unreadable`. @defaultValue false */
  readonly lenient?: boolean | undefined;
}

/**
 * Reads a plan: `plan.sh` or `plan.ps1` in a folder, or in `habitat/` of it. Folders without one are taken when they have
 * defaults. Links, pipes and devices are no templates.
 *
 * @param path - The folder, or the plan itself.
 * @throws {@link PlanLintError} `PLAN_LINT_NO_PLAN`; unless `lenient`, the error of the part that cannot be read.
 */
export async function readPlanSources(path: string, options: ReadPlanSourcesOptions = {}): Promise<PlanSources> {
  const { lenient = false } = options;
  const directory = await planDirectory(path);
  const unreadable: UnreadablePart[] = [];
  const attempt = async <T>(file: string, read: () => Promise<T>, otherwise: T): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      if (!lenient || !(error instanceof Error)) throw error;
      unreadable.push({ file, message: error.message });
      return otherwise;
    }
  };
  const plans: PlanMetadata[] = [];
  for (const name of PLAN_NAMES) {
    const plan = join(directory, name);
    if (await isFile(plan)) plans.push(await attempt(name, () => readPlanMetadata(plan), NO_PLAN));
  }
  const templates = new Map<TemplateFolder, readonly PlanTemplate[]>();
  for (const folder of TEMPLATE_FOLDERS)
    templates.set(folder, await attempt(folder, () => readTemplateFolder(directory, folder), []));
  return {
    directory,
    metadata: plans[0] ?? NO_PLAN,
    texts: plans.flatMap(({ source }) => source ?? []),
    defaults: await attempt('default.toml', async () => readOptional(join(directory, 'default.toml')), undefined),
    templates,
    unexecutable: (await unexecutableHooks(directory)).map(hookName),
    unreadable,
  };
}

/**
 * What a plan says of itself.
 *
 * @param path - Of `plan.sh` or `plan.ps1`.
 * @throws The system error when the plan itself cannot be read.
 */
export async function readPlanMetadata(path: string): Promise<PlanMetadata> {
  return planMetadata(await readPlanText(path));
}

/**
 * The templates of a plan, or of an installed package.
 *
 * @throws The errors of `readTemplates` of `@hab/templating/node`.
 */
export async function readTemplateFolders(
  directory: string,
): Promise<ReadonlyMap<TemplateFolder, readonly PlanTemplate[]>> {
  const folders = new Map<TemplateFolder, readonly PlanTemplate[]>();
  for (const folder of TEMPLATE_FOLDERS) folders.set(folder, await readTemplateFolder(directory, folder));
  return folders;
}

async function planDirectory(path: string): Promise<string> {
  const start = PLAN_NAMES.some((name) => name === basename(path)) ? dirname(path) : path;
  for (const directory of [start, join(start, 'habitat')]) {
    for (const name of [...PLAN_NAMES, 'default.toml']) if (await isFile(join(directory, name))) return directory;
  }
  throw new PlanLintError('PLAN_LINT_NO_PLAN', `There is no plan in ${path}`, {
    details: { path },
    hint: 'Give the folder of plan.sh or plan.ps1, or the one above its habitat folder.',
  });
}

async function readTemplateFolder(directory: string, folder: TemplateFolder): Promise<readonly PlanTemplate[]> {
  // A file of that name is something else: a build passes it over.
  if (await isFile(join(directory, folder))) return [];
  const found = await readTemplates(join(directory, folder), { recursive: folder !== 'hooks' });
  return folder === 'hooks' ? found.map(({ name, text }) => ({ name: hookName(name), text })) : found;
}

async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

function readOptional(path: string): string | undefined {
  try {
    return readPlanBytes(path).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // what the file system throws
    throw error;
  }
}
