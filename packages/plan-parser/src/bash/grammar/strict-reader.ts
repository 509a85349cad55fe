import type { ParsedScript, Statement } from 'unbash';

import { type Places, placesOf } from './places.ts';
import { Doubt } from './scanner.ts';
import { StrictGrammar } from './strict-grammar.ts';

/** Reads a text line by line, as bash does before it runs the commands of each. */
export class StrictReader {
  readonly #text: string;
  readonly #statements: readonly Statement[];
  readonly #places: Places;
  #next = 0;
  #at = 0;

  constructor(text: string, { commands }: ParsedScript) {
    this.#text = text;
    this.#statements = commands;
    this.#places = /[$<>]\(|`/.test(text) ? placesOf(commands) : new Map<number, never>();
  }

  /** Whether all has been read. */
  get done(): boolean {
    return this.#at >= this.#text.length && this.#next >= this.#statements.length;
  }

  /** Where the next line begins. */
  get at(): number {
    return this.#at;
  }

  /**
   * The commands up to the end of the next line that ends one.
   *
   * @param groups - Whether `@(a|b)` and its like are patterns now.
   * @returns the place from which it is in doubt what bash takes the text for, or whether it takes it at all.
   */
  unit(groups: boolean): readonly Statement[] | number {
    try {
      const grammar = new StrictGrammar(this.#text, [this.#at, this.#text.length], groups, this.#places, 0);
      const count = grammar.unit(this.#statements, this.#next);
      this.#at = grammar.scanner.at;
      this.#next += count;
      return this.#statements.slice(this.#next - count, this.#next);
    } catch (error) {
      if (error instanceof Doubt) return error.at;
      throw error;
    }
  }

  /** What has not been read. */
  rest(): readonly Statement[] {
    return this.#statements.slice(this.#next);
  }
}
