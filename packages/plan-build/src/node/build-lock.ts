import { readFile } from 'node:fs/promises';
import { writeFileAtomic } from '@hab/core/node';
import { type FullIdent, parseFullIdent } from '@hab/ident';
import { say } from '../console-lines.ts';
import { BuildError } from '../errors.ts';
import { formatLock, parseLock } from '../lock-file.ts';
import type { BuildState } from './build-state.ts';
import { giveToOwner } from './output-directory.ts';

/** Takes over the exact releases of an earlier build, if the caller keeps them in a file. */
export async function readLock(state: BuildState): Promise<void> {
  const { lockFile } = state;
  if (lockFile === undefined) return;
  const text = await readFile(lockFile, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw new BuildError('BUILD_LOCK_INVALID', `${lockFile} cannot be read: ${cause.message}`, {
      details: { status: 1, path: lockFile, line: 0 },
      cause,
    });
  });
  if (text === undefined) return;
  state.locked = parseLock(text, state.target, lockFile);
  state.pending.push(say(`Using the exact releases of ${lockFile}`));
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
