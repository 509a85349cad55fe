import { hookName } from '@hab/plan-build';
import { readBashPlan } from '@hab/plan-parser';
import type { PowerShellReader } from '@hab/plan-parser/powershell';

import { PlanLintError } from './errors.ts';
import { NO_PLAN, type PlanText, planMetadata } from './plan-metadata.ts';
import {
  PLAN_NAMES,
  type PlanSources,
  type PlanTemplate,
  TEMPLATE_FOLDERS,
  type TemplateFolder,
} from './plan-sources.ts';

/** Most texts of a plan, and most UTF-16 units of all of them: what `readPlanSources` reads of templates. */
const MAX_FILES = 10_000;
const MAX_CHARACTERS = 64 * 1_048_576;

/** Target of the plans that PowerShell runs. */
export const POWERSHELL_TARGET = 'x86_64-windows';

export interface CreatePlanSourcesOptions {
  /** Where the plan's folder is said to be: `readFile` is asked for paths that begin there. @defaultValue `/src` */
  readonly directory?: string | undefined;
  /**
   * Text of a file that the plan reads (`source ../base/plan.sh`), by its path; undefined: not there. Without this function
   * every such file is unknown, and with it all that it might set.
   */
  readonly readFile?: ((path: string) => string | undefined) | undefined;
  /** Reads `plan.ps1`: what `createPowerShellReader` of `@hab/plan-parser/powershell` makes. */
  readonly readPowerShell?: PowerShellReader | undefined;
}

/**
 * A plan whose texts are in memory: in an editor, or in a depot. Files that are no part of a plan are passed over.
 *
 * @param files - Texts by their paths below the plan's folder, with `/`: `plan.sh`, `default.toml`, `config/web.conf`.
 * @throws {@link PlanLintError} `PLAN_LINT_PATH_INVALID`, `PLAN_LINT_LIMIT_EXCEEDED`, and `PLAN_LINT_READER_MISSING` for a
 *   `plan.ps1` without `readPowerShell`. Nothing that a text holds makes it throw.
 */
export function createPlanSources(
  files: Iterable<readonly [path: string, text: string]>,
  options: CreatePlanSourcesOptions = {},
): PlanSources {
  const { directory = '/src' } = options;
  const texts = collect(files);
  const plans = PLAN_NAMES.flatMap((file) => {
    const text = texts.get(file);
    return text === undefined ? [] : [readText(file, text, directory, options)];
  });
  const [first] = plans;
  return {
    directory,
    metadata: first === undefined ? NO_PLAN : planMetadata(first),
    texts: plans,
    defaults: texts.get('default.toml'),
    templates: new Map(TEMPLATE_FOLDERS.map((folder) => [folder, templatesOf(folder, texts)])),
    unexecutable: [],
    unreadable: [],
  };
}

function readText(
  file: (typeof PLAN_NAMES)[number],
  text: string,
  directory: string,
  { readFile, readPowerShell }: CreatePlanSourcesOptions,
): PlanText {
  const path = `${directory.replace(/\/$/, '')}/${file}`;
  if (file === 'plan.sh') return { file, path, text, reading: readBashPlan(text, { path, readFile }) };
  if (readPowerShell === undefined) {
    throw new PlanLintError('PLAN_LINT_READER_MISSING', `Nothing was given that reads ${file}`, {
      details: { path: file },
      hint: 'Give readPowerShell, a reader that createPowerShellReader of @hab/plan-parser/powershell makes.',
    });
  }
  return { file, path, text, reading: readPowerShell(text, { path, readFile, target: POWERSHELL_TARGET }) };
}

/** Each path once; what comes later replaces what came before. */
function collect(files: Iterable<readonly [string, string]>): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  let characters = 0;
  for (const [path, text] of files) {
    if (!isBelow(path)) {
      throw new PlanLintError('PLAN_LINT_PATH_INVALID', `${JSON.stringify(path)} is no path below a plan's folder`, {
        details: { path },
        hint: 'Give paths as plan.sh, default.toml or config/web.conf.',
      });
    }
    characters += text.length - (texts.get(path)?.length ?? 0);
    texts.set(path, text);
    if (texts.size > MAX_FILES) throw exceeded('files', MAX_FILES);
    if (characters > MAX_CHARACTERS) throw exceeded('characters', MAX_CHARACTERS);
  }
  return texts;
}

const isBelow = (path: string): boolean =>
  !path.includes('\0') && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..');

const exceeded = (limit: 'files' | 'characters', max: number): PlanLintError<'PLAN_LINT_LIMIT_EXCEEDED'> =>
  new PlanLintError('PLAN_LINT_LIMIT_EXCEEDED', `The plan has more than ${max} ${limit}`, { details: { limit, max } });

/** In the order of their names, as they are on disk. Hooks have no folders in theirs. */
function templatesOf(folder: TemplateFolder, texts: ReadonlyMap<string, string>): readonly PlanTemplate[] {
  const found = [...texts].flatMap(([path, text]) =>
    path.startsWith(`${folder}/`) ? [{ name: path.slice(folder.length + 1), text }] : [],
  );
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  if (folder !== 'hooks') return found;
  return found.filter(({ name }) => !name.includes('/')).map(({ name, text }) => ({ name: hookName(name), text }));
}
