import { isTemplatingError } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import type { ConfigValue } from '../values.ts';
import type { Cursor } from './cursor.ts';
import type { Lexicon } from './lexicon.ts';
import type { PathToken, Token } from './segments.ts';
import type { SyntaxFault } from './syntax.ts';

/** The head of a tag that is one expression in parentheses. */
export const NO_HELPER: PathToken = { raw: '', root: false, local: false, up: 0, keys: [], identifier: false };

/** Scans what stands inside tags. See spec/templating 2. */
export class ArgumentScanner {
  readonly #cursor: Cursor;
  readonly #lexicon: Lexicon;

  constructor(cursor: Cursor, lexicon: Lexicon) {
    this.#cursor = cursor;
    this.#lexicon = lexicon;
  }

  /** The name of a block's helper and its arguments. */
  line(): Token[] {
    const name = this.name();
    if (name === undefined) {
      throw this.#cursor.fault('expected the name of a helper', 'A block needs a helper: if, with, each, eachAlive, …');
    }
    return [name, ...this.arguments(0)];
  }

  /** The same with `as |item index|`. */
  blockLine(): Token[] {
    return [...this.line(), ...this.#blockParameters()];
  }

  /** A value tag: a path, a helper with arguments, or an expression in parentheses. */
  expression(): Token[] {
    const cursor = this.#cursor;
    const reference = this.reference();
    const [head] = reference;
    if (head === undefined || head.value === NO_HELPER) return reference;
    const end = cursor.offset;
    const identifier = this.#lexicon.wholeNames ? isIdentifier(head) && head : this.#nameBefore(head);
    const given = identifier ? this.arguments(0) : [];
    // A legacy helper may name its values here too; there is no block to see them.
    if (!this.#lexicon.wholeNames && given.length > 0) this.#blockParameters();
    if (identifier && given.length > 0) return [identifier, ...given];
    cursor.offset = end;
    return reference;
  }

  /** The legacy engines first look whether the tag ends after the path; only then for a helper of a shorter name. */
  #nameBefore(head: Token): Token | undefined {
    const cursor = this.#cursor;
    const end = cursor.offset;
    cursor.takeSpaced('~');
    const complete = cursor.takeSpaced('}}');
    cursor.offset = complete ? end : head.start;
    return complete ? undefined : this.name();
  }

  /** A path, or an expression in parentheses behind no helper: the grammar has parentheses around arguments alone. */
  reference(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    if (cursor.sees('(')) return [{ type: 'ID', value: NO_HELPER, start, end: start }, ...this.#subexpression(0)];
    const path = this.#lexicon.path(cursor);
    if (path !== undefined) return [{ type: 'ID', value: path, start, end: cursor.offset }];
    // `this../x` is no path, but may be a helper called "this" with its argument.
    const name = this.name();
    if (name === undefined) throw cursor.fault('expected a path or a helper');
    return [name];
  }

  name(): Token | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    const raw = cursor.match(this.#lexicon.name);
    return raw === undefined ? undefined : { type: 'ID', value: this.#lexicon.named(raw), start, end: cursor.offset };
  }

  /** Zero or more values and pairs, in any order; the grammar wants the pairs last. */
  arguments(depth: number): Token[] {
    const values: Token[] = [];
    const pairs: Token[] = [];
    for (;;) {
      const before = this.#cursor.offset;
      this.#cursor.skipSpace();
      const pair = this.#pair(depth);
      const value = pair === undefined ? this.#value(depth) : undefined;
      if (pair !== undefined) pairs.push(...pair);
      else if (value !== undefined) values.push(...value);
      else {
        this.#cursor.offset = before;
        return [...values, ...pairs];
      }
      this.#cursor.countArgument();
    }
  }

  #blockParameters(): Token[] {
    const cursor = this.#cursor;
    const before = cursor.offset;
    cursor.skipSpace();
    const start = cursor.offset;
    if (!cursor.take('as') || !cursor.takeSpaced('|')) {
      cursor.offset = before;
      return [];
    }
    const names = [this.name(), this.name()].filter((name) => name !== undefined);
    cursor.skipSpace();
    if (names.length === 0 || !cursor.take('|')) {
      throw cursor.fault(
        'expected one or two names and "|"',
        'The names of a block are separated by a space: as |item index|',
      );
    }
    const end = cursor.offset;
    return [
      { type: 'OPEN_BLOCK_PARAMS', value: null, start, end },
      ...names.map((token): Token => ({ ...token, value: rawOf(token) })),
      { type: 'CLOSE_BLOCK_PARAMS', value: null, start, end },
    ];
  }

  #pair(depth: number): Token[] | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    const key = cursor.match(this.#lexicon.name);
    const end = cursor.offset;
    if (key !== undefined && cursor.takeSpaced('=')) {
      cursor.skipSpace();
      const value = this.#value(depth);
      if (value !== undefined) {
        return [{ type: 'ID', value: key, start, end }, { type: 'EQUALS', value: null, start: end, end }, ...value];
      }
    }
    cursor.offset = start;
    return undefined;
  }

  #value(depth: number): Token[] | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    const code = cursor.source.charCodeAt(start);
    if (code === 40) return this.#subexpression(depth);
    // Both reserved words begin with one of these.
    if ((code === 97 || code === 101) && cursor.match(this.#lexicon.reserved) !== undefined) {
      cursor.offset = start;
      return undefined;
    }
    const literal = startsLiteral(code) ? this.#literal() : undefined;
    if (literal !== undefined) return [literal];
    const path = this.#lexicon.path(cursor);
    return path === undefined ? undefined : [{ type: 'ID', value: path, start, end: cursor.offset }];
  }

  #subexpression(depth: number): Token[] {
    const cursor = this.#cursor;
    const start = cursor.offset;
    cursor.assertNesting(depth);
    cursor.offset++;
    cursor.skipSpace();
    const nameStart = cursor.offset;
    const path = cursor.sees('(') ? undefined : this.#lexicon.path(cursor);
    if (path === undefined) throw cursor.fault('expected a helper after "("');
    const name: Token = { type: 'ID', value: path, start: nameStart, end: cursor.offset };
    const given = path.identifier || !this.#lexicon.wholeNames ? this.arguments(depth + 1) : [];
    if (!cursor.takeSpaced(')')) throw this.missing(')');
    const open: Token = { type: 'OPEN_SEXPR', value: null, start, end: cursor.offset };
    return [open, name, ...given, { ...open, type: 'CLOSE_SEXPR' }];
  }

