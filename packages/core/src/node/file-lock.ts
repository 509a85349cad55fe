import { spawnSync } from 'node:child_process';
import { closeSync, constants, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

/** A lock that the kernel drops when its holder dies, whatever the file says. */
export interface FileLock extends Disposable {
  /** Replaces the file's content; readers see it beside the lock. */
  write(text: string): void;
  /** Lets readers take shared locks too. */
  share(): void;
}

/** A link would have another file written, and a pipe wait for a writer. */
const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Takes an exclusive lock without waiting. The lock belongs to the open file, so it lives as long as this process and
 * is never inherited by others. The file stays.
 *
 * @returns undefined when somebody holds it.
 * @throws The system error; `ELOOP` for a link, `ENOENT` for a missing directory, or when the machine has no `flock` program (util-linux).
 */
export function tryLockFile(path: string): FileLock | undefined {
  const fd = openSync(path, constants.O_RDWR | constants.O_CREAT | SAFELY, 0o644);
  try {
    if (!flock(fd, '--exclusive')) {
      closeSync(fd);
      return undefined;
    }
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  return {
    write(text: string): void {
      ftruncateSync(fd, 0);
      writeSync(fd, text, 0);
    },
    share(): void {
      flock(fd, '--shared');
    },
    [Symbol.dispose](): void {
      closeSync(fd);
    },
  };
}

/** What the holder of a lock wrote; undefined when nobody holds it (a stale file) or there is no file. */
export function readHeldLock(path: string): string | undefined {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | SAFELY);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return flock(fd, '--exclusive') ? undefined : readFileSync(fd, 'utf8');
  } finally {
    closeSync(fd);
  }
}

/** A lock taken by a child on our descriptor stays ours: flock(2) locks belong to the open file description. */
function flock(fd: number, mode: '--exclusive' | '--shared'): boolean {
  const { status, error } = spawnSync('flock', ['--nonblock', mode, '3'], {
    stdio: ['ignore', 'ignore', 'ignore', fd],
  });
  if (error) throw error;
  return status === 0;
}
