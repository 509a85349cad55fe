import { constants } from 'node:fs';
import { chmod, copyFile, lchown, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { BuildError } from '../errors.ts';
import { textOf } from '../shell-variables.ts';
import type { BuildState } from './build-state.ts';
import { makeDirectory } from './tree-copy.ts';

/** Where results go: what the plan says, or what the caller chose. */
export function outputPath(state: BuildState): string {
  return resolve(state.cwd, textOf(state.variables, 'pkg_output_path') || state.outputPath);
}

/** Makes the output directory, for the owner of the plan. */
export async function outputDirectory(state: BuildState): Promise<string> {
  const directory = outputPath(state);
  try {
    await makeDirectory(directory);
  } catch (cause) {
    throw new BuildError('BUILD_OUTPUT_FAILED', `Cannot make the output directory ${directory}`, {
      details: { status: 1, path: directory },
      cause,
      hint: 'Set HAB_OUTPUT_PATH to a directory that you can write to.',
    });
  }
  await giveToOwner(state, directory);
  return directory;
}

/** Writes a file of results. */
export async function writeOutput(state: BuildState, name: string, text: string): Promise<void> {
  const path = join(await outputDirectory(state), name);
  const partial = `${path}.part`;
  // The folder is the plan owner's, who may have put a link there.
  await rm(partial, { force: true });
  await writeFile(partial, text, { flag: 'wx' });
  await chmod(partial, 0o644);
  await rename(partial, path);
  await giveToOwner(state, path);
}

/**
 * Puts the finished artifact beside the reports.
 *
 * @param publish - What else appears in the same moment.
 */
export async function copyToOutput(
  state: BuildState,
  file: string,
  name: string,
  publish: () => Promise<void>,
): Promise<string> {
  const path = join(await outputDirectory(state), name);
  const partial = `${path}.part`;
  try {
    await rm(partial, { force: true });
    await copyFile(file, partial, constants.COPYFILE_EXCL);
    await chmod(partial, 0o644);
    await publish();
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
  await giveToOwner(state, path);
  return path;
}

export async function removeOutput(state: BuildState, name: string): Promise<void> {
  await rm(join(outputPath(state), name), { force: true });
}

/** Results belong to whoever owns the plan, as far as this process may arrange that. */
export async function giveToOwner(state: BuildState, path: string): Promise<void> {
  try {
    const { uid, gid } = await stat(state.location.file);
    await lchown(path, uid, gid);
  } catch {
    // Best effort: only root can give files away.
  }
}
