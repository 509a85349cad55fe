import { Unknown } from './value.ts';

const MAX_STEPS = 50_000;
const MAX_CHARACTERS = 16_000_000;

/** Bounds what reading a plan may cost, whatever the plan does. */
export class Budget {
  #steps = MAX_STEPS;
  #characters = MAX_CHARACTERS;

  /** @returns undefined while there is some left. */
  step(): Unknown | undefined {
    this.#steps -= 1;
    return this.#steps > 0 ? undefined : new Unknown('a plan that works for too long');
  }

  spend(characters: number): Unknown | undefined {
    this.#characters -= characters;
    return this.#characters > 0 ? undefined : new Unknown('a plan that makes too much text');
  }
}
