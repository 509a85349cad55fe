import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BashSession, type Tell } from '../../src/node/bash-session.ts';
import { BuildStdio } from '../../src/node/stdio.ts';
import { assignListText, assignText } from '../../src/shell-text.ts';
import { parseShellVariables, type ShellVariables, textOf } from '../../src/shell-variables.ts';

/** A bash process with our helpers and nothing else. */
export class HelperSession {
  readonly directory: string = mkdtempSync(join(tmpdir(), 'hab-helpers-'));
  readonly questions: (readonly string[])[] = [];
  answer: (verb: string, args: readonly string[], tell: Tell) => number | Promise<number> = () => 0;
  output = '';
  errors = '';
  readonly session: BashSession;

  private constructor(openSession: (self: HelperSession) => BashSession) {
    this.session = openSession(this);
  }

  static async start(environment: Readonly<Record<string, string>> = {}): Promise<HelperSession> {
    const decoder = new TextDecoder();
    let opened: HelperSession | undefined;
    const stdio = await BuildStdio.open({
      output: (chunk) => {
        if (opened !== undefined) opened.output += decoder.decode(chunk);
      },
      errors: (chunk) => {
        if (opened !== undefined) opened.errors += decoder.decode(chunk);
      },
    });
    opened = new HelperSession(
      (self) =>
        new BashSession({
          bash: 'bash',
          cwd: self.directory,
          environment: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', TMPDIR: self.directory, ...environment },
          stdio,
          handler: {
            answer: (verb, args, tell) => {
              self.questions.push([verb, ...args]);
              return self.answer(verb, args, tell);
            },
            note: () => undefined,
          },
          programName: 'hab-plan-build',
        }),
    );
    await opened.session.start();
    return opened;
  }

  /** Runs text and returns the named variables. */
  async run(script: string, ...names: readonly string[]): Promise<ShellVariables> {
    const messages = await this.session.run(`${script}\n__hab_dump variables ${names.join(' ')}`);
    return parseShellVariables(messages.find(({ verb }) => verb === 'variables')?.fields ?? []);
  }

  /** Status and output of one call; arguments arrive as they are. */
  async call(...words: readonly string[]): Promise<{ status: number; output: string }> {
    const script = [
      assignListText('call', words),
      'status=0',
      `output=$("\${call[@]}" 2>${join(this.directory, 'stderr')}) || status=$?`,
    ].join('\n');
    const variables = await this.run(script, 'status', 'output');
    return { status: Number(textOf(variables, 'status')), output: textOf(variables, 'output') };
  }

  async set(name: string, value: string): Promise<void> {
    await this.run(assignText(name, value));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.session.hangUp();
    await this.session.ended;
    rmSync(this.directory, { recursive: true, force: true });
  }
}
