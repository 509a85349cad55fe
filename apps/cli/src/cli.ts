import { createCallerLayout, isHabError } from '@hab/core';
import { Command, CommanderError } from 'commander';

import { aliasesOf, expandTopWord } from './abbreviations.ts';
import type { CliIo, CommandContext } from './context.ts';
import { readSettings, type Settings } from './settings.ts';
import { type Glyphs, Ui, wantsColor } from './ui.ts';
import { VERSION } from './version.ts';

/** Adds the commands of one group below `parent`. */
export type Register = (parent: Command, context: CommandContext) => void;

interface Group {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<{ readonly register: Register }>;
}

/** Only the group that was asked for is loaded: starting is most of what a short command costs. */
const GROUPS: readonly Group[] = [
  { name: 'origin', summary: 'Keys of the origins that sign packages', load: () => import('./commands/origin.ts') },
  { name: 'pkg', summary: 'Build, install, look at and remove packages', load: () => import('./commands/pkg.ts') },
  { name: 'plan', summary: 'Start and check plans', load: () => import('./commands/plan.ts') },
  { name: 'sup', summary: 'Run and stop the Supervisor', load: () => import('./commands/sup.ts') },
  { name: 'svc', summary: 'Load, start, stop and watch services', load: () => import('./commands/svc.ts') },
  {
    name: 'config',
    summary: 'Change and show the configuration of running services',
    load: () => import('./commands/config.ts'),
  },
  { name: 'file', summary: 'Send files to running services', load: () => import('./commands/file.ts') },
  { name: 'ring', summary: 'Keys that encrypt a ring of Supervisors', load: () => import('./commands/ring.ts') },
  { name: 'user', summary: 'Keys of the people who may configure services', load: () => import('./commands/user.ts') },
  { name: 'license', summary: 'Nothing to accept: kept for scripts', load: () => import('./commands/license.ts') },
];

/** Words at the top that stand for a longer command. See spec/cli 1.5. */
const SHORTCUTS: Readonly<Record<string, readonly string[]>> = {
  apply: ['config', 'apply'],
  install: ['pkg', 'install'],
  build: ['pkg', 'build'],
  run: ['sup', 'run'],
  start: ['svc', 'start'],
  stop: ['svc', 'stop'],
  term: ['sup', 'term'],
};

/** Runs one command. @returns its exit status. */
export async function runCli(words: readonly string[], io: CliIo): Promise<number> {
  const argv = expandShortcut(words);
  const settings = readSettings(io.env);
  let exitCode = 0;
  const context: CommandContext = {
    ...io,
    argv,
    settings,
    layout: createCallerLayout(io.env, io.effectiveUid),
    ui: createUi(argv, io, settings),
    exit: (code) => {
      exitCode = code;
    },
  };
  try {
    const program = await createProgram(argv, context);
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, context);
  }
}

function createUi(argv: readonly string[], { stdout, stderr }: CliIo, settings: Settings): Ui {
  return new Ui({
    stdout,
    stderr,
    color: { stdout: wantsColor(stdout, settings), stderr: wantsColor(stderr, settings) },
    glyphs: readGlyphs(settings.HAB_GLYPH_STYLE),
    json: settings.HAB_OUTPUT === 'json' || argv.includes('--json'),
  });
}

function readGlyphs(text: string | undefined): Glyphs {
  const style = text?.toLowerCase();
  return style === 'limited' || style === 'ascii' ? style : 'full';
}

async function createProgram(argv: readonly string[], context: CommandContext): Promise<Command> {
  const program = new Command('hab')
    .description('Build, deploy and run applications that carry their own automation.')
    .version(`hab ${VERSION}`, '-V, --version', 'Print the version')
    .option('--root <dir>', 'Use DIR as /hab, in a private mount namespace [env: HAB_ROOT]; stands first')
    .addHelpText('after', '\nShort forms: hab install, build, run, start, stop, apply, term.')
    .enablePositionalOptions();
  const [wanted] = argv.filter((word) => !word.startsWith('-'));
  const all = wanted === undefined || wanted === 'help' || !GROUPS.some(({ name }) => name === wanted);
  if (wanted === 'plan-build-program') (await import('./commands/plan-build-program.ts')).register(program, context);
  for (const { name, summary, load } of GROUPS) {
    const group = program.command(name).description(summary).aliases(aliasesOf('', name)).enablePositionalOptions();
    if (name === wanted || (all && wanted === 'help')) (await load()).register(group, context);
  }
  speakThrough(context.ui, program);
  return program;
}

/** Commander hands settings down only to commands made after them; ours come from other files. */
function speakThrough(ui: Ui, command: Command): void {
  command
    .exitOverride()
    .showHelpAfterError('(add --help for the options)')
    .configureOutput({ writeOut: (text) => ui.data(text), writeErr: (text) => ui.note(text) });
  for (const child of command.commands) speakThrough(ui, child);
}

function expandShortcut(argv: readonly string[]): string[] {
  const [first, ...rest] = argv;
  if (first === undefined) return [];
  const word = expandTopWord(first);
  return [...(SHORTCUTS[word] ?? [word]), ...rest];
}

/** Exit status of whom a signal ended. */
const STOPPED: Readonly<Record<string, number>> = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 };

function report(error: unknown, { argv, ui, signal }: CommandContext): number {
  if (error instanceof CommanderError) {
    // Help and version are no failure; everything else commander has explained already.
    if (error.code === 'commander.help') return argv.includes('help') ? 0 : 2;
    return ['commander.helpDisplayed', 'commander.version'].includes(error.code) ? 0 : 2;
  }
  if (isHabError(error, 'CLI_EXIT')) return Number((error.details as { exitCode: number }).exitCode);
  if (signal.aborted && error === signal.reason) return STOPPED[signal.reason.message] ?? 130;
  ui.fatal(describe(error));
  return isHabError(error, 'CLI_USAGE') || isHabError(error, 'IDENT_INVALID') ? 2 : 1;
}

function describe(error: unknown): string {
  if (isHabError(error)) return error.hint === undefined ? error.message : `${error.message}\n${error.hint}`;
  if (!(error instanceof Error)) return String(error);
  // A system error names the path itself; anything else without a code is a defect, and its stack helps to report it.
  return 'code' in error ? error.message : (error.stack ?? error.message);
}
