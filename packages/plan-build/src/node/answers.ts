import { readFile, stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { complain, failureScript, reportScript, sayLast } from '../console-lines.ts';
import {
  buildTime,
  failureLines,
  interruptedLines,
  lineOfCommand,
  parseStopReport,
  planPlace,
  type StopReport,
  stopError,
  stoppedLines,
} from '../failure.ts';
import { quoteWord } from '../shell-text.ts';
import { cleanCache } from './answer-clean.ts';
import { buildConfig, buildService } from './answer-configuration.ts';
import { changeEnvironment } from './answer-environment.ts';
import { download, unpack, verify } from './answer-source.ts';
import { strip } from './answer-strip.ts';
import { updateVersion } from './answer-version.ts';
import type { Tell } from './bash-session.ts';
import { type BuildState, stopPlace } from './build-state.ts';
import { explain } from './explain.ts';
import { MAX_PLAN_BYTES } from './load-plan.ts';
import { outputPath } from './output-directory.ts';
import { forgetUnfinished } from './unfinished.ts';

/** Answers one question of a helper; the number becomes the helper's status. */
export type Answer = (state: BuildState, args: readonly string[], tell: Tell) => Promise<number> | number;

const ANSWERS: ReadonlyMap<string, Answer> = new Map<string, Answer>([
  ['download', download],
  ['verify', verify],
  ['unpack', unpack],
  ['version', updateVersion],
  ['environment', changeEnvironment],
  ['clean', cleanCache],
  ['build-config', buildConfig],
  ['build-service', buildService],
  ['strip', strip],
  ['prompt', prompt],
  ['stopped', stopped],
]);

/** A plan may have another way: `download_file ... || download_file ...`. Unguarded, the status ends the build as ever. */
const GUARDABLE: ReadonlySet<string> = new Set(['BUILD_DOWNLOAD_FAILED', 'BUILD_ARCHIVE_INVALID']);

/** Answers, and turns a failure into bash text that reports it and ends the build. */
export async function answer(state: BuildState, verb: string, args: readonly string[], tell: Tell): Promise<number> {
  const handler = ANSWERS.get(verb);
  if (handler === undefined) throw new Error(`bash asked for '${verb}', which nobody answers`);
  if (verb !== 'stopped') state.problem = undefined;
  try {
    return await handler(state, args, tell);
  } catch (error) {
    state.signal?.throwIfAborted();
    const known = explain(error, `Cannot ${verb}`);
    if (known === undefined) throw error;
    state.problem = known;
    tell(GUARDABLE.has(known.code) ? reportScript(known) : failureScript(known));
    return known.details.status;
  }
}

/**
 * bash forgets the line when it gives up on a command itself, as on an unset variable under `set -u`; and of a callback that
 * returned a status it knows where that callback begins.
 */
async function withLine(report: StopReport): Promise<StopReport> {
  const { file, line } = planPlace(report);
  const inner = report.frames[0];
  if (file === undefined || inner?.file !== file) return report;
  if (report.kind === 'returned') {
    const found = lineOfCommand(await planText(file), report.text) ?? 0;
    return { ...report, kind: 'error', line: Math.max(report.line, found) };
  }
  if (report.kind !== 'shell' || line !== undefined) return report;
  return { ...report, line: lineOfCommand(await planText(file), report.text) ?? 0 };
}

async function planText(file: string): Promise<string> {
  const size = (await stat(file).catch(() => undefined))?.size ?? 0;
  return size > MAX_PLAN_BYTES ? '' : await readFile(file, 'utf8').catch(() => '');
}

/** Turns of the event loop in which a signal that the machine has delivered arrives for certain: this one, and a whole one. */
const TURNS_OF_SIGNALS = 2;

/** `attach`: the person at the terminal goes first. */
async function prompt(state: BuildState, [open = '']: readonly string[]): Promise<number> {
  // An interrupt of the session may still wait to be told to this process: it comes first.
  if (open === '') for (let turn = 0; turn < TURNS_OF_SIGNALS; turn++) await setImmediate();
  state.onProgress({ type: 'build:prompt', open: open !== '' });
  return 0;
}

/** The last question of a build that stops early: what to tell about it. */
async function stopped(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const parsed = parseStopReport(args);
  // Between callbacks bash does not know what is going on.
  const report = await withLine({ ...parsed, phase: parsed.phase || state.step });
  state.stop = report;
  await forgetUnfinished(state);
  const took = `Build time: ${buildTime(state.world.clock.monotonic() - state.startedMs)}`;
  if (report.status === 0 && report.kind !== 'signal') {
    tell(stoppedLines(report).map(complain).join('\n'));
    tell(sayLast(took));
    return 0;
  }
  // What a helper reported is the reason only when the build stops with it; a plan may have shrugged it off.
  const same =
    state.problem !== undefined && report.kind !== 'signal' && report.status === state.problem.details.status;
  const error = same && state.problem !== undefined ? state.problem : stopError(report);
  state.problem = error;
  const explained = same || (report.kind === 'exit' && report.text !== '');
  const lines = [...failureLines(report, error, stopPlace(state) ?? planPlace(report), explained, state.note)];
  if (report.kind === 'signal') {
    lines.push(...interruptedLines(outputPath(state), `${state.programName} ${quoteWord(state.context)}`));
  }
  if (lines.length > 0) tell(lines.map(sayLast).join('\n'));
  tell(sayLast(took));
  return 0;
}
