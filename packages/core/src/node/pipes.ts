import { execFile } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * A pipe into this process. What `stdio: 'pipe'` gives a child is a socket, which no program can open again:
 * writing to `/dev/stdout` or `/dev/stderr`, as so many servers and scripts do, fails with ENXIO. A pipe can be.
 */
export interface OutputPipe {
  readonly readable: Readable;
  /** For a child's `stdio`; blocking, closed on exec elsewhere. */
  readonly writeFd: number;
  /** Lets go of the end for writing: `readable` ends when the last process that has it is gone. */
  closeWrite(): void;
}

/**
 * Makes pipes. They have no name that another process could open, and any user may write who was given one.
 *
 * @throws The system error; `ENOENT` when the machine has no `mkfifo` program (coreutils).
 */
export async function createOutputPipes<const Names extends readonly string[]>(
  ...names: Names
): Promise<Record<Names[number], OutputPipe>> {
  const directory = mkdtempSync(join(tmpdir(), 'hab-pipes-'));
  try {
    const paths = names.map((name) => join(directory, name));
    await run('mkfifo', ['-m', '666', ...paths]);
    const pipes = names.map((name, i) => [name, openPipe(paths[i] ?? '')] as const);
    return Object.fromEntries(pipes) as Record<Names[number], OutputPipe>; // one for each name
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function openPipe(path: string): OutputPipe {
  // In this order and way neither open waits for the other.
  const readFd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  let writeFd: number | undefined = openSync(path, constants.O_WRONLY);
  return {
    readable: new Socket({ fd: readFd, readable: true, writable: false }),
    writeFd,
    closeWrite(): void {
      if (writeFd !== undefined) closeSync(writeFd);
      writeFd = undefined;
    },
  };
}
