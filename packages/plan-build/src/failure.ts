import { BuildError, type PlanPlace } from './errors.ts';
import { redactText } from './proxy.ts';

export type StopKind = 'error' | 'returned' | 'shell' | 'exit' | 'signal';

const STOP_KINDS: readonly StopKind[] = ['error', 'returned', 'shell', 'exit', 'signal'];

/** What the bash process tells about its end. @see src/bash/ending.sh */
export interface StopReport {
  /**
   * A command failed; a callback ended with a status, of which only its first line is known; bash itself gave up on a
   * command; the plan called `exit`; or a signal came.
   */
  readonly kind: StopKind;
  readonly status: number;
  /** Line in the file of the innermost frame; 0 when unknown. */
  readonly line: number;
  /** The failing command, the words of `exit_with`, or the signal's name. */
  readonly text: string;
  readonly phase: string;
  /** Innermost function first. */
  readonly frames: readonly StopFrame[];
}

export interface StopFrame {
  readonly function: string;
  readonly file: string;
  /** Line in `file` that was running. */
  readonly line: number;
}

/** Where a subshell broke off. */
export interface SubshellNote {
  readonly status: number;
  readonly line: number;
  readonly command: string;
  readonly file: string;
}

/** Reads the fields of a `note`. */
export function parseSubshellNote(fields: readonly string[]): SubshellNote {
  const [status = '1', line = '0', command = '', file = ''] = fields;
  return { status: Number(status), line: Number(line), command: redactText(command), file };
}

/**
 * Where reading a file went wrong, out of the fields of a `loading` message: file, what bash cannot understand in it, and
 * the last command that ran with its file and line.
 */
export function parseLoadingPlace(fields: readonly string[]): Omit<PlanPlace, 'phase'> {
  const [file = '', syntax = '', atFile = '', atLine = '', command = ''] = fields;
  for (const line of syntax.split('\n')) {
    if (!line.startsWith(`${file}: line `)) continue;
    const [, number = '', problem = ''] = /^(\d{1,9}): (.*)$/s.exec(line.slice(`${file}: line `.length)) ?? [];
    if (number !== '') return { file, line: Number(number), command: problem };
  }
  if (atFile === '') return {};
  return { file: atFile, ...(Number(atLine) > 0 ? { line: Number(atLine) } : {}), command: redactText(command) };
}

/** Reads the arguments of a `stopped` question; `frames` are rows of function, file and the line of the call. */
export function parseStopReport(args: readonly string[]): StopReport {
  const [kind = 'error', status = '1', line = '0', text = '', phase = '', ...rest] = args;
  const frames: StopFrame[] = [];
  for (let at = 0; at + 2 < rest.length; at += 3) {
    frames.push({ function: rest[at] ?? '', file: rest[at + 1] ?? '', line: Number(rest[at + 2]) });
  }
  return {
    kind: STOP_KINDS.find((known) => known === kind) ?? 'error',
    status: Number(status),
    line: Number(line),
    text,
    phase,
    frames,
  };
}

/** Files that a person wrote: not this program's own bash, which has no file. */
const isPlanFile = (file: string): boolean => file.startsWith('/');

/** The phase in which a plan is read. */
export const LOAD_PHASE = 'load';

/** The place in the plan, or in what it sources, where things went wrong. */
export function planPlace(report: StopReport): PlanPlace {
  const { kind, phase } = report;
  const at = report.frames.findIndex(({ file }) => isPlanFile(file));
  const frame = report.frames[at];
  const text = kind === 'exit' ? endingCommand(report, report.frames[at - 1]?.function) : report.text;
  const command = kind === 'signal' || text === undefined ? {} : { command: redactText(text) };
  if (frame === undefined) return { phase, ...command };
  // The innermost frame knows its line from the trap for failing commands alone; the others from the call they make.
  const line = at > 0 ? frame.line : report.line;
  return { phase, file: frame.file, ...(line > 0 ? { line } : {}), ...command };
}

/** What a plan called to end its build: `exit` itself, or a helper that saw no way on. */
function endingCommand({ status }: StopReport, called: string | undefined): string | undefined {
  return called === 'exit' ? `exit ${status}` : called;
}

/**
 * The line of a command that bash gave up on without saying where: the only one of the file that has its text.
 *
 * @returns undefined when no line, or more than one, has it.
 */
