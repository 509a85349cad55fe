import { isHabError } from '@hab/core';
import { templatesFailed } from '@hab/templating/offline';

/** Goes on after a template that failed, so that all of them are told of together. */
export class Attempt {
  readonly #step: 'compile' | 'render';
  readonly #failed = new Map<string, Error>();

  constructor(step: 'compile' | 'render') {
    this.#step = step;
  }

  make<T>(name: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (!isHabError(error)) throw error;
      this.#failed.set(name, error);
      return undefined;
    }
  }

  finish(): void {
    if (this.#failed.size > 0) throw templatesFailed(this.#step, this.#failed);
  }
}
