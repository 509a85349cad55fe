import { HartError } from '../errors.ts';

/** The code of a system error. @returns undefined for anything else. */
export function systemCodeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Turns a system error into one of this package; everything else passes unchanged. */
export function asHartError(error: unknown, path: string): unknown {
  const systemCode = systemCodeOf(error);
  if (systemCode === undefined) return error;
  return new HartError('HART_IO_FAILED', `${path}: ${systemCode}`, {
    details: { path, systemCode },
    cause: error,
    hint: HINTS.get(systemCode) ?? 'Check the path, its owner and its permissions.',
  });
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'The disk is full. Make room and try again; nothing was left behind.'],
  ['EDQUOT', 'The disk quota is used up. Make room and try again; nothing was left behind.'],
  ['EFBIG', 'A file grew past the limit of this process (ulimit -f).'],
  ['ENOENT', 'Check the path.'],
]);

/** Runs something that touches the file system; its failures name `path`. */
export async function withPath<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw asHartError(error, path);
  }
}
