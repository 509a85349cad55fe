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
  readonly session: BashSession;
  readonly questions: (readonly string[])[] = [];
  answer: (verb: string, args: readonly string[], tell: Tell) => number | Promise<number> = () => 0;
  output = '';
  errors = '';

  constructor(environment: Readonly<Record<string, string>> = {}) {
    const decoder = new TextDecoder();
    this.session = new BashSession({
      bash: 'bash',
      cwd: this.directory,
      environment: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', TMPDIR: this.directory, ...environment },
      stdio: new BuildStdio({
        output: (chunk) => {
          this.output += decoder.decode(chunk);
        },
        errors: (chunk) => {
          this.errors += decoder.decode(chunk);
        },
      }),
      handler: {
        answer: (verb, args, tell) => {
          this.questions.push([verb, ...args]);
          return this.answer(verb, args, tell);
        },
        note: () => undefined,
      },
      programName: 'hab-plan-build',
    });
  }

  async start(): Promise<this> {
    await this.session.start();
    return this;
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
