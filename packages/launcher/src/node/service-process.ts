import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

import type { LauncherMessages } from '../messages.ts';
import { formatOutputLine, LineSplitter, type OutputStyle } from '../output-line.ts';
import type { ProcessExit } from '../supervisor-exit.ts';
import { type IdentityPowers, readStartTicks } from './proc.ts';

/** Where the lines of all services go. */
export interface ServiceOutput {
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly style: OutputStyle;
}

/** A running service, child of this process and leader of its group. */
export interface ServiceProcess {
  readonly id: string;
  readonly pid: number;
  readonly startTicks: number;
  readonly exit: Promise<ProcessExit>;
}

/**
 * Starts a service: own session and process group, no standard input, both outputs held here and written line by line.
 *
 * @throws The system error when the program cannot be started.
 * @see spec/supervisor 7.5
 */
export async function startService(
  request: LauncherMessages['Spawn'],
  inherited: Readonly<Record<string, string | undefined>>,
  powers: IdentityPowers,
  output: ServiceOutput,
): Promise<ServiceProcess> {
  const { id = '', env = {} } = request;
  const [file, ...args] = command(request, powers);
  // Node's child starts with default dispositions and an empty signal mask, as a service wants it.
  const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env: { ...inherited, ...env } });
  const exit = new Promise<ProcessExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const { pid } = child;
  if (pid === undefined) throw await new Promise((resolve) => child.once('error', resolve));
  child.on('error', () => undefined);
  forwardLines(child, id, output);
  return { id, pid, startTicks: readStartTicks(pid) ?? 0, exit };
}

/** `setpriv` keeps the supplementary groups of the user, which Node's own uid option drops. */
function command(request: LauncherMessages['Spawn'], powers: IdentityPowers): [string, ...string[]] {
  const { binary = '', svcUserId, svcGroupId } = request;
  const same = svcUserId === process.geteuid?.() && svcGroupId === process.getegid?.();
  if (!powers.switchUser || svcUserId === undefined || svcGroupId === undefined || same) return [binary];
  return ['setpriv', `--reuid=${svcUserId}`, `--regid=${svcGroupId}`, '--init-groups', '--', binary];
}

function forwardLines(child: ChildProcess, id: string, { stdout, stderr, style }: ServiceOutput): void {
  if (child.stdout !== null) forward(child.stdout, stdout, (line) => formatOutputLine(id, 'O', line, style));
  if (child.stderr !== null) forward(child.stderr, stderr, (line) => formatOutputLine(id, 'E', line, style));
}

function forward(from: Readable, to: Writable, format: (line: string) => string): void {
  const splitter = new LineSplitter();
  const write = (lines: readonly string[]): void => {
    if (lines.length === 0) return;
    if (to.write(lines.map(format).join(''))) return;
    from.pause();
    to.once('drain', () => from.resume());
  };
  from.setEncoding('utf8');
  from.on('data', (text: string) => write(splitter.push(text)));
  from.on('end', () => write(splitter.flush()));
}