  /** The error for a tag that does not go on as it must. */
  missing(wanted: string): SyntaxFault {
    this.#cursor.skipSpace();
    return this.#cursor.fault(`expected "${wanted}"`);
  }

  #literal(): Token | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    if (!this.#skipLiteral(0)) {
      cursor.offset = start;
      return undefined;
    }
    const text = cursor.source.slice(start, cursor.offset);
    const value = literalValue(text);
    if (value !== undefined) return { type: 'STRING', value, start, end: cursor.offset };
    if (!this.#lexicon.strictLiterals)
      return { type: 'ID', value: this.#lexicon.named(text), start, end: cursor.offset };
    cursor.offset = start;
    const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
    throw cursor.fault(`${shown} is no literal`, 'Literals are written as in JSON.');
  }

  /** Moves over a literal; on false the offset is anywhere. */
  #skipLiteral(depth: number): boolean {
    const cursor = this.#cursor;
    cursor.assertNesting(depth);
    if (this.#skipAny(this.#lexicon.texts) || this.#skipAny(this.#lexicon.scalars)) return true;
    if (cursor.take('[')) return this.#skipList(']', () => this.#skipLiteral(depth + 1));
    if (!cursor.take('{')) return false;
    return this.#skipList('}', () => {
      if (!this.#skipAny(this.#lexicon.texts) || !cursor.takeSpaced(':')) return false;
      cursor.skipSpace();
      return this.#skipLiteral(depth + 1);
    });
  }

  #skipAny(patterns: readonly RegExp[]): boolean {
    return patterns.some((pattern) => this.#cursor.match(pattern) !== undefined);
  }

  #skipList(close: string, item: () => boolean): boolean {
    const cursor = this.#cursor;
    for (let first = true; ; first = false) {
      if (cursor.takeSpaced(close)) return true;
      if (!first && !cursor.takeSpaced(',')) return false;
      cursor.skipSpace();
      if (cursor.sees(',') && first) continue;
      if (!item()) return false;
    }
  }
}

const isIdentifier = ({ value }: Token): boolean =>
  typeof value === 'object' && value !== null && 'identifier' in value && value.identifier;

/** The text of a token that is a path. */
export const rawOf = ({ value }: Token): string =>
  typeof value === 'object' && value !== null && 'raw' in value ? value.raw : '';

/** A quote, a bracket, a brace, a digit, a minus sign, or the first letter of null, true, false. */
const startsLiteral = (code: number): boolean => '"\'[{-0123456789fnt'.includes(String.fromCharCode(code));

/** Single-quoted text follows the escapes of JSON too; everything else is JSON. */
function literalValue(text: string): ConfigValue | undefined {
  const json = text.startsWith("'") ? `"${text.slice(1, -1).replaceAll("\\'", "'").replaceAll('"', '\\"')}"` : text;
  try {
    return parseJson(json, { source: 'literal' });
  } catch (error) {
    if (isTemplatingError(error, 'TEMPLATE_CONFIG_INVALID')) return undefined;
    throw error;
  }
}
