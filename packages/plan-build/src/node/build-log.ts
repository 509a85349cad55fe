import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isPlanName } from '@hab/ident';
import { warn } from '../console-lines.ts';
import type { BuildState } from './build-state.ts';
import { giveToOwner, outputPath } from './output-directory.ts';
import { makeDirectory } from './tree-copy.ts';

/** Most bytes that wait until it is known where the log goes: a plan prints little while it is read. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;

/** A copy of everything that a build prints. Its name has the package's, so the first lines wait for that. */
export class BuildLog {
  path: string | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #file: number | undefined;
  #closed = false;

  write(chunk: Uint8Array): void {
    if (this.#file !== undefined) {
      this.#append(chunk);
    } else if (!this.#closed && this.#waitingBytes < MAX_WAITING_BYTES) {
      this.#waiting.push(chunk);
      this.#waitingBytes += chunk.length;
    }
  }

  /** @throws the system's error; nothing is kept then. */
  open(path: string): void {
    this.#closed = true;
    this.#file = openSync(path, 'a', 0o644);
    this.path = path;
    for (const chunk of this.#waiting.splice(0)) this.#append(chunk);
  }

  get isOpen(): boolean {
    return this.#file !== undefined;
  }

  close(): void {
    this.#closed = true;
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #append(chunk: Uint8Array): void {
    if (this.#file === undefined) return;
    try {
      for (let at = 0; at < chunk.length; ) at += writeSync(this.#file, chunk, at);
    } catch {
      // A full disk ends the log, not the build.
      this.close();
    }
  }
}

/** Opens the log where the caller keeps logs, or below the results. @see spec/plan-build, 12 */
export async function openLog(state: BuildState): Promise<void> {
  const { log, environment, facts, world } = state;
  if (log === undefined || log.isOpen) return;
  const directory = environment['LOGDIR'] || join(outputPath(state), 'logs');
  const time = new Date(world.clock.now()).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
  const path = join(directory, `${isPlanName(facts.name) ? facts.name : 'unknown'}.${time}.log`);
  try {
    await makeDirectory(directory);
    log.open(path);
    for (const made of [outputPath(state), directory, path]) await giveToOwner(state, made);
  } catch (error) {
    log.close();
    state.pending.push(warn(`No log of this build: ${error instanceof Error ? error.message : String(error)}`));
  }
}
