import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { AbortOptions } from '@hab/core';

import { TemplatingError } from '../errors.ts';
import { DEFAULT_TEMPLATE_LIMITS } from '../limits.ts';

/** One template of a directory. */
export interface TemplateSource {
  /** Path below the directory, with `/`. */
  readonly name: string;
  readonly text: string;
}

export interface ReadTemplatesOptions extends AbortOptions {
  /** Look into sub-directories. @defaultValue true */
  readonly recursive?: boolean | undefined;
  /** Names of the files to read; others are only counted. @defaultValue all of them */
  readonly only?: ReadonlySet<string> | undefined;
  /** Files and directories, all levels together. @defaultValue 10,000 */
  readonly maxEntries?: number | undefined;
  /** Bytes of all templates together. @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined;
}

const MAX_ENTRIES = 10_000;
const MAX_BYTES = 64 * 1_048_576;
const MAX_DEPTH = 32;

/**
 * Reads every regular file of a directory as a template. Links, sockets and devices are passed over, as in the
 * originals, so that nothing outside of the directory is read; a file that turns into a link meanwhile is an error.
 *
 * @returns Sorted by name; none when there is no such directory.
 * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_INVALID` for text that is not UTF-8 and names that are none,
 *   `TEMPLATE_LIMIT_EXCEEDED`; the signal's reason, checked once per file.
 */
export async function readTemplates(
  directory: string,
  options: ReadTemplatesOptions = {},
): Promise<readonly TemplateSource[]> {
  const { maxBytes = MAX_BYTES, only, signal } = options;
  const names = (await listTemplates(directory, options)).filter((name) => only === undefined || only.has(name));
  const sources: TemplateSource[] = [];
  let bytes = 0;
  for (const name of names) {
    signal?.throwIfAborted();
    const content = await readRegularFile(join(directory, name), maxBytes - bytes);
    bytes += content.length;
    sources.push({ name, text: decode(content, join(directory, name)) });
  }
  return sources;
}

/**
 * Names of the regular files of a directory: what {@link readTemplates} reads.
 *
 * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_INVALID`, `TEMPLATE_LIMIT_EXCEEDED`; the signal's reason.
 */
export async function listTemplates(
  directory: string,
  { recursive = true, maxEntries = MAX_ENTRIES, signal }: ReadTemplatesOptions = {},
): Promise<readonly string[]> {
  const files: string[] = [];
  const pending: string[] = [''];
  let entries = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    signal?.throwIfAborted();
    if (folder.split('/').length > MAX_DEPTH)
      throw limit(directory, 'directoryEntries', MAX_DEPTH, 'levels of directories');
    for (const entry of await list(join(directory, folder), folder === '')) {
      if (++entries > maxEntries) throw limit(directory, 'directoryEntries', maxEntries, 'entries');
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory() && recursive) pending.push(name);
      else if (entry.isFile()) files.push(name);
    }
  }
  return files.sort();
}

async function list(path: string, mayBeMissing: boolean): ReturnType<typeof readEntries> {
  try {
    return await readEntries(path);
  } catch (cause) {
    if (mayBeMissing && (cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw unreadable(path, cause);
  }
}

const readEntries = (path: string) => readdir(path, { withFileTypes: true });

async function readRegularFile(path: string, maxBytes: number): Promise<Uint8Array> {
  // O_NONBLOCK: a pipe that took the place of the file must not hold us.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const file = await open(path, flags).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw unreadable(path, undefined);
    if (facts.size > DEFAULT_TEMPLATE_LIMITS.sourceBytes) {
      throw limit(path, 'directoryBytes', DEFAULT_TEMPLATE_LIMITS.sourceBytes, 'bytes');
    }
    if (facts.size > maxBytes) throw limit(path, 'directoryBytes', maxBytes, 'bytes together with the other templates');
    return await readAtMost(file, facts.size, path);
  } finally {
    await file.close();
  }
}

/** A file that grows while it is read is cut by its size at the start, so that the limit holds. */
async function readAtMost(file: Awaited<ReturnType<typeof open>>, size: number, path: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await file.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) throw unreadable(path, new Error('the file became shorter while it was read'));
    filled += bytesRead;
  }
  return bytes;
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    // The byte-order mark stays: it is part of the text that is rendered.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TemplatingError('TEMPLATE_DIRECTORY_INVALID', `${path} is not UTF-8 text`, {
      details: { path, reason: 'encoding' },
      hint: 'Save the template as UTF-8; binary files belong into the package, not into config/ or hooks/.',
      cause,
    });
  }
}

function unreadable(path: string, cause: unknown): TemplatingError {
  const isLink = (cause as NodeJS.ErrnoException | undefined)?.code === 'ELOOP';
  return new TemplatingError('TEMPLATE_DIRECTORY_INVALID', `${path} ${isLink ? 'became a link' : 'cannot be read'}`, {
    details: { path, reason: isLink ? 'escape' : 'unreadable' },
    cause,
  });
}

function limit(path: string, name: 'directoryEntries' | 'directoryBytes', max: number, what: string): TemplatingError {
  return new TemplatingError('TEMPLATE_LIMIT_EXCEEDED', `${path} has more than ${max} ${what}`, {
    details: { limit: name, max, template: path },
  });
}
