import type { CommandNode, CompoundList, Function as FunctionNode, ParsedScript, Statement } from 'unbash';

import type { Budget } from './budget.ts';
import type { ShellState } from './shell-state.ts';
import type { Unknown } from './value.ts';
import type { Variable } from './variables.ts';

/** A function as the plan defined it. */
export interface DefinedFunction {
  readonly node: FunctionNode;
  readonly file: string;
  /** Why it may be another one, or none. */
  readonly doubt?: string | undefined;
}

/** Why commands stop before their end: all of them, those of a function or file, those of a loop. */
export type Stop = 'exit' | 'return' | 'break' | 'continue';

/** What a shell is made of that it does not change. */
export interface ShellWorld {
  readonly budget: Budget;
  /** Variables that the plan has not set. */
  readonly environment: (name: string) => Variable | undefined;
  /** The file that a path in the plan names. */
  readonly load: (path: string) => LoadedFile | 'absent' | Unknown;
  /** Files read each other without end, from here. */
  readonly reportLoop: (place: NonNullable<Variable['assigned']>) => void;
  /** Follows commands; see `follow.ts`. */
  readonly follow: {
    readonly statements: (shell: ShellState, statements: readonly Statement[]) => Stop | undefined;
    readonly command: (shell: ShellState, node: CommandNode | CompoundList) => Stop | undefined;
    /** Follows what may or may not run. */
    readonly perhaps: (shell: ShellState, reason: string, follow: (branch: ShellState) => Stop | undefined) => void;
  };
}

/** A file, parsed. */
export interface LoadedFile {
  /** As the plan names it. */
  readonly file: string;
  /** The same for every way to name it. */
  readonly path: string;
  readonly text: string;
  readonly script: ParsedScript;
}
