import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, lstat, mkdir, open, rename, rm, rmdir, unlink } from 'node:fs/promises';

import type { AbortOptions } from '@hab/core';

import { TemplatingError } from '../errors.ts';
import type { RenderedTemplate } from '../offline/render-all.ts';

/** Files that belong into one directory. */
export interface RenderedSet {
  /** Absolute; must exist. */
  readonly directory: string;
  /** Names are paths below the directory, with `/`. */
  readonly files: readonly RenderedTemplate[];
  /** Permission bits of files that are written. @defaultValue 0o740 */
  readonly mode?: number | undefined;
  /** Permission bits of sub-directories that are made. @defaultValue 0o770 */
  readonly directoryMode?: number | undefined;
  /** Who gets what is written; absent: it stays ours. */
  readonly owner?: { readonly uid: number; readonly gid: number } | undefined;
  /** Files that earlier releases rendered: those that `files` does not name go. */
  readonly stale?: Iterable<string> | undefined;
}

/** Absolute paths, in the order of the sets. Files that already were what they should be are in none of the lists. */
export interface WriteReport {
  readonly created: readonly string[];
  readonly modified: readonly string[];
  readonly removed: readonly string[];
}

/** A change that is prepared and can be taken back. */
interface Change {
  readonly path: string;
  readonly kind: 'created' | 'modified' | 'removed';
  /** Where the file is reached while its directory is held open. */
  readonly place: string;
  readonly temporary: string | undefined;
  readonly backup: string;
}

/**
 * Writes rendered files, all of them or none: every new text is prepared beside its place first, then they are renamed
 * into place; when one step fails, what was done is taken back. A reader sees the old file or the new one. Files whose
 * text is right already are left alone, with their mode and owner. See spec/templating 11.
 *
 * Directories are held open and files reached through them, so that a service that owns its directory cannot lead us
 * elsewhere by putting a link in place of a sub-directory.
 *
 * @throws {@link TemplatingError} `TEMPLATE_WRITE_FAILED`, `TEMPLATE_DIRECTORY_INVALID` for names that lead out of the
 *   directory or through links; the signal's reason, checked before the first change.
 */
export async function writeRendered(sets: readonly RenderedSet[], options: AbortOptions = {}): Promise<WriteReport> {
  const transaction = new Transaction();
  try {
    for (const set of sets) await transaction.prepare(set, options.signal);
    options.signal?.throwIfAborted();
    return await transaction.commit();
  } finally {
    await transaction.close();
  }
}

class Transaction {
  readonly #directories = new Map<string, Directory>();
  readonly #changes: Change[] = [];
  readonly #made: string[] = [];
  #done = false;

  async prepare(set: RenderedSet, signal: AbortSignal | undefined): Promise<void> {
    const names = new Set(set.files.map(({ name }) => name));
    for (const file of set.files) {
      signal?.throwIfAborted();
      await this.#prepareFile(set, file);
    }
    for (const name of set.stale ?? []) if (!names.has(name)) await this.#prepareRemoval(set, name);
  }

