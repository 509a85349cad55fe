import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BINARY_HEADER_BYTES, type BinaryKind, binaryKind, STRIP_OPTIONS } from '../binary-kind.ts';
import { say } from '../console-lines.ts';
import { BuildError } from '../errors.ts';
import { assignText, commandText } from '../shell-text.ts';
import type { Tell } from './bash-session.ts';
import type { BuildState } from './build-state.ts';
import { findProgram } from './programs.ts';
import { regularFiles } from './regular-files.ts';

const OWNER_WRITES = 0o200;
/** Files of one call of `strip`: far below what a command line holds. */
const FILES_PER_CALL = 500;

/**
 * `do_default_strip`: judges the files here, which costs no process for each, and lets the plan's own `strip` do the
 * work. @see spec/plan-build, 6.6
 */
export async function strip(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [prefix = '', wanted = '', path = ''] = args;
  if (wanted === 'false') {
    tell(say("Not stripping: the plan sets pkg_strip to 'false'"));
    return 0;
  }
  const files = await binaries(prefix, state.signal);
  if (files.size > 0 && findProgram('strip', path) === undefined) {
    throw new BuildError('BUILD_TOOL_MISSING', `'strip' is on no path, and ${files.size} kind(s) of files need it`, {
      details: { status: 1, tool: 'strip' },
      hint: 'Add the package with binutils to pkg_build_deps, or set pkg_strip=false.',
    });
  }
  const calls: string[] = [];
  for (const [kind, paths] of files) {
    for (let at = 0; at < paths.length; at += FILES_PER_CALL) {
      calls.push(commandText('strip', STRIP_OPTIONS[kind], ...paths.slice(at, at + FILES_PER_CALL)));
    }
  }
  if (calls.length > 0) tell(assignText('__hab_script', calls.join(' && ')));
  return 0;
}

/** Writable files below the prefix that can be stripped, by kind. */
async function binaries(prefix: string, signal: AbortSignal | undefined): Promise<Map<BinaryKind, string[]>> {
  const found = new Map<BinaryKind, string[]>();
  for (const { text: path } of await regularFiles(prefix, signal)) {
    signal?.throwIfAborted();
    // A command line of ours is text, so what has no text stays as it is.
    if (path === undefined) continue;
    const kind = kindOf(path);
    if (kind === undefined) continue;
    const paths = found.get(kind) ?? [];
    paths.push(path);
    found.set(kind, paths);
  }
  return found;
}

/** Synchronous: three short system calls for each file beat thirty thousand trips to a thread. */
function kindOf(path: string): BinaryKind | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    // Not readable, so not ours to change.
    return undefined;
  }
  try {
    if ((fstatSync(file).mode & OWNER_WRITES) === 0) return undefined;
    const header = new Uint8Array(BINARY_HEADER_BYTES);
    return binaryKind(header.subarray(0, readSync(file, header, 0, BINARY_HEADER_BYTES, 0)));
  } finally {
    closeSync(file);
  }
}
