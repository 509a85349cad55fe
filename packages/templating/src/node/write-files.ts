import { constants } from 'node:fs';
import { type FileHandle, link, mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

import type { AbortOptions } from '@hab/core';
import type { HeldDirectory } from '@hab/core/node';

import { TemplatingError } from '../errors.ts';
import type { RenderedTemplate } from '../offline/render-all.ts';
import {
  type ChangeNames,
  endJournal,
  removeBackup,
  removeMade,
  restore,
  settleJournal,
  temporaryName,
  writeJournal,
} from './change-journal.ts';
import { exists, holdDirectory, ignoreMissing, invalidDirectory, isFileName } from './held-directory.ts';

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

export interface WriteOptions extends AbortOptions {
  /**
   * Absolute path of a file that exists only while the change could still be taken back. It lies in a directory that nobody
   * else may write to, with the directories of all sets in or below it. With it {@link recoverRendered} takes back what a process that was killed had begun.
   */
  readonly journal?: string | undefined;
}

/** A change that is written and can still be taken back. */
export interface WrittenChange {
  readonly report: WriteReport;
  /** It counts: from now on nothing takes it back. */
  readonly settle: () => Promise<void>;
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
export async function writeRendered(sets: readonly RenderedSet[], options: WriteOptions = {}): Promise<WriteReport> {
  const { report, settle } = await beginRendered(sets, options);
  await settle();
  return report;
}

/** {@link writeRendered} for a caller that has something to do before the change counts. */
export async function beginRendered(sets: readonly RenderedSet[], options: WriteOptions = {}): Promise<WrittenChange> {
  const transaction = new Transaction(options.journal);
  try {
    for (const set of sets) await transaction.prepare(set, options.signal);
    options.signal?.throwIfAborted();
    return { report: await transaction.write(), settle: () => transaction.settle() };
  } catch (error) {
    await transaction.abandon();
    throw error;
  }
}

/** A change that is prepared and can be taken back. */
interface Change extends ChangeNames {
  readonly directory: HeldDirectory;
  readonly base: string;
  /** Path below the directory of the set. */
  readonly name: string;
  /** Undefined when the file goes. */
  readonly text: string | undefined;
  readonly set: RenderedSet;
}

const pathOf = ({ set, name }: Pick<Change, 'set' | 'name'>): string => `${set.directory}/${name}`;

class Transaction {
  readonly #directories = new Map<string, HeldDirectory>();
  readonly #changes: Change[] = [];
  /** Directories that were made, outermost first, and those of their sets. */
  readonly #made: { readonly root: string; readonly name: string }[] = [];
  readonly #journal: string | undefined;

  constructor(journal: string | undefined) {
    this.#journal = journal;
  }

  async prepare(set: RenderedSet, signal: AbortSignal | undefined): Promise<void> {
    if (this.#journal !== undefined) placeBelow(this.#journal, set.directory);
    const names = new Set(set.files.map(({ name }) => name));
    for (const file of set.files) {
      signal?.throwIfAborted();
      await this.#prepareFile(set, file);
    }
    for (const name of set.stale ?? []) if (!names.has(name)) await this.#prepareRemoval(set, name);
  }

  async #prepareFile(set: RenderedSet, { name, text }: RenderedTemplate): Promise<void> {
    const { directory, base } = await this.#placeOf(set, name, true);
    const found = await readExisting(directory.child(base), text);
    if (found === 'same') return;
    const kind = found === 'none' ? 'created' : 'modified';
    this.#changes.push({ directory, base, name, kind, ...temporaryNames(), text, set });
  }

  async #prepareRemoval(set: RenderedSet, name: string): Promise<void> {
    const found = await this.#placeOf(set, name, false).catch((error: unknown) => {
      if ((error as { cause?: NodeJS.ErrnoException }).cause?.code === 'ENOENT') return undefined;
      throw error;
    });
    if (found === undefined || !(await exists(found.directory.child(found.base)))) return;
    this.#changes.push({ ...found, name, kind: 'removed', ...temporaryNames(), text: undefined, set });
  }

  async #placeOf(set: RenderedSet, name: string, make: boolean): Promise<{ directory: HeldDirectory; base: string }> {
    const parts = name.split('/');
    if (parts.some((part) => !isFileName(part))) {
      throw invalidDirectory(`${set.directory}/${name}`, 'name', 'is no path below the directory');
    }
    let directory = await this.#open(set.directory, set.directory);
    let path = set.directory;
    for (const part of parts.slice(0, -1)) {
      const parent = directory;
      path = `${path}/${part}`;
      if (make && (await makeDirectory(parent.child(part), set))) {
        this.#made.push({ root: set.directory, name: path.slice(set.directory.length + 1) });
      }
      directory = await this.#open(path, parent.child(part));
    }
    return { directory, base: parts.at(-1) ?? '' };
  }

  async #open(path: string, place: string): Promise<HeldDirectory> {
    const known = this.#directories.get(path);
    if (known !== undefined) return known;
    const directory = await holdDirectory(path, place);
    this.#directories.set(path, directory);
    return directory;
  }

  /** From here on a killed process leaves nothing that {@link recoverRendered} cannot take back. */
  async write(): Promise<WriteReport> {
    if (this.#changes.length > 0) await this.#writeJournal();
    for (const change of this.#changes) await writeTemporary(change);
    const done: Change[] = [];
    for (const change of this.#changes) {
      try {
        await apply(change);
        done.push(change);
      } catch (cause) {
        for (const earlier of done.reverse()) await restore(earlier.directory, earlier.base, earlier);
        throw writeFailed(pathOf(change), cause);
      }
    }
    for (const directory of this.#directories.values()) await directory.sync();
    const pathsOf = (kind: Change['kind']): string[] =>
      done.filter((change) => change.kind === kind).map((change) => pathOf(change));
    return { created: pathsOf('created'), modified: pathsOf('modified'), removed: pathsOf('removed') };
  }

  async #writeJournal(): Promise<void> {
    const journal = this.#journal;
    if (journal === undefined) return;
    const changes = this.#changes.map(({ set, name, kind, temporary, backup }) => {
      return { name: placeBelow(journal, set.directory, name), kind, temporary, backup };
    });
    const made = this.#made.map(({ root, name }) => placeBelow(journal, root, name));
    await writeJournal(journal, { changes, made });
  }

  /** The change counts once its journal says so; backups go after that. */
  async settle(): Promise<void> {
    const journal = this.#changes.length === 0 ? undefined : this.#journal;
    if (journal !== undefined) await settleJournal(journal);
    for (const change of this.#changes) await removeBackup(change.directory, change);
    if (journal !== undefined) await endJournal(journal);
    await this.#close();
  }

  /** Leaves nothing behind: no temporary file, no directory that was made for a file that never came. */
  async abandon(): Promise<void> {
    for (const { directory, temporary } of this.#changes) await unlink(directory.child(temporary)).catch(ignoreMissing);
    for (const { root, name } of this.#made.reverse()) await removeMade(root, [name]).catch(() => undefined);
    if (this.#journal !== undefined) await endJournal(this.#journal);
    await this.#close();
  }

  async #close(): Promise<void> {
    for (const directory of this.#directories.values()) await directory.close();
  }
}

/** A file's path below the directory of the journal. */
function placeBelow(journal: string, directory: string, name = ''): string {
  const path = name === '' ? directory : `${directory}/${name}`;
  const above = dirname(journal);
  if (path === above) return '';
  if (path.startsWith(`${above}/`)) return path.slice(above.length + 1);
  throw invalidDirectory(directory, 'escape', `is not below the directory of the journal ${journal}`);
}

const temporaryNames = (): Pick<Change, 'temporary' | 'backup'> => ({
  temporary: temporaryName(),
  backup: temporaryName(),
});

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

async function writeTemporary(change: Change): Promise<void> {
  const { directory, temporary, text, set } = change;
  if (text === undefined) return;
  const { mode = 0o740, owner } = set;
  try {
    const file = await open(directory.child(temporary), 'wx', 0o600);
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
    throw writeFailed(pathOf(change), cause);
  }
}

async function apply({ directory, base, kind, temporary, backup }: Change): Promise<void> {
  const [from, to, aside] = [temporary, base, backup].map((name) => directory.child(name)) as [string, string, string];
  if (kind === 'removed') await rename(to, aside);
  else if (kind === 'created') await rename(from, to);
  else await replace(to, from, aside);
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

function writeFailed(path: string, cause: unknown): TemplatingError {
  return new TemplatingError('TEMPLATE_WRITE_FAILED', `${path} could not be written; every file is as it was`, {
    details: { path },
    hint: 'Check the space and the permissions of the directory.',
    cause,
  });
}
