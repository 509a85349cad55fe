import type { Clock, Layout, RandomSource } from '@hab/core';

import type { Settings } from './settings.ts';
import type { TerminalStream, Ui } from './ui.ts';

/** The world of one `hab` command. */
export interface CliIo {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Uint8Array> & { readonly isTTY?: boolean | undefined };
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  readonly cwd: string;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly signal: AbortSignal;
  /** Says who an interrupt from the terminal is for: a prompt that this program opened, or this program. */
  readonly holdInterrupts?: ((held: boolean) => void) | undefined;
  /** Of this process; inside a private root everybody looks like root. */
  readonly effectiveUid: number;
}

/** What an action works with: the world, and what was derived from it once. */
export interface CommandContext extends CliIo {
  /** The command line with shortcuts written out. */
  readonly argv: readonly string[];
  readonly settings: Settings;
  readonly layout: Layout;
  readonly ui: Ui;
  /** Sets the exit status of a command that does not fail by throwing. */
  exit(code: number): void;
}
