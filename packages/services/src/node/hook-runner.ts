import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import type { Readable } from 'node:stream';

import type { AbortOptions, Clock } from '@hab/core';
import { createOutputPipes } from '@hab/core/node';
import { LineSplitter, type ProcessExit } from '@hab/launcher';
import { groupLives, killGroup, signalGroup } from '@hab/launcher/node';

import type { ServiceIdentity } from './identity.ts';

export interface HookRun extends AbortOptions {
  /** Rendered hook, run by its shebang. */
  readonly path: string;
  /** Complete environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly identity: ServiceIdentity;
  readonly stdoutLog: string;
  readonly stderrLog: string;
  /** Whole process group killed after this long. */
  readonly timeoutMs: number;
  /** Each line, as it comes. */
  readonly onLine: (line: string) => void;
}

export interface HookResult extends ProcessExit {
  /** What it wrote, up to {@link MAX_KEPT_BYTES} each, from the start. */
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  readonly durationMs: number;
}

/** Bytes kept of each stream; the log files hold all of it. */
export const MAX_KEPT_BYTES: number = 64 * 1024;
/** A child that outlives its hook may keep a pipe open; its output is not waited for. */
const PIPE_GRACE_MS = 200;
/** A group that was asked to end is killed after this. */
const KILL_GRACE_MS = 2000;
/** What its leader left behind, after this. Long enough for what ends on its own. */
const GROUP_GRACE_MS = 200;
/** Nothing tells of the end of a group. */
const GROUP_LOOK_MS = 20;

/**
 * Runs a hook in a process group of its own, reading both outputs as they come.
 *
 * @throws The system error when it cannot be started; never for its exit status. An abort ends the group and resolves.
 * @see spec/templating 12
 */
export async function runHook(run: HookRun, clock: Clock): Promise<HookResult> {
  const startMs = clock.monotonic();
  const [file, ...args] = command(run);
  const pipes = await createOutputPipes('out', 'err');
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', pipes.out.writeFd, pipes.err.writeFd],
    env: run.env,
  });
  const exited = exitOf(child);
  pipes.out.closeWrite();
  pipes.err.closeWrite();
  const out = collect(pipes.out.readable, run.stdoutLog, run.onLine);
  const err = collect(pipes.err.readable, run.stderrLog, run.onLine);
  const over = new AbortController();
  const ended = exited.finally(() => over.abort());
  const timedOut = guard(child, run, clock, over.signal);
  try {
    const exit = await ended;
    await Promise.race([Promise.all([out.done, err.done]), clock.sleep(PIPE_GRACE_MS)]);
    return {
      ...exit,
      stdout: out.text(),
      stderr: err.text(),
      timedOut: await timedOut,
      durationMs: clock.monotonic() - startMs,
    };
  } finally {
    over.abort();
    pipes.out.readable.destroy();
    pipes.err.readable.destroy();
    await Promise.all([out.close(), err.close()]);
  }
}

function command({ path, identity }: HookRun): [string, ...string[]] {
  if (!identity.switches || identity.uid === process.geteuid?.()) return [path];
  return ['setpriv', `--reuid=${identity.uid}`, `--regid=${identity.gid}`, '--init-groups', '--', path];
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', reject);
  });
}

/** Ends the group when time is up or nobody wants the result any more. @returns whether time was up. */
async function guard(
  child: ChildProcess,
  { timeoutMs, signal }: HookRun,
  clock: Clock,
  over: AbortSignal,
): Promise<boolean> {
  const cut = signal === undefined ? over : AbortSignal.any([signal, over]);
  const timedOut = await clock.sleep(timeoutMs, { signal: cut }).then(
    () => true,
    () => false,
  );
  const { pid } = child;
  if (over.aborted || pid === undefined) return false;
  signalGroup(pid, 'SIGTERM');
  await clock.sleep(KILL_GRACE_MS, { signal: over }).catch(() => undefined);
  // Its leader may end at once while others of the group do not: they get a moment, then none of them lives.
  for (let waitedMs = 0; waitedMs < GROUP_GRACE_MS && groupLives(pid); waitedMs += GROUP_LOOK_MS) {
    await clock.sleep(GROUP_LOOK_MS);
  }
  await killGroup(pid, { clock, timeoutMs: KILL_GRACE_MS });
  return timedOut;
}

interface Collected {
  readonly done: Promise<void>;
  text(): string;
  close(): Promise<void>;
}

function collect(from: Readable, log: string, onLine: (line: string) => void): Collected {
  const splitter = new LineSplitter();
  const file: WriteStream = createWriteStream(log, { mode: 0o644 });
  // A log that cannot be written must not fail the hook; its lines still reach the console.
  file.on('error', () => undefined);
  let kept = '';
  const take = (lines: readonly string[]): void => {
    for (const line of lines) {
      if (kept.length < MAX_KEPT_BYTES) kept += `${line}\n`.slice(0, MAX_KEPT_BYTES - kept.length);
      file.write(`${line}\n`);
      onLine(line);
    }
  };
  from.setEncoding('utf8');
  from.on('data', (text: string) => take(splitter.push(text)));
  const done = new Promise<void>((resolve) => {
    from.once('close', () => {
      take(splitter.flush());
      resolve();
    });
  });
  return {
    done,
    text: () => kept,
    close: () => new Promise<void>((resolve) => (file.closed || file.errored ? resolve() : file.end(() => resolve()))),
  };
}