  async #prepareFile(set: RenderedSet, { name, text }: RenderedTemplate): Promise<void> {
    const { directory, base, path } = await this.#placeOf(set, name, true);
    const place = directory.child(base);
    const found = await readExisting(place, text);
    if (found === 'same') return;
    const temporary = directory.child(temporaryName());
    this.#changes.push({
      path,
      kind: found === 'none' ? 'created' : 'modified',
      place,
      temporary,
      backup: directory.child(temporaryName()),
    });
    await writeTemporary(temporary, path, text, set);
  }

  async #prepareRemoval(set: RenderedSet, name: string): Promise<void> {
    const found = await this.#placeOf(set, name, false).catch((error: unknown) => {
      if ((error as { cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined) return;
    const place = found.directory.child(found.base);
    if (!(await exists(place))) return;
    const backup = found.directory.child(temporaryName());
    this.#changes.push({ path: found.path, kind: 'removed', place, temporary: undefined, backup });
  }

  async #placeOf(
    set: RenderedSet,
    name: string,
    make: boolean,
  ): Promise<{ directory: Directory; base: string; path: string }> {
    const parts = name.split('/');
    if (parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('\0'))) {
      throw invalid(`${set.directory}/${name}`, 'name', 'is no path below the directory');
    }
    let directory = await this.#open(set.directory, set.directory);
    let path = set.directory;
    for (const part of parts.slice(0, -1)) {
      const parent = directory;
      path = `${path}/${part}`;
      if (make && (await makeDirectory(parent.child(part), set))) this.#made.push(path);
      directory = await this.#open(path, parent.child(part));
    }
    const base = parts.at(-1) ?? '';
    return { directory, base, path: `${path}/${base}` };
  }

  async #open(path: string, place: string): Promise<Directory> {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const directory = await Directory.open(path, place);
    this.#directories.set(path, directory);
    return directory;
  }

  async commit(): Promise<WriteReport> {
    const done: Change[] = [];
    for (const change of this.#changes) {
      try {
        await apply(change);
        done.push(change);
      } catch (cause) {
        for (const earlier of done.reverse()) await takeBack(earlier);
        throw writeFailed(change.path, cause);
      }
    }
    this.#done = true;
    for (const { kind, backup } of done) if (kind !== 'created') await rm(backup, { recursive: true, force: true });
    for (const directory of this.#directories.values()) await directory.sync();
    const pathsOf = (kind: Change['kind']): string[] =>
      done.filter((change) => change.kind === kind).map(({ path }) => path);
    return { created: pathsOf('created'), modified: pathsOf('modified'), removed: pathsOf('removed') };
  }

  /** Leaves nothing behind: no temporary file, no directory that was made for a file that never came. */
  async close(): Promise<void> {
    if (!this.#done) {
      for (const { temporary } of this.#changes)
        if (temporary !== undefined) await unlink(temporary).catch(ignoreMissing);
      for (const path of this.#made.reverse()) await rmdir(path).catch(() => undefined);
    }
    for (const directory of this.#directories.values()) await directory.close();
  }
}

/** A directory held open. */
class Directory {
  readonly #handle: FileHandle;
  readonly #prefix: string;

  private constructor(handle: FileHandle, prefix: string) {
    this.#handle = handle;
    this.#prefix = prefix;
  }

  static async open(path: string, place: string): Promise<Directory> {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    const handle = await open(place, flags).catch((cause: NodeJS.ErrnoException) => {
      const link = cause.code === 'ELOOP' || cause.code === 'ENOTDIR';
      throw invalid(
        path,
        link ? 'escape' : 'unreadable',
        link ? 'is not a directory of its own' : 'cannot be opened',
        cause,
      );
    });
    // Linux shows an open directory as a path; elsewhere the path itself has to do.
    const held = `/proc/self/fd/${handle.fd}`;
    return new Directory(handle, (await exists(`${held}/.`)) ? held : path);
  }

  /** Path of an entry, valid while this is open. */
  child(name: string): string {
    return `${this.#prefix}/${name}`;
  }

  /** Makes renames durable. File systems that cannot are no error. */
  async sync(): Promise<void> {
    await this.#handle.sync().catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EINVAL') throw error;
    });
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

const temporaryName = (): string => `.tmp-${randomUUID()}`;

/** Compares what is there with what should be; anything but a regular file counts as different. */
async function readExisting(place: string, text: string): Promise<'none' | 'same' | 'different'> {
  const wanted = Buffer.from(text);
  let file: FileHandle;
  try {
    file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'different';
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile() || facts.size !== wanted.length) return 'different';
    return (await file.readFile()).equals(wanted) ? 'same' : 'different';
  } finally {
    await file.close();
  }
}

/** @returns true when it was not there. */
async function makeDirectory(place: string, { directoryMode = 0o770, owner }: RenderedSet): Promise<boolean> {
  try {
    await mkdir(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const handle = await open(place, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
    await handle.chmod(directoryMode);
  } finally {
    await handle.close();
  }
  return true;
}

async function writeTemporary(
  place: string,
  path: string,
  text: string,
  { mode = 0o740, owner }: RenderedSet,
): Promise<void> {
  try {
    const file = await open(place, 'wx', 0o600);
    try {
      await file.writeFile(text);
      // By descriptor: nothing that takes the file's name meanwhile is given away.
      if (owner !== undefined) await file.chown(owner.uid, owner.gid);
      await file.chmod(mode);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw writeFailed(path, cause);
  }
}

async function apply({ kind, place, temporary, backup }: Change): Promise<void> {
  if (temporary === undefined) await rename(place, backup);
  else if (kind === 'created') await rename(temporary, place);
  else await replace(place, temporary, backup);
}

/** The old file keeps a second name until all are in place; what cannot have two names, as a directory, is moved. */
async function replace(place: string, temporary: string, backup: string): Promise<void> {
  const linked = await link(place, backup).then(
    () => true,
    () => false,
  );
  if (!linked) await rename(place, backup);
  try {
    await rename(temporary, place);
  } catch (error) {
    await (linked ? unlink(backup) : rename(backup, place));
    throw error;
  }
}

async function takeBack({ kind, place, backup }: Change): Promise<void> {
  if (kind === 'created') await unlink(place).catch(ignoreMissing);
  else await rename(backup, place);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ENOTDIR')
      return false;
    throw error;
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

function invalid(
  path: string,
  reason: 'escape' | 'name' | 'unreadable',
  what: string,
  cause?: unknown,
): TemplatingError {
  return new TemplatingError('TEMPLATE_DIRECTORY_INVALID', `${path} ${what}`, {
    details: { path, reason },
    ...(cause === undefined ? {} : { cause }),
  });
}

function writeFailed(path: string, cause: unknown): TemplatingError {
  return new TemplatingError('TEMPLATE_WRITE_FAILED', `${path} could not be written; every file is as it was`, {
    details: { path },
    hint: 'Check the space and the permissions of the directory.',
    cause,
  });
}
