import { isHabError } from '@hab/core';
import {
  compareByteOrder,
  type FullIdent,
  formatIdent,
  isPathSafeIdent,
  type PackageTarget,
  parseFullIdent,
  parseIdent,
  satisfies,
} from '@hab/ident';
import { BuildError } from './errors.ts';

/** Exact releases by what a plan asks for. */
export type LockedIdents = ReadonlyMap<string, FullIdent>;

/** Longest lock file, in characters. */
export const MAX_LOCK_LENGTH: number = 1024 * 1024;

const FORMAT = 'hab-lock 1';

/**
 * A lock file: a line with the format, one with the target, then a line for each direct dependency with what the plan
 * asks for and the exact release. Lines are sorted; what those releases need is fixed by their own metafiles.
 */
export function formatLock(target: PackageTarget, idents: LockedIdents): string {
  const lines = [...idents].map(([wanted, ident]) => `${wanted} ${formatIdent(ident)}`).sort(compareByteOrder);
  return `${[FORMAT, `target ${target}`, ...lines].join('\n')}\n`;
}

/**
 * Reads a lock file. Empty lines and lines that begin with `#` mean nothing.
 *
 * @param path - For messages.
 * @throws {@link BuildError} `BUILD_LOCK_INVALID` with the first bad line.
 */
export function parseLock(text: string, target: PackageTarget, path: string): LockedIdents {
  if (text.length > MAX_LOCK_LENGTH) throw invalid(path, 0, `is longer than ${MAX_LOCK_LENGTH} characters`);
  const idents = new Map<string, FullIdent>();
  const head = [FORMAT, `target ${target}`];
  for (const [at, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const expected = head.shift();
    if (expected !== undefined) {
      if (line !== expected) throw invalid(path, at + 1, `expected '${expected}', found '${line.slice(0, 80)}'`);
      continue;
    }
    const [wanted = '', exact = '', more] = line.split(' ');
    if (more !== undefined || idents.has(wanted)) throw invalid(path, at + 1, `'${line.slice(0, 200)}' makes no sense`);
    idents.set(wanted, lockedIdent(path, at + 1, wanted, exact));
  }
  if (head[0] !== undefined) throw invalid(path, 0, `has no line '${head[0]}'`);
  return idents;
}

function lockedIdent(path: string, line: number, wanted: string, exact: string): FullIdent {
  try {
    const ident = parseFullIdent(exact);
    if (isPathSafeIdent(ident) && satisfies(ident, parseIdent(wanted))) return ident;
  } catch (cause) {
    if (!isHabError(cause)) throw cause;
    throw invalid(path, line, cause.message, cause);
  }
  throw invalid(path, line, `'${exact.slice(0, 200)}' is no release of '${wanted.slice(0, 200)}'`);
}

const invalid = (path: string, line: number, what: string, cause?: unknown) =>
  new BuildError('BUILD_LOCK_INVALID', `${line === 0 ? path : `${path}:${line}`}: ${what}`, {
    details: { status: 1, path, line },
    cause,
    hint: 'Correct it, or remove the file: the next build writes a new one.',
  });
