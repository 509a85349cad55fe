import { readRegularFile, writeFileAtomic } from '@hab/core/node';
import { type FullIdent, parseFullIdent } from '@hab/ident';
import { say } from '../console-lines.ts';
import { BuildError } from '../errors.ts';
import { formatLock, MAX_LOCK_LENGTH, parseLock } from '../lock-file.ts';
import type { BuildState } from './build-state.ts';
import { giveToOwner } from './output-directory.ts';

/** Takes over the exact releases of an earlier build, if the caller keeps them in a file. */
export async function readLock(state: BuildState): Promise<void> {
  const { lockFile } = state;
  if (lockFile === undefined) return;
  const text = readText(lockFile);
  if (text === undefined) return;
  state.locked = parseLock(text, state.target, lockFile);
  state.pending.push(say(`Using the exact releases of ${lockFile}`));
}

/** @returns undefined when there is none. */
function readText(lockFile: string): string | undefined {
  try {
    // A character has four bytes at the most; whoever parses it says which text is too long.
    return new TextDecoder().decode(readRegularFile(lockFile, { maxBytes: 4 * MAX_LOCK_LENGTH }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new BuildError('BUILD_LOCK_INVALID', `${lockFile} cannot be read: ${why}`, {
      details: { status: 1, path: lockFile, line: 0 },
      cause,
    });
  }
}

/** Writes down what this build resolved, when that is not what the file says. */
export async function writeLock(state: BuildState): Promise<void> {
  const { lockFile, locked, resolved, target } = state;
  if (lockFile === undefined) return;
  const idents = new Map<string, FullIdent>(resolved.map(({ wanted, ident }) => [wanted, parseFullIdent(ident)]));
  const text = formatLock(target, idents);
  if (locked !== undefined && text === formatLock(target, locked)) return;
  await writeFileAtomic(lockFile, new TextEncoder().encode(text), { mode: 0o644 });
  await giveToOwner(state, lockFile);
  state.pending.push(say(`Wrote exact releases to ${lockFile}`));
}
