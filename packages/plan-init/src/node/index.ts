/** Puts new plans on this machine. @packageDocumentation */

import { appendFile, lstat, mkdir, open, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { readRegularFile } from '@hab/core/node';

import { PlanInitError } from '../errors.ts';
import { ignoreResults } from '../ignore-text.ts';
import type { NewFile } from '../plan-facts.ts';
import { PLAN_FOLDERS } from '../plan-files.ts';
import { TELLING_FILES } from '../scaffolding.ts';

/** What became of a file or folder. */
export interface Written {
  /** Path below the plan's folder; folders end with `/`. */
  readonly path: string;
  /** `kept`: something was there, and was left as it is. */
  readonly outcome: 'created' | 'kept';
  readonly about: string;
}

export interface WritePlanOptions {
  /** Tells what would be done. */
  readonly dryRun?: boolean | undefined;
}

/**
 * Writes a new plan's files and makes its folders. Whatever is there already is somebody's work and is left alone.
 *
 * @throws {@link PlanInitError} `PLAN_INIT_NOT_A_FOLDER`, or the system error that stopped it.
 */
export async function writePlan(
  folder: string,
  files: readonly NewFile[],
  options: WritePlanOptions = {},
): Promise<readonly Written[]> {
  const { dryRun = false } = options;
  if (!dryRun) await makeRoot(folder);
  const written: Written[] = [];
  for (const { path, text, about } of files) {
    const made = await attempt(join(folder, path), dryRun, (full) => writeNew(full, text));
    written.push({ path, outcome: made ? 'created' : 'kept', about });
  }
  for (const { path, about } of PLAN_FOLDERS) {
    const made = await attempt(join(folder, path), dryRun, (full) => mkdir(full));
    written.push({ path: `${path}/`, outcome: made ? 'created' : 'kept', about });
  }
  return written;
}

/** A file that is there only in part, as when the disk is full, would be taken for somebody's work the next time. */
async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await file.close();
  }
}

async function makeRoot(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException; // what the file system throws
    if (code !== 'EEXIST' && code !== 'ENOTDIR') throw error;
    throw new PlanInitError('PLAN_INIT_NOT_A_FOLDER', `${folder} cannot be made a folder: something else is there`, {
      details: { text: folder },
      hint: 'Give the package another name, or move that away.',
      cause: error,
    });
  }
}

/** @returns whether there was nothing before. */
async function attempt(path: string, dryRun: boolean, make: (path: string) => Promise<unknown>): Promise<boolean> {
  if (dryRun) return !(await exists(path));
  try {
    await make(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // what the file system throws
    return false;
  }
}

/** What became of `.gitignore`. */
export interface Ignored {
  readonly path: string;
  readonly outcome: 'created' | 'appended' | 'kept';
}

/**
 * Has Git leave out what builds write, where the plan is in a repository.
 *
 * @param folder - The plan's; the file is the one beside it.
 * @returns undefined outside of a repository.
 */
export async function ignoreBuildResults(folder: string, options: WritePlanOptions = {}): Promise<Ignored | undefined> {
  const parent = dirname(folder);
  if (!(await isInRepository(parent))) return undefined;
  const path = join(parent, '.gitignore');
  const before = readOptional(path);
  const after = ignoreResults(before ?? '');
  if (after === undefined) return { path, outcome: 'kept' };
  // Added at the end rather than written anew: what others write meanwhile stays.
  if (options.dryRun !== true) await appendFile(path, after.slice((before ?? '').length));
  return { path, outcome: before === undefined ? 'created' : 'appended' };
}

async function isInRepository(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    // A folder; a file in worktrees and submodules.
    if (await exists(join(path, '.git'))) return true;
    if (path === dirname(path)) return false;
  }
}

/** Names in a folder, and those deeper in it by which `detectApplication` tells what it is. */
export async function projectFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  for (const file of TELLING_FILES) if (file.includes('/') && (await exists(join(folder, file)))) names.push(file);
  return names;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  );

/** Longest `.gitignore` that is read, in bytes. */
const MAX_IGNORE_BYTES = 1_048_576;

function readOptional(path: string): string | undefined {
  try {
    return Buffer.from(readRegularFile(path, { maxBytes: MAX_IGNORE_BYTES })).toString();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined; // what the file system throws
    throw error;
  }
}
