import type { Cursor } from './cursor.ts';
import type { PathToken } from './segments.ts';

/** What the words of a dialect look like. */
export interface Lexicon {
  /** A name without separators: of a helper, of a pair, of a block parameter. */
  readonly name: RegExp;
  /** Where no value can begin. */
  readonly reserved: RegExp;
  /** Literals but lists and objects, which are made of them. */
  readonly texts: readonly RegExp[];
  readonly scalars: readonly RegExp[];
  /** Only a name that is a whole word takes arguments; else any name does, and what follows decides. */
  readonly wholeNames: boolean;
  /** A literal that is no JSON is an error; else it is a path. */
  readonly strictLiterals: boolean;
  /** Consumes a path. */
  path(cursor: Cursor): PathToken | undefined;
  /** Makes a path of a name. */
  named(raw: string): PathToken;
}

const NAME = /[A-Za-z0-9_$:\u0080-\uffff-]+/y;
const BRACKETED = /\[[^\]]*\]/y;

/** Words of the dialects `documented` and `2.1`. See spec/templating 2. */
export function modernLexicon(bareIndex: boolean): Lexicon {
  return {
    name: NAME,
    // As words of their own, and before anything but another name, these two never are values.
    reserved: /(?:as|else)(?![ \t\r\n]*[A-Za-z0-9_$:\u0080-\uffff-])/y,
    texts: [/"(?:[^"\\]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*"/y, /'(?:[^'\\]|\\(?:['\\/bfnrt]|u[\da-fA-F]{4}))*'/y],
    scalars: [
      // The lookahead takes all it can and gives nothing back: 1.x is a path and not the number 1.
      /(?=(-?[0-9]+\.?[0-9]*(?:E-?[0-9]+)?))\1(?![A-Za-z0-9_$:\u0080-\uffff-])/y,
      /(?:null|true|false)(?![A-Za-z0-9_$:\u0080-\uffff-])/y,
    ],
    wholeNames: true,
    strictLiterals: true,
    path: (cursor) => modernPath(cursor, bareIndex),
    named: (raw) => ({ raw, root: false, local: false, up: 0, keys: raw === 'this' ? [] : [raw], identifier: true }),
  };
}

function modernPath(cursor: Cursor, bareIndex: boolean): PathToken | undefined {
  const start = cursor.offset;
  if (!cursor.take('this.') && !cursor.take('this/')) cursor.take('./');
  const root = cursor.take('@root.') || cursor.take('@root/');
  const local = cursor.take('@');
  let up = 0;
  while (cursor.take('../') || cursor.take('...')) up++;
  const keys: string[] = [];
  const firstKey = cursor.offset;
  if (!item(cursor, keys)) {
    cursor.offset = start;
    return undefined;
  }
  // A bracket can only begin a path of one plain name when nothing stood before.
  let identifier = firstKey === start && cursor.source.charCodeAt(start) !== 91;
  for (;;) {
    const before = cursor.offset;
    const code = cursor.source.charCodeAt(before);
    if (code === 46 || code === 47) cursor.offset++;
    else if (code !== 91 || !bareIndex) break;
    if (!item(cursor, keys)) {
      cursor.offset = before;
      break;
    }
    identifier = false;
  }
  const raw = cursor.source.slice(start, cursor.offset);
  return { raw, root, local: local && !root, up, keys: keys.filter((key) => key !== 'this'), identifier };
}

function item(cursor: Cursor, keys: string[]): boolean {
  const name = cursor.match(NAME) ?? cursor.match(BRACKETED);
  if (name === undefined) return false;
  keys.push(name.startsWith('[') ? name.slice(1, -1) : name);
  return true;
}

// In the legacy engines a name is any run of these; what it means is decided when it is evaluated.
const LEGACY_NAME = /[A-Za-z0-9_.@$-][A-Za-z0-9_.@$/-]*/y;
const LEGACY_INDEX = /\[(?:"(?:\\"|[^"\\]|\\(?!"))*"|[0-9]+)\]/y;

const legacyPath = (raw: string, identifier: boolean): PathToken => ({
  raw,
  root: false,
  local: false,
  up: 0,
  keys: [raw],
  identifier,
});

/** Words of the dialect `legacy`. */
export const LEGACY_LEXICON: Lexicon = {
  name: LEGACY_NAME,
  // Every value that begins with these two letters: the engines look for block parameters there.
  reserved: /as/y,
  // A backslash before a quote always takes it along, and nothing is tried again.
  texts: [/"(?:\\"|[^"\\]|\\(?!"))*"/y],
  scalars: [/-?[0-9]+\.?[0-9]*(?:E-?[0-9]+)?/y, /null|true|false/y],
  wholeNames: false,
  strictLiterals: false,
  path(cursor) {
    const start = cursor.offset;
    while (cursor.match(LEGACY_NAME) !== undefined) {
      while (cursor.match(LEGACY_INDEX) !== undefined);
      while (cursor.take('-'));
    }
    return cursor.offset === start ? undefined : legacyPath(cursor.source.slice(start, cursor.offset), false);
  },
  named: (raw) => legacyPath(raw, true),
};
