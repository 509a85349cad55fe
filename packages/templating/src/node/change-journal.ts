import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm, rmdir, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

import { type HeldDirectory, readRegularFile, removeTree, syncDirectory } from '@hab/core/node';

import { exists, holdDirectory, ignoreMissing, isFileName } from './held-directory.ts';

export type ChangeKind = 'created' | 'modified' | 'removed';

/** Names that one change of a file uses beside the file itself. */
export interface ChangeNames {
  readonly kind: ChangeKind;
  /** The new text before it has its place. */
  readonly temporary: string;
  /** The old file until the change counts. */
  readonly backup: string;
}

/** A change as the journal keeps it: enough to take it back. */
export interface JournalEntry extends ChangeNames {
  /** Path of the file below the directory of the journal: it means the same in a tree that was moved. */
  readonly name: string;
}

export interface Journal {
  readonly changes: readonly JournalEntry[];
  /** Directories that were made, outermost first, as paths below that of the journal. */
  readonly made: readonly string[];
}

/** Longest journal, in bytes: a hundred times what the largest service has. */
const MAX_BYTES = 32 * 1_048_576;

const TEMPORARY = /^\.tmp-[0-9a-f-]{36}$/;
export const temporaryName = (): string => `.tmp-${randomUUID()}`;

/** A change whose journal has this name counts; only its backups are left to remove. */
const settled = (path: string): string => `${path}.settled`;

/** Puts the journal on the disk before anything that it tells of is there. */
export async function writeJournal(path: string, journal: Journal): Promise<void> {
  await rm(settled(path), { force: true });
  await rm(`${path}.new`, { force: true });
  const file = await open(`${path}.new`, 'wx', 0o600);
  try {
    await file.writeFile(JSON.stringify(journal));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
  await syncDirectory(dirname(path));
}

/** From now on nothing takes the change back. */
export async function settleJournal(path: string): Promise<void> {
  await rename(path, settled(path));
}

/** Nothing of the change is left beside its files. */
export async function endJournal(path: string): Promise<void> {
  for (const name of [path, settled(path), `${path}.new`]) await rm(name, { force: true });
}

/** What {@link recoverRendered} found. */
export type Recovery =
  /** No change was under way. */
  | 'nothing'
  /** One was, and everything is as it was before it. */
  | 'taken-back'
  /** One was complete; only its leftovers were removed. */
  | 'complete';

/**
 * Takes back what a killed process had begun to change, so that all files are as they were before it; or removes what is
 * left beside files of a change that counts already. See `journal` of `writeRendered`.
 *
 * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_INVALID` for a link in place of a directory; system errors.
 */
export async function recoverRendered(path: string): Promise<Recovery> {
  const complete = await readJournal(settled(path));
  const begun = await readJournal(path);
  const above = dirname(path);
  for (const entry of complete?.changes ?? []) {
    await inDirectory(above, entry.name, (directory) => removeBackup(directory, entry));
  }
  for (const entry of begun?.changes ?? []) {
    await inDirectory(above, entry.name, (directory, base) => undo(directory, base, entry));
  }
  await removeMade(above, begun?.made ?? []);
  await endJournal(path);
  return begun !== undefined ? 'taken-back' : complete !== undefined ? 'complete' : 'nothing';
}

/** Directories that were made go again, those below the others first; what is in use by now stays. */
export async function removeMade(above: string, made: readonly string[]): Promise<void> {
  for (const name of [...made].reverse()) {
    await inDirectory(above, name, (directory, base) => rmdir(directory.child(base)).catch(() => undefined));
  }
}

async function undo(directory: HeldDirectory, base: string, { kind, temporary, backup }: ChangeNames): Promise<void> {
  const waiting = await exists(directory.child(temporary));
  if (waiting) await unlink(directory.child(temporary));
  await restore(directory, base, { kind, temporary, backup });
}

/** Gives a file back what it was, if the change had reached it. */
export async function restore(directory: HeldDirectory, base: string, { kind, backup }: ChangeNames): Promise<void> {
  const [place, kept] = [directory.child(base), directory.child(backup)];
  if (kind === 'created') {
    await unlink(place).catch(ignoreMissing);
    return;
  }
  if (!(await exists(kept))) return;
  // A file does not give way to a directory that was in its place.
  if ((await lstat(kept)).isDirectory()) await unlink(place).catch(ignoreMissing);
  await rename(kept, place);
  // Two names of one file: the rename has done nothing.
  await unlink(kept).catch(ignoreMissing);
}

export async function removeBackup(directory: HeldDirectory, { kind, backup }: ChangeNames): Promise<void> {
  if (kind !== 'created') await removeTree(directory.child(backup));
}

/** Opens the directory of a file, part by part and through no link; one that is not there has nothing to take back. */
async function inDirectory(
  above: string,
  name: string,
  work: (directory: HeldDirectory, base: string) => Promise<void>,
): Promise<void> {
  const parts = name.split('/');
  let path = above;
  let directory = await holdDirectory(above, above);
  try {
    for (const part of parts.slice(0, -1)) {
      path = `${path}/${part}`;
      if (!(await exists(directory.child(part)))) return;
      const next = await holdDirectory(path, directory.child(part));
      await directory.close();
      directory = next;
    }
    await work(directory, parts.at(-1) ?? '');
  } finally {
    await directory.close();
  }
}

/** A journal that is no journal was never complete: nothing had been changed then. */
async function readJournal(path: string): Promise<Journal | undefined> {
  let text: string;
  try {
    text = new TextDecoder().decode(readRegularFile(path, { maxBytes: MAX_BYTES, links: 'refuse' }));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const { changes, made } = Object(JSON.parse(text)) as { readonly changes?: unknown; readonly made?: unknown };
    return { changes: listOf(changes, isEntry), made: listOf(made, isPlace) };
  } catch (error) {
    if (error instanceof SyntaxError) return { changes: [], made: [] };
    throw error;
  }
}

const listOf = <T>(value: unknown, is: (item: unknown) => item is T): readonly T[] =>
  Array.isArray(value) ? value.filter(is) : [];

const isPlace = (name: unknown): name is string => typeof name === 'string' && name.split('/').every(isFileName);

function isEntry(value: unknown): value is JournalEntry {
  const { name, kind, temporary, backup } = Object(value) as Partial<Record<string, unknown>>;
  const kinds: readonly unknown[] = ['created', 'modified', 'removed'] satisfies ChangeKind[];
  return isPlace(name) && kinds.includes(kind) && [temporary, backup].every(isTemporary);
}

const isTemporary = (name: unknown): boolean => typeof name === 'string' && TEMPORARY.test(name);
