import { StoreError } from '../errors.ts';

/** The code of a system error. @returns undefined for anything else. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Runs something; what is not there gives `absent`, and so does a link that leads to itself. */
export async function absentAs<T>(absent: T, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ELOOP') return absent;
    throw error;
  }
}

/** Runs something that touches the file system; its failures become coded and name `path`. */
export async function withPath<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const systemCode = systemCodeOf(cause);
    if (systemCode === undefined) throw cause;
    throw new StoreError('STORE_IO_FAILED', `${path}: ${systemCode}`, {
      details: { path, systemCode },
      cause,
      hint:
        systemCode === 'ENOSPC' || systemCode === 'EDQUOT'
          ? 'The disk is full. Make room and try again; nothing was left behind.'
          : 'Check the path, its owner and its permissions.',
    });
  }
}
