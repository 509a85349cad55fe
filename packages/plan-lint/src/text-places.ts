import { locate } from '@hab/templating/offline';

/** Characters of a line on each side of a place that are looked at: more than an excerpt shows. */
const REACH = 1_000;

/** Tells places of one text as `locate` does, without reading all that is before each of them. */
export class TextPlaces {
  readonly #text: string;
  /** Offsets where lines begin. */
  readonly #starts: readonly number[];

  constructor(text: string) {
    this.#text = text;
    const starts = [0];
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', end + 1)) starts.push(end + 1);
    this.#starts = starts;
  }

  /** @param offset - In UTF-16 units; what is outside of the text is taken for its next end. */
  at(offset: number): ReturnType<typeof locate> {
    const at = Math.min(Math.max(offset, 0), this.#text.length);
    const line = this.#lineOf(at);
    const start = this.#starts[line - 1] ?? 0;
    const end = (this.#starts[line] ?? this.#text.length + 1) - 1;
    const from = Math.max(start, at - REACH);
    const { excerpt } = locate(this.#text.slice(from, Math.min(end, at + REACH)), at - from);
    return { line, column: at - start + 1, excerpt };
  }

  /** Counts from 1: the lines that begin at this place or before. */
  #lineOf(at: number): number {
    let [from, to] = [0, this.#starts.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#starts[middle] ?? 0) <= at) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}