export function lineOfCommand(fileText: string, command: string): number | undefined {
  const wanted = command.split('\n', 1)[0]?.trim() ?? '';
  if (wanted === '') return undefined;
  const lines = fileText.split('\n');
  const at = lines.findIndex((line) => line.includes(wanted));
  return at < 0 || lines.findIndex((line, later) => later > at && line.includes(wanted)) >= 0 ? undefined : at + 1;
}

/** The error behind the end of a build that nothing else explains. */
export function stopError(report: StopReport): BuildError {
  const place = planPlace(report);
  const where = report.phase === LOAD_PHASE ? 'The plan' : report.phase;
  if (report.kind === 'signal') {
    return new BuildError('BUILD_INTERRUPTED', `Interrupted by SIG${report.text}`, {
      details: { status: report.status, signal: `SIG${report.text}` },
    });
  }
  const message =
    report.kind === 'exit'
      ? redactText(report.text) || `${where} called 'exit ${report.status}'`
      : `${where} failed with status ${report.status}`;
  return new BuildError('BUILD_PHASE_FAILED', message, {
    details: { status: report.status, ...place },
    ...hintFor(report),
  });
}

function hintFor({ kind, status, text }: StopReport): { hint?: string } {
  if (kind !== 'error' || status !== 127) return {};
  const program = text.split(/\s/, 1)[0] ?? '';
  if (program === './configure') {
    return { hint: 'The sources have no configure script: define do_build and do_install in the plan.' };
  }
  if (program.includes('/')) return { hint: `There is no file '${program}' in the directory of this callback.` };
  return {
    hint: `'${program}' was not found: name the package that brings it in pkg_build_deps, or check the path.`,
  };
}

/** Most characters of a command that a report shows. */
const MAX_COMMAND = 300;

/**
 * What a person is told about the failure: phase, status, then file, line and command.
 *
 * @param place - Of the failure.
 * @param explained - The message was printed already.
 */
export function failureLines(
  report: StopReport,
  error: BuildError,
  place: PlanPlace,
  explained: boolean,
  note?: SubshellNote,
): readonly string[] {
  const lines = explained ? [] : error.message.split('\n');
  if (report.kind === 'signal') return lines;
  const { phase, file, line, command } = place;
  // A helper that gave up has told more than its name does.
  const told = explained && phase !== LOAD_PHASE;
  const shown = command === undefined || told ? '' : shorten(command);
  const inPhase = told ? ` (${phase})` : '';
  const at = line === undefined ? file : `${file}:${line}`;
  const inner = report.frames[0]?.function ?? '';
  const isDefault = at === undefined && inner.startsWith('do_default_') && report.kind !== 'exit';
  if (isDefault) lines.push(`  in ${inner} of this program, for the plan has no ${report.phase} of its own: ${shown}`);
  else if (at !== undefined) lines.push(`  at ${at}${inPhase}${shown === '' ? '' : `: ${shown}`}`);
  else lines.push(`  in phase ${phase}${shown === '' ? '' : `: ${shown}`}`);
  const reason = explained || note === undefined ? undefined : innerLine(report, note);
  if (reason !== undefined) lines.push(reason);
  if (!explained && error.hint !== undefined) lines.push(error.hint);
  return lines;
}

/** The first line of a command, as much as a line of output holds. */
const shorten = (command: string): string => command.slice(0, MAX_COMMAND).split('\n', 1)[0] ?? '';

/** The command inside a substitution or a subshell, when the failing command has one and ended with its status. */
function innerLine(report: StopReport, note: SubshellNote): string | undefined {
  const waited = report.kind === 'error' && note.status === report.status && /[(`]/.test(report.text);
  if (!waited || note.command === redactText(report.text)) return undefined;
  return `  because of: ${shorten(note.command)}`;
}

/** What a person is told when a plan ended its own build with status 0. */
export function stoppedLines(report: StopReport): readonly string[] {
  const where = report.phase === LOAD_PHASE ? 'the plan' : report.phase;
  const { file, line } = planPlace(report);
  const at = file === undefined ? [] : [`  at ${line === undefined ? file : `${file}:${line}`}`];
  return [`'exit 0' in ${where} ended the build here: no artifact was made`, ...at];
}

/** What a person is told who stopped a build: what is left of it, and how to go on. */
export function interruptedLines(outputDirectory: string, again: string): readonly string[] {
  return [
    `Nothing of this build was kept but its downloads; ${outputDirectory} has the results of earlier builds`,
    `To build again from the start: ${again}`,
  ];
}

/** `1m5s` */
export function buildTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
