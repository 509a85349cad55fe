import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { failed, usage } from './errors.ts';

/** What the machine has to stand in for one package. */
export interface HostPackage {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Without these there is no package, such as `program gawk`. */
  readonly lacks: readonly string[];
  /** The package does without these. */
  readonly without: readonly string[];
}

/** Beside the built program, or at the top of a checkout. */
const PLACES = ['./plans/host', '../../../plans/host'];

/** Folder of the plans that wrap this machine's tools. */
export function hostPlans(): string {
  const found = PLACES.map((place) => fileURLToPath(new URL(place, import.meta.url))).find((path) =>
    existsSync(join(path, 'host.sh')),
  );
  if (found === undefined)
    throw failed('The plans that wrap this machine are not beside this program', 'Install it again.');
  return found;
}

export interface SurveyOptions {
  /** Folder that is looked into before `/`. */
  readonly hostRoot: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

/** Looks for what the plans with these names need; all plans when there are none. */
export async function surveyHost(
  names: readonly string[],
  { hostRoot, env, signal }: SurveyOptions,
): Promise<readonly HostPackage[]> {
  const folder = hostPlans();
  const entries = await readdir(folder, { withFileTypes: true });
  const known = entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw usage(`No plan wraps ${JSON.stringify(unknown)}. There are: ${known.join(' ')}`, unknown);
  const words = ['--noprofile', '--norc', join(folder, 'survey.sh'), folder, ...(names.length === 0 ? known : names)];
  const { stdout } = await promisify(execFile)('bash', words, { env: { ...env, HOST_ROOT: hostRoot }, signal });
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [parseLine(line)]));
}

function parseLine(line: string): HostPackage {
  const [name = '', version = '', description = '', ...found] = line.split('\t');
  const after = (word: string): string[] =>
    found.flatMap((text) => (text.startsWith(`${word} `) ? [text.slice(word.length + 1)] : []));
  return { name, version, description, lacks: after('needed'), without: after('without') };
}
