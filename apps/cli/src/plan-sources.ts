import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { readRegularFile } from '@hab/core/node';
import { readTemplates, type TemplateSource } from '@hab/templating/node';

import { failed } from './errors.ts';
import { unexecutableHooks } from './hook-modes.ts';
import { MAX_PLAN_BYTES, NO_PLAN, type PlanMetadata, type PlanText, readPlanMetadata } from './plan-metadata.ts';

/** Folders of templates in a plan and in a package. */
export const TEMPLATE_FOLDERS = ['config', 'config_install', 'hooks'] as const;
export type TemplateFolder = (typeof TEMPLATE_FOLDERS)[number];

/** A part of a plan that cannot be read. */
export interface UnreadablePart {
  readonly file: string;
  /** Why. */
  readonly message: string;
}

const PLANS = ['plan.sh', 'plan.ps1'] as const;

/** Everything of a plan that tools look at without running it. */
export interface PlanSources {
  /** Folder of `plan.sh`. */
  readonly directory: string;
  /** Of `plan.sh`, or of `plan.ps1` where there is no other. */
  readonly metadata: PlanMetadata;
  /** Every plan of the folder: it may have one for each shell. */
  readonly texts: readonly PlanText[];
  /** Text of `default.toml`; undefined when there is none. */
  readonly defaults: string | undefined;
  /** Names are paths below their folders; hooks without the extension of their files. */
  readonly templates: ReadonlyMap<TemplateFolder, readonly TemplateSource[]>;
  /** Hooks that nobody may execute as they lie there, by name; none where that is the custom of the plans around. */
  readonly unexecutable: readonly string[];
  readonly unreadable: readonly UnreadablePart[];
}

export interface ReadPlanSourcesOptions {
  /** Reads on after a part that cannot be read, and tells it in `unreadable`. @defaultValue false */
  readonly lenient?: boolean | undefined;
}

/**
 * Reads a plan: `plan.sh` or `plan.ps1` in a folder, or in `habitat/` of it. Folders without one are taken when they have
 * defaults.
 */
export async function readPlanSources(
  path: string,
  { lenient = false }: ReadPlanSourcesOptions = {},
): Promise<PlanSources> {
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
  for (const name of PLANS) {
    const plan = join(directory, name);
    if (await isFile(plan)) plans.push(await attempt(name, () => readPlanMetadata(plan), NO_PLAN));
  }
  const templates = new Map<TemplateFolder, readonly TemplateSource[]>();
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

async function planDirectory(path: string): Promise<string> {
  const start = PLANS.some((name) => name === basename(path)) ? dirname(path) : path;
  for (const directory of [start, join(start, 'habitat')]) {
    for (const name of [...PLANS, 'default.toml']) if (await isFile(join(directory, name))) return directory;
  }
  throw failed(
    `There is no plan in ${path}`,
    'Give the folder of plan.sh or plan.ps1, or the one above its habitat folder.',
  );
}

/** The templates of a plan, or of an installed package. */
export async function readTemplateFolders(
  directory: string,
): Promise<ReadonlyMap<TemplateFolder, readonly TemplateSource[]>> {
  const folders = new Map<TemplateFolder, readonly TemplateSource[]>();
  for (const folder of TEMPLATE_FOLDERS) folders.set(folder, await readTemplateFolder(directory, folder));
  return folders;
}

async function readTemplateFolder(directory: string, folder: TemplateFolder): Promise<readonly TemplateSource[]> {
  // A file of that name is something else: a build passes it over.
  if (await isFile(join(directory, folder))) return [];
  const found = await readTemplates(join(directory, folder), { recursive: folder !== 'hooks' });
  return folder === 'hooks' ? found.map(({ name, text }) => ({ name: hookName(name), text })) : found;
}

/** A build takes the last extension off. */
function hookName(file: string): string {
  const dot = file.lastIndexOf('.');
  return dot > 0 ? file.slice(0, dot) : file;
}

export async function isFile(path: string): Promise<boolean> {
  return await stat(path).then(
    (entry) => entry.isFile(),
    () => false,
  );
}

function readOptional(path: string): string | undefined {
  try {
    return Buffer.from(readRegularFile(path, { maxBytes: MAX_PLAN_BYTES })).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
