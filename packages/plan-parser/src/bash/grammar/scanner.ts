import type { HereDoc, ParsedScript } from 'unbash';

/** Where a text is not certainly bash. */
export class Doubt {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }
}

/** What a place of the text stands for in the tree. */
export type Place = ParsedScript | 'arithmetic';

/** What ends a word where nothing is quoted. */
export const BREAKS: ReadonlySet<string> = new Set([...' \t\n;&|()<>']);

const MAX_DEPTH = 150;

/** A cursor over text that knows blanks, comments and here-documents. Throws a `Doubt` where the text is not as it must be. */
export class Scanner {
  readonly text: string;
  /** The first character that does not belong to it any more. */
  readonly limit: number;
  at: number;
  /** Where here-documents may begin: anywhere, behind simple commands, or nowhere. */
  documents: 'any' | 'simple' | 'none' = 'any';
  readonly #pending: HereDoc[] = [];
  #depth = 0;
  readonly #readBody: (body: HereDoc['body']) => void;

  constructor(text: string, at: number, limit: number, readBody: (body: HereDoc['body']) => void) {
    this.text = text;
    this.at = at;
    this.limit = limit;
    this.#readBody = readBody;
  }

  /** The character at the cursor, or after it; empty at the end. */
  peek(ahead = 0): string {
    const at = this.at + ahead;
    return at < this.limit ? (this.text[at] ?? '') : '';
  }

  refuse(): never {
    throw new Doubt(this.at);
  }

  must(condition: boolean): void {
    if (!condition) this.refuse();
  }

  /** Reads what stands inside of something else. */
  deeper(read: () => void): void {
    this.#depth += 1;
    this.must(this.#depth < MAX_DEPTH);
    read();
    this.#depth -= 1;
  }

  has(token: string): boolean {
    return this.at + token.length <= this.limit && this.text.startsWith(token, this.at);
  }

  take(token: string): void {
    this.must(this.has(token));
    this.at += token.length;
  }

  /** A word that the grammar itself knows: something must end it. */
  keyword(word: string): void {
    this.take(word);
    const next = this.peek();
    this.must(next === '' || BREAKS.has(next));
  }

  /** Skips blanks, lines that go on, and a comment. @returns whether there was any. */
  blank(): boolean {
    const begin = this.at;
    for (;;) {
      const next = this.peek();
      if (next === ' ' || next === '\t') this.at += 1;
      else if (next === '\\' && this.peek(1) === '\n') this.at += 2;
      else break;
    }
    if (this.peek() === '#') {
      const end = this.text.indexOf('\n', this.at);
      this.at = end < 0 || end > this.limit ? this.limit : end;
    }
    return this.at > begin;
  }

  /** Skips blanks and ends of lines, with the here-documents that follow those. @returns whether a line ended. */
  newlines(): boolean {
    let ended = false;
    for (this.blank(); this.peek() === '\n'; this.blank()) {
      this.at += 1;
      ended = true;
      for (const document of this.#pending.splice(0)) this.#body(document);
    }
    return ended;
  }

  /** A here-document whose text begins behind the end of this line. */
  expect(document: HereDoc): void {
    this.must(this.documents === 'any' || (this.documents === 'simple' && this.#pending.length === 0));
    this.#pending.push(document);
  }

  /** Nothing may be left open where a part of the text ends. */
  mustBeComplete(): void {
    this.must(this.#pending.length === 0);
  }

  #body({ operator, delimiter, body, closing }: HereDoc): void {
    this.must(body.pos === this.at && closing !== undefined && delimiter !== undefined);
    for (;;) {
      this.must(this.at < this.limit);
      const found = this.text.indexOf('\n', this.at);
      const end = found < 0 || found > this.limit ? this.limit : found;
      const raw = this.text.slice(this.at, end);
      const line = operator === '<<-' ? raw.replace(/^\t+/, '') : raw;
      if (line === delimiter?.value) {
        const ends = closing !== undefined && closing.end === end && body.end === this.at;
        this.must(ends && (delimiter.quoted || !/\\\n$/.test(this.text.slice(0, this.at))));
        this.at = Math.min(end + 1, this.limit);
        break;
      }
      this.at = Math.min(end + 1, this.limit);
    }
    if (delimiter?.quoted === false) this.#readBody(body);
  }
}
