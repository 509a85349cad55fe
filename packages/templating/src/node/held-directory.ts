import { lstat } from 'node:fs/promises';

import { HeldDirectory } from '@hab/core/node';

import { TemplatingError } from '../errors.ts';

/**
 * Opens a directory of files that are rendered or taken back.
 *
 * @param path - What errors name, and where it is on machines that do not show an open directory as a path.
 * @param place - Where it is found; its last part must be no link.
 * @throws {@link TemplatingError} `TEMPLATE_DIRECTORY_INVALID`.
 */
export async function holdDirectory(path: string, place: string): Promise<HeldDirectory> {
  return await HeldDirectory.open(place, path).catch((cause: NodeJS.ErrnoException) => {
    const link = cause.code === 'ELOOP' || cause.code === 'ENOTDIR';
    throw invalidDirectory(
      path,
      link ? 'escape' : 'unreadable',
      link ? 'is not a directory of its own' : 'cannot be opened',
      cause,
    );
  });
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
