import { type ChildProcess, spawn } from 'node:child_process';
import { open, unlink } from 'node:fs/promises';
import type { Duplex, Readable } from 'node:stream';
import { BuildError } from '../errors.ts';
import { BASH_RUNTIME } from '../generated/bash-runtime.ts';
import { commandText } from '../shell-text.ts';
import { type BashMessage, MessageReader } from '../wire.ts';
import type { BuildStdio } from './stdio.ts';

/** Sends bash text that runs at once, before the question is answered. */
export type Tell = (script: string) => void;

/** What the bash process wants from this side. */
export interface SessionHandler {
  /** Answers a question; the number is the status of the helper that asked. */
  answer(verb: string, args: readonly string[], tell: Tell): Promise<number> | number;
  /** A subshell broke off; whether that matters is not known yet. */
  note(fields: readonly string[]): void;
}

export interface SessionOptions {
  readonly bash: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly stdio: BuildStdio;
  readonly handler: SessionHandler;
  /** Shown as the program's name in bash's own messages. */
  readonly programName: string;
}

/** How the bash process ended. */
export interface SessionEnd {
  /** Exit status, or 128 and the number of the signal. */
  readonly status: number;
  /** Set when it could not even start. */
  readonly error?: Error | undefined;
}

/** Rejection of a command that the bash process did not live to finish. */
export class SessionEnded extends Error {}

/** A bash process that waits for commands. */
export class BashSession {
  readonly ended: Promise<SessionEnd>;
  readonly #child: ChildProcess;
  readonly #commands: Duplex;
  readonly #handler: SessionHandler;
  readonly #reader = new MessageReader();
  #replies: BashMessage[] = [];
  #waiting: { resolve: (messages: BashMessage[]) => void; reject: (error: Error) => void } | undefined;
  #broken: Error | undefined;
  #over = false;

  constructor(options: SessionOptions) {
    this.#handler = options.handler;
    this.#child = spawn(options.bash, ['-c', BASH_RUNTIME, options.programName], {
      cwd: options.cwd,
      env: options.environment,
      stdio: [...options.stdio.descriptors, 'pipe', 'pipe'],
    });
    options.stdio.handedOver();
    this.#commands = this.#child.stdio[4] as Duplex; // a pipe: asked for above
    // A write that finds nobody is seen by whoever waits for `ended`.
    this.#commands.on('error', () => undefined);
    const messages = this.#child.stdio[3] as Readable; // a pipe: asked for above
    messages.on('error', () => undefined);
    messages.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    this.ended = this.#watchEnd(options.stdio);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Resolves when the process says that it is there. */
  async start(): Promise<void> {
    await this.#next();
  }

  /**
   * Runs bash text at the top of the process and returns what it sent.
   *
   * @throws {@link SessionEnded} when the text ended the process.
   */
  async run(script: string): Promise<readonly BashMessage[]> {
    const done = this.#next();
    this.#commands.write(`0:${script}\0`);
    return await done;
  }

  /** Ends the conversation; a process that waits for an answer gives up. */
  hangUp(): void {
    this.#commands.destroy();
  }

  #next(): Promise<BashMessage[]> {
    return new Promise((resolve, reject) => {
      if (this.#over || this.#broken !== undefined) reject(this.#broken ?? new SessionEnded('bash has ended'));
      else this.#waiting = { resolve, reject };
    });
  }

  async #watchEnd(stdio: BuildStdio): Promise<SessionEnd> {
    const end = await new Promise<SessionEnd>((resolve) => {
      this.#child.once('error', (error) => resolve({ status: 127, error }));
      // Not 'close': a background program of the plan may hold the pipes open for as long as it lives.
      this.#child.once('exit', (code, signal) => resolve({ status: code ?? 128 + signalNumber(signal) }));
    });
    await stdio.drained();
    this.#over = true;
    this.#waiting?.reject(new SessionEnded('bash has ended'));
    this.#child.stdio[3]?.destroy();
    this.#commands.destroy();
    return this.#broken === undefined ? end : { ...end, error: this.#broken };
  }

  #receive(chunk: Uint8Array): void {
    if (this.#broken !== undefined) return;
    try {
      for (const message of this.#reader.push(chunk)) this.#dispatch(message);
    } catch (cause) {
      this.#broken = new BuildError('BUILD_BASH_FAILED', 'The plan wrote into the channel of the build program', {
        details: { status: 1 },
        cause,
      });
      this.#child.kill('SIGKILL');
    }
  }

  #dispatch({ verb, fields }: BashMessage): void {
    if (verb === 'ready') {
      const replies = this.#replies;
      this.#replies = [];
      this.#waiting?.resolve(replies);
      this.#waiting = undefined;
    } else if (verb === 'ask') {
      const [id = '', ...question] = fields;
      void this.#answer(question, (text) => void this.#commands.write(`${id}:${text}\0`));
    } else if (verb === 'ask-at') {
      void this.#answerAt(fields);
    } else if (verb === 'note') {
      this.#handler.note(fields);
    } else {
      this.#replies.push({ verb, fields });
    }
  }

  async #answer([verb = '', ...args]: readonly string[], write: (text: string) => void): Promise<void> {
    let status: number;
    try {
      status = await this.#handler.answer(verb, args, write);
    } catch (error) {
      // The handler turns what it knows into a script; this is a bug, which must not leave bash waiting.
      this.#broken ??= error instanceof Error ? error : new Error(String(error));
      write(commandText('builtin exit', '1'));
      status = 1;
    }
    write(`.${status}`);
  }

  async #answerAt([path = '', ...question]: readonly string[]): Promise<void> {
    const parts: string[] = [];
    await this.#answer(question, (text) => void parts.push(`0:${text}\0`));
    try {
      const file = await open(path, 'w');
      await unlink(path).catch(() => undefined);
      await file.writeFile(parts.join(''));
      await file.close();
    } catch {
      // The subshell is gone, and with it whoever wanted the answer.
    }
  }
}

const SIGNAL_NUMBERS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGKILL: 9, SIGTERM: 15 };

/** Number of the signals that end builds; anything else counts as a kill. */
export function signalNumber(signal: string | null): number {
  return SIGNAL_NUMBERS[signal ?? ''] ?? 9;
}
