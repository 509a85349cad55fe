import type { Command } from 'unbash';

import type { ShellState } from './shell-state.ts';
import type { Stop } from './shell-world.ts';
import type { Unknown } from './value.ts';

/** A command of the shell itself. */
export interface Builtin {
  /** Its arguments may be assignments; they are not expanded as words. */
  readonly declares?: boolean;
  run(shell: ShellState, args: readonly string[] | Unknown, command: Command): Stop | undefined;
}
