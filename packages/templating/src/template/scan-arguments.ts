import { isTemplatingError } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import type { ConfigValue } from '../values.ts';
import type { Cursor } from './cursor.ts';
import type { PathToken, Token } from './segments.ts';

const IDENTIFIER = /[A-Za-z0-9_$:\u0080-\uffff-]+/y;
/** As words of their own these two never are values. */
const KEYWORD = /(?:as|else)[ \t\r\n]*(?![A-Za-z0-9_$:\u0080-\uffff-])/y;
const BRACKETED = /\[[^\]]*\]/y;
const NUMBER = /-?[0-9]+\.?[0-9]*(?:E-?[0-9]+)?(?![A-Za-z0-9_$:\u0080-\uffff-])/y;
const WORD = /(?:null|true|false)(?![A-Za-z0-9_$:\u0080-\uffff-])/y;
const DOUBLE_QUOTED = /"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y;
const SINGLE_QUOTED = /'(?:[^'\\]|\\(?:['\\/bfnrt]|u[\da-fA-F]{4}))*'/y;

/** Arguments of a tag in the order the grammar wants them: values first, then `key=value` pairs. */
export interface ScannedArguments {
  readonly values: Token[];
  readonly pairs: Token[];
  readonly count: number;
}

/** Scans the insides of tags of the dialects `documented` and `2.1`. See spec/templating 2. */
export class ArgumentScanner {
  readonly #cursor: Cursor;
  readonly #bareIndex: boolean;

  constructor(cursor: Cursor, bareIndex: boolean) {
    this.#cursor = cursor;
    this.#bareIndex = bareIndex;
  }

  /** The name of a block or of a raw block, then its arguments. */
  expressionLine(): Token[] {
    const name = this.identifier();
    if (name === undefined)
      throw this.#cursor.fault(
        'expected the name of a helper',
        'A block starts with a helper: if, each, with, eachAlive, …',
      );
    const given = this.arguments(0);
    return [name, ...given.values, ...given.pairs];
  }

  /** A value tag: a path, a helper with arguments, or an expression in parentheses. */
  expression(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    if (cursor.sees('(')) {
      // The grammar has parentheses around arguments alone, so the whole expression becomes the argument of no helper.
      return [{ type: 'ID', value: NO_HELPER, start, end: start }, ...(this.#subexpression(0) ?? [])];
    }
    const path = this.path();
    if (path === undefined) throw cursor.fault('expected a path or a helper');
    const token: Token = { type: 'ID', value: path, start, end: cursor.offset };
    if (!path.identifier) return [token];
    const given = this.arguments(0);
    return [token, ...given.values, ...given.pairs];
  }

  identifier(): Token | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    const raw = cursor.match(IDENTIFIER);
    if (raw === undefined) return undefined;
    return { type: 'ID', value: plainPath(raw), start, end: cursor.offset };
  }

  /** Zero or more values and pairs. */
  arguments(depth: number): ScannedArguments {
    const values: Token[] = [];
    const pairs: Token[] = [];
    let count = 0;
    for (;;) {
      const before = this.#cursor.offset;
      this.#cursor.skipSpace();
      const pair = this.#pair(depth);
      const value = pair === undefined ? this.#value(depth) : undefined;
      if (pair !== undefined) pairs.push(...pair);
      else if (value !== undefined) values.push(...value);
      else {
        this.#cursor.offset = before;
        return { values, pairs, count };
      }
      this.#cursor.countArgument();
      count++;
    }
  }

  /** `as |item index|` */
  blockParameters(): Token[] {
    const cursor = this.#cursor;
    const before = cursor.offset;
    cursor.skipSpace();
    const start = cursor.offset;
    if (!cursor.take('as') || !cursor.takeSpaced('|')) {
      cursor.offset = before;
      return [];
    }
    const names = [this.identifier(), this.identifier()].filter((name) => name !== undefined);
    if (names.length === 0) throw cursor.fault('expected a name after "as |"');
    if (!cursor.takeSpaced('|')) {
      cursor.skipSpace();
      throw cursor.fault('expected "|"', 'A block has one or two names, separated by a space: as |item index|');
    }
    const end = cursor.offset;
    const ids = names.map((token): Token => ({ ...token, value: (token.value as PathToken).raw }));
    return [
      { type: 'OPEN_BLOCK_PARAMS', value: null, start, end },
      ...ids,
      { type: 'CLOSE_BLOCK_PARAMS', value: null, start, end },
    ];
  }

  #pair(depth: number): Token[] | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    const key = cursor.match(IDENTIFIER);
    if (key === undefined) return undefined;
    const end = cursor.offset;
    if (cursor.takeSpaced('=')) {
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
    if (cursor.match(KEYWORD) !== undefined) {
      cursor.offset = start;
      return undefined;
    }
    const literal = startsLiteral(code) ? this.#literal() : undefined;
    if (literal !== undefined) return [literal];
    const path = this.path();
    return path === undefined ? undefined : [{ type: 'ID', value: path, start, end: cursor.offset }];
  }

  #subexpression(depth: number): Token[] | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    cursor.assertNesting(depth);
    cursor.offset++;
    cursor.skipSpace();
    const nameStart = cursor.offset;
    const path = this.path();
    if (path === undefined) throw cursor.fault('expected a helper after "("');
    const name: Token = { type: 'ID', value: path, start: nameStart, end: cursor.offset };
    const given = path.identifier ? this.arguments(depth + 1) : { values: [], pairs: [] };
    if (!cursor.takeSpaced(')')) {
      cursor.skipSpace();
      throw cursor.fault('expected ")"');
    }
    const open: Token = { type: 'OPEN_SEXPR', value: null, start, end: cursor.offset };
    return [open, name, ...given.values, ...given.pairs, { ...open, type: 'CLOSE_SEXPR' }];
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
    if (value === undefined) {
      cursor.offset = start;
      throw cursor.fault(
        `${shorten(text)} is no literal`,
        'Literals are written as in JSON: 1, 1.5, "text", true, null, [1, 2], {"a": 1}.',
      );
    }
    return { type: 'STRING', value, start, end: cursor.offset };
  }

  /** Moves over a literal; on false the offset is anywhere. */
  #skipLiteral(depth: number): boolean {
    const cursor = this.#cursor;
    cursor.assertNesting(depth);
    if (cursor.match(DOUBLE_QUOTED) ?? cursor.match(SINGLE_QUOTED) ?? cursor.match(NUMBER) ?? cursor.match(WORD)) {
      return true;
    }
    if (cursor.take('[')) return this.#skipList(']', () => this.#skipLiteral(depth + 1));
    if (!cursor.take('{')) return false;
    return this.#skipList('}', () => {
      const key = cursor.match(DOUBLE_QUOTED) ?? cursor.match(SINGLE_QUOTED);
      if (key === undefined || !cursor.takeSpaced(':')) return false;
      cursor.skipSpace();
      return this.#skipLiteral(depth + 1);
    });
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

  /** A path without the white space around it. */
  path(): PathToken | undefined {
    const cursor = this.#cursor;
    const { source } = cursor;
    const start = cursor.offset;
    const simple = cursor.match(IDENTIFIER);
    const next = source.charCodeAt(cursor.offset);
    if (simple !== undefined && next !== 46 && next !== 47 && !(next === 91 && this.#bareIndex))
      return plainPath(simple);
    cursor.offset = start;
    return this.#longPath(start);
  }

  #longPath(start: number): PathToken | undefined {
    const cursor = this.#cursor;
    if (!cursor.take('this.') && !cursor.take('this/')) cursor.take('./');
    const root = cursor.take('@root.') || cursor.take('@root/');
    const local = cursor.take('@');
    let up = 0;
    while (cursor.take('../') || cursor.take('...')) up++;
    const keys: string[] = [];
    if (!this.#item(keys)) {
      cursor.offset = start;
      return undefined;
    }
    for (;;) {
      const before = cursor.offset;
      const code = cursor.source.charCodeAt(before);
      if (code === 46 || code === 47) cursor.offset++;
      else if (code !== 91 || !this.#bareIndex) break;
      if (this.#item(keys)) continue;
      cursor.offset = before;
      break;
    }
    const raw = cursor.source.slice(start, cursor.offset);
    return { raw, root, local: local && !root, up, keys: keys.filter((key) => key !== 'this'), identifier: false };
  }

  #item(keys: string[]): boolean {
    const name = this.#cursor.match(IDENTIFIER);
    if (name !== undefined) {
      keys.push(name);
      return true;
    }
    const bracketed = this.#cursor.match(BRACKETED);
    if (bracketed === undefined) return false;
    keys.push(bracketed.slice(1, -1));
    return true;
  }
}

function plainPath(raw: string): PathToken {
  return { raw, root: false, local: false, up: 0, keys: raw === 'this' ? [] : [raw], identifier: true };
}

/** The head of a tag that is one expression in parentheses. */
export const NO_HELPER: PathToken = { raw: '', root: false, local: false, up: 0, keys: [], identifier: false };

/** A quote, a bracket, a brace, a digit, a minus sign, or the first letter of null, true, false. */
const startsLiteral = (code: number): boolean =>
  code === 34 ||
  code === 39 ||
  code === 91 ||
  code === 123 ||
  (code > 47 && code < 58) ||
  code === 45 ||
  code === 102 ||
  code === 110 ||
  code === 116;

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

const shorten = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
