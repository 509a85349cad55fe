import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';

import type { ChangeReaction, TerminationReason } from '../lifecycle.ts';

/** What a process still has coming, kept for whoever takes the process over. A few bytes: not worth a trip to the thread pool. */
export function writePending(path: string, pid: number, what = ''): void {
  writeFileSync(path, `${pid} ${what}`, { mode: 0o644 });
}

/** @returns undefined when that very process has nothing coming. */
export function readPending(path: string, pid: number): string | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return text.startsWith(`${pid} `) ? text.slice(`${pid} `.length) : undefined;
}

export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

const CHANGES: readonly TerminationReason[] = [
  'app_config_updated',
  'init_hook_updated',
  'run_hook_updated',
  'post_run_hook_updated',
];

export const formatReaction = (reaction: ChangeReaction): string =>
  reaction.type === 'restart' ? reaction.reason : reaction.type;

/** @returns undefined for a text that is no reaction. */
export function parseReaction(text: string): ChangeReaction | undefined {
  if (text === 'reconfigure') return { type: 'reconfigure' };
  const reason = CHANGES.find((candidate) => candidate === text);
  return reason === undefined ? undefined : { type: 'restart', reason };
}
