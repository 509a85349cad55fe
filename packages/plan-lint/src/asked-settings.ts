import { nearestName } from '@hab/core';
import type { LintFinding } from '@hab/templating/offline';

/** Blocks that ask for a value before they use it, and their words. */
const ASKING = /\{\{~?\s*#(?:if|unless|with|each)\s([^}]*)/g;

/**
 * What a template asks for before it uses it. A setting of that kind is there for whoever sets it, so that it may be absent
 * from the defaults, unless it looks misspelt. The text is read once, however many findings there are.
 */
export class AskedSettings {
  readonly #text: string;
  /** Paths that blocks ask for, sorted. */
  #asked: readonly string[] | undefined;
  #names: ReadonlySet<string> | undefined;
  /** Keys with other characters than names have, and whether they are in the text. */
  readonly #quoted = new Map<string, boolean>();

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether a finding is about such a setting. */
  excuses({ rule, message, hint }: LintFinding): boolean {
    const path = rule === 'unknown-path' ? /^([\w.-]+) names nothing/.exec(message)?.[1] : undefined;
    if (path === undefined || !this.#isAskedFor(path)) return false;
    const key = /there is no "([^"]+)"/.exec(message)?.[1] ?? '';
    return !this.#isSlip(key, /Did you mean "([^"]+)"/.exec(hint)?.[1]);
  }

  /** Also as the beginning of a longer path. */
  #isAskedFor(path: string): boolean {
    this.#asked ??= [...this.#text.matchAll(ASKING)].flatMap(([, words = '']) => words.match(/[\w.-]+/g) ?? []).sort();
    return [path, `${path}.`].some((wanted) => {
      const found = this.#asked?.[lowerBound(this.#asked, wanted)];
      return found === path || found?.startsWith(`${path}.`) === true;
    });
  }

  /** Whether a key is another one, misspelt: hardly a letter differs, and the template has no other place for that one. */
  #isSlip(key: string, meant: string | undefined): boolean {
    if (meant === undefined || nearestName(key, [meant], key.length < 8 ? 1 : 2) === undefined) return false;
    return !this.#has(meant);
  }

  #has(key: string): boolean {
    if (/^[\w-]+$/.test(key)) {
      this.#names ??= new Set(this.#text.match(/[\w-]+/g) ?? []);
      return this.#names.has(key);
    }
    const known = this.#quoted.get(key) ?? this.#text.includes(key);
    this.#quoted.set(key, known);
    return known;
  }
}

/** Index of the first text that is not before `wanted`. */
function lowerBound(sorted: readonly string[], wanted: string): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? '') < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
