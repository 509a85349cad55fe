import { constants } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';

import { TemplatingError } from '../errors.ts';

/** A directory held open: whatever its path leads to meanwhile, its entries are reached. */
export class HeldDirectory {
  readonly #handle: FileHandle;
  readonly #prefix: string;

  private constructor(handle: FileHandle, prefix: string) {
    this.#handle = handle;
    this.#prefix = prefix;
  }

  /**
   * @param path - What errors name.
   * @param place - Where it is found; its last part must be no link.
   * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_INVALID`.
   */
  static async open(path: string, place: string): Promise<HeldDirectory> {
    const flags = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;
    const handle = await open(place, flags).catch((cause: NodeJS.ErrnoException) => {
      const link = cause.code === 'ELOOP' || cause.code === 'ENOTDIR';
      throw invalidDirectory(
        path,
        link ? 'escape' : 'unreadable',
        link ? 'is not a directory of its own' : 'cannot be opened',
        cause,
      );
    });
    // Linux shows an open directory as a path; elsewhere the path itself has to do.
    const held = `/proc/self/fd/${handle.fd}`;
    return new HeldDirectory(handle, (await exists(`${held}/.`)) ? held : path);
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

/** One part of a path, which leads nowhere else. */
export const isFileName = (part: string): boolean =>
  part !== '' && part !== '.' && part !== '..' && !part.includes('\0') && !part.includes('/');

export async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

export function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

export function invalidDirectory(
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
