import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

import type { ChildJob, ChildReport } from './store-child.ts';

/** A child that waits to be told to begin. */
export interface StoreChild {
  begin(): void;
  /** What it reports when it is let live. */
  readonly report: Promise<ChildReport>;
  /** Kills it and its helpers after some of its events and a delay; at its end at the latest. */
  killAfter(events: number, delayMs: number): Promise<void>;
}

const SCRIPT = fileURLToPath(new URL('store-child.ts', import.meta.url));

/** Starts a child, in a process group of its own. @param wrapper - A program in front of Node. */
export async function startChild(job: ChildJob, wrapper: readonly string[] = []): Promise<StoreChild> {
  const [program = '', ...args] = [...wrapper, process.execPath, SCRIPT, JSON.stringify(job)];
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  child.stdin.on('error', () => {}); // it may be dead already
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wakeAll = (): void => {
    for (const wake of waiting) wake();
  };
  let errors = '';
  let ended = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line);
    wakeAll();
  });
  const closed = once(child, 'close').then(() => {
    ended = true;
    wakeAll();
  });
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!condition() && !ended) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
    });

  await until(() => lines.length > 0);
  if (lines[0] !== 'ready') throw new Error(`child did not start: ${errors}`);
  const report = closed.then(() => {
    const last = lines.at(-1) ?? '';
    return last.startsWith('done ') ? (JSON.parse(last.slice(5)) as ChildReport) : failWith(errors);
  });
  return {
    begin: () => void child.stdin.end('\n'),
    report,
    async killAfter(events, delayMs) {
      report.catch(() => undefined); // nothing is expected of it
      await until(() => lines.length > events);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      killGroup(child.pid);
      await closed;
      while (child.pid !== undefined && hasLivingMember(child.pid)) await new Promise((next) => setImmediate(next));
    },
  };
}

function failWith(errors: string): never {
  throw new Error(`child died: ${errors}`);
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it had ended
  }
}

/** A helper that is killed together with its parent may hold descriptors for a moment longer. */
function hasLivingMember(group: number): boolean {
  return readdirSync('/proc').some((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , member] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /s, '')
        .split(' ');
      return Number(member) === group && state !== 'Z' && state !== 'X';
    } catch {
      return false;
    }
  });
}
