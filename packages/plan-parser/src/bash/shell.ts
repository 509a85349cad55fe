import type { ParsedScript, Word } from 'unbash';

import type { ArithmeticWorld } from './arithmetic.ts';
import type { Text, Unknown } from './value.ts';
import type { Variable } from './variables.ts';

/** What expanding a word needs of the shell that it stands in. */
export interface Shell {
  readonly arithmetic: ArithmeticWorld;
  /** `$1` and so on of the function or file that is running. */
  readonly positional: readonly string[] | Unknown;
  /** Whether what is unset is an error. */
  readonly strict: boolean;
  /** A variable, one of the environment or of bash itself included; undefined: unset. */
  lookup(name: string): Variable | undefined;
  /** `$?`, `$$` and their like. */
  special(name: string): Text;
  /** `${x:=word}`. */
  assignText(name: string, text: Text): void;
  /** Runs a command substitution; its output without the last line ends. */
  substitute(script: ParsedScript | undefined): Text;
  /** Expands a word that stays one. */
  text(word: Word): Text;
  /** Expands a word to a pattern. */
  pattern(word: Word): Text;
  /** Bash reports an error here, and leaves the line. */
  fail(reason: string): Unknown;
  /** Bash may report an error here: what the rest of the line assigns is not known. */
  mayFail(unknown: Unknown): Unknown;
  /** Whether a name stands for another variable. */
  isReference(name: string): boolean;
  /** Counts characters made; @returns why no more may be made. */
  spend(characters: number): Unknown | undefined;
}
