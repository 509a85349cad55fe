import { isTemplatingError } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import type { ConfigValue } from '../values.ts';
import type { Cursor } from './cursor.ts';
import { NO_HELPER } from './scan-arguments.ts';
import type { PathToken, TagKind, TagSegment, Terminal, Token } from './segments.ts';
import { SyntaxFault } from './syntax.ts';

// In the legacy engines a name is any run of these; what it means is decided when it is evaluated.
const IDENTIFIER = /[A-Za-z0-9_.@$-][A-Za-z0-9_.@$/-]*/y;
const INDEX = /\[(?:"(?:\\"|[^"])*"|[0-9]+)\]/y;
const NUMBER = /-?[0-9]+\.?[0-9]*(?:E-?[0-9]+)?/y;
const WORD = /null|true|false/y;
const TEXT = /"(?:\\"|[^"])*"/y;

/** Scans tags of the dialect `legacy`. See spec/templating 1 and 2. */
export class LegacyTagScanner {
  readonly #cursor: Cursor;

  constructor(cursor: Cursor) {
    this.#cursor = cursor;
  }

  scan(start: number): TagSegment {
    const cursor = this.#cursor;
    cursor.startTag(start + 2);
    if (cursor.sees('!')) return this.#comment(start);
    if (cursor.take('{{'))
      return this.#tag(start, 'rawBlock', 'OPEN_RAW_BLOCK', this.#tilde(), () => this.#line(), '}}}}');
    if (cursor.take('{')) {
      return this.#tag(start, 'unescaped', 'OPEN_UNESCAPED', this.#tilde(), () => this.#name(), '}}}');
    }
    const left = this.#tilde();
    cursor.skipSpace();
    const marker = cursor.source[cursor.offset];
    if (marker === '#' || marker === '/' || marker === '>' || marker === '*' || marker === '^') cursor.offset++;
    if (marker === '#') return this.#block(start, left);
    if (marker === '/') return this.#close(start, left);
    if (marker === '>') return this.#tag(start, 'partial', 'OPEN_PARTIAL', left, () => this.#partialLine());
    if (marker === '*') return this.#tag(start, 'decorator', 'OPEN', left, () => this.#line());
    const inverse = this.#inverse(start, left, marker === '^');
    return inverse ?? this.#tag(start, 'value', 'OPEN', left, () => this.#expression());
  }

  scanRawClose(start: number): TagSegment {
    const cursor = this.#cursor;
    cursor.startTag(start + 4);
    const left = this.#tilde();
    if (!cursor.takeSpaced('/')) throw new SyntaxFault(start, 'a raw block holds "{{{{" that does not end it');
    return this.#close(start, left, 'rawClose', '}}}}');
  }

  #tilde(): boolean {
    return this.#cursor.takeSpaced('~');
  }

  #comment(start: number): TagSegment {
    const end = this.#cursor.source.indexOf('}}', start + 3) + 2;
    if (end < start + 4) throw new SyntaxFault(start, 'the comment has no end', 'A comment ends at the first "}}".');
    this.#cursor.offset = end;
    return segment('comment', start, end, false, false, []);
  }

  #block(start: number, left: boolean): TagSegment {
    const cursor = this.#cursor;
    const line = (): Token[] => [...this.#line(), ...this.#blockParameters()];
    if (cursor.takeSpaced('*')) return this.#tag(start, 'decoratorBlock', 'OPEN_BLOCK', left, line);
    if (cursor.takeSpaced('>')) {
      return this.#tag(start, 'partialBlock', 'OPEN_PARTIAL_BLOCK', left, () => this.#partialLine());
    }
    return this.#tag(start, 'block', 'OPEN_BLOCK', left, line);
  }

  /** `{{else}}` and nothing else: what follows `else` makes it the call of a helper of that name. */
  #inverse(start: number, left: boolean, caret: boolean): TagSegment | undefined {
    const cursor = this.#cursor;
    const before = cursor.offset;
    if (caret || cursor.take('else')) {
      const right = this.#tilde();
      if (cursor.takeSpaced('}}')) {
        const end = cursor.offset;
        return segment('else', start, end, left, right, [{ type: 'INVERSE', value: null, start, end }]);
      }
      if (caret) throw cursor.fault('expected "}}"');
    }
    cursor.offset = before;
    return undefined;
  }

  #close(start: number, left: boolean, kind: 'close' | 'rawClose' = 'close', braces = '}}'): TagSegment {
    const cursor = this.#cursor;
    const name = this.#name();
    const right = this.#tilde();
    if (!cursor.takeSpaced(braces)) throw this.#unfinished(braces);
    const end = cursor.offset;
    const raw = rawOf(name);
    const tokens: Token[] =
      kind === 'rawClose'
        ? [{ type: 'END_RAW_BLOCK', value: raw, start, end }]
        : [{ type: 'OPEN_ENDBLOCK', value: null, start, end }, ...name, { type: 'CLOSE', value: null, start, end }];
    return segment(kind, start, end, left, right, tokens);
  }

  #tag(start: number, kind: TagKind, open: Terminal, left: boolean, inside: () => Token[], braces = '}}'): TagSegment {
    const cursor = this.#cursor;
    const line = inside();
    const right = this.#tilde();
    if (!cursor.takeSpaced(braces)) throw this.#unfinished(braces);
    const end = cursor.offset;
    const close = kind === 'unescaped' ? 'CLOSE_UNESCAPED' : kind === 'rawBlock' ? 'CLOSE_RAW_BLOCK' : 'CLOSE';
    const tokens: Token[] = [];
    const tag = segment(kind, start, end, left, right, tokens);
    tokens.push({ type: open, value: tag, start, end }, ...line, { type: close, value: null, start, end });
    return tag;
  }

  #unfinished(braces: string): SyntaxFault {
    this.#cursor.skipSpace();
    return this.#cursor.fault(`expected "${braces}"`);
  }

  #expression(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    if (cursor.sees('(')) return this.#name();
    const start = cursor.offset;
    const name = this.#name();
    const [head] = name;
    const afterName = cursor.offset;
    this.#tilde();
    const ends = cursor.takeSpaced('}}');
    cursor.offset = afterName;
    if (ends || head === undefined) return name;
    // A helper's name has no brackets.
    cursor.offset = start;
    const identifier = cursor.match(IDENTIFIER) ?? '';
    const given = this.#arguments(0);
    if (given.length > 0) return [{ ...head, value: path(identifier, true), end: start + identifier.length }, ...given];
    cursor.offset = afterName;
    return name;
  }

  /** A reference or an expression in parentheses. */
  #name(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    if (cursor.sees('(')) {
      return [{ type: 'ID', value: NO_HELPER, start, end: start }, ...(this.#subexpression(0) ?? [])];
    }
    const raw = this.#reference();
    if (raw === undefined) throw cursor.fault('expected a path or a helper');
    return [{ type: 'ID', value: path(raw, false), start, end: cursor.offset }];
  }

  #reference(): string | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    while (cursor.match(IDENTIFIER) !== undefined) {
      while (cursor.match(INDEX) !== undefined);
      while (cursor.take('-'));
    }
    return cursor.offset === start ? undefined : cursor.source.slice(start, cursor.offset);
  }

  #line(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    const raw = cursor.match(IDENTIFIER);
    if (raw === undefined) throw cursor.fault('expected the name of a helper');
    const name: Token = { type: 'ID', value: path(raw, true), start, end: cursor.offset };
    return [name, ...this.#arguments(0)];
  }

  #partialLine(): Token[] {
    const name = this.#name();
    const head = name[0]?.value === NO_HELPER ? name.slice(1) : name;
    return [...head, ...this.#arguments(0)];
  }

  #arguments(depth: number): Token[] {
    const cursor = this.#cursor;
    const values: Token[] = [];
    const pairs: Token[] = [];
    for (;;) {
      const before = cursor.offset;
      cursor.skipSpace();
      const pair = this.#pair(depth);
      const value = pair === undefined ? this.#value(depth) : undefined;
      if (pair !== undefined) pairs.push(...pair);
      else if (value !== undefined) values.push(...value);
      else {
        cursor.offset = before;
        return [...values, ...pairs];
      }
      cursor.countArgument();
    }
  }

  #pair(depth: number): Token[] | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    const key = cursor.match(IDENTIFIER);
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
    // No value may begin with the letters "as": the engines look for block parameters there.
    if (cursor.sees('as')) return undefined;
    if (cursor.sees('(')) return this.#subexpression(depth);
    if (this.#skipLiteral(0)) {
      const text = cursor.source.slice(start, cursor.offset);
      const end = cursor.offset;
      const value = literalValue(text);
      if (value === undefined) return [{ type: 'ID', value: path(text, false), start, end }];
      return [{ type: 'STRING', value, start, end }];
    }
    cursor.offset = start;
    const raw = this.#reference();
    return raw === undefined ? undefined : [{ type: 'ID', value: path(raw, false), start, end: cursor.offset }];
  }

  #subexpression(depth: number): Token[] | undefined {
    const cursor = this.#cursor;
    const start = cursor.offset;
    cursor.assertNesting(depth);
    cursor.offset++;
    cursor.skipSpace();
    if (cursor.sees('(')) throw cursor.fault('expected a helper after "("');
    const name = this.#name();
    const given = this.#arguments(depth + 1);
    if (!cursor.takeSpaced(')')) throw this.#unfinished(')');
    const open: Token = { type: 'OPEN_SEXPR', value: null, start, end: cursor.offset };
    return [open, ...name, ...given, { ...open, type: 'CLOSE_SEXPR' }];
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
    const names: Token[] = [];
    for (let name = this.#parameterName(); name !== undefined; name = this.#parameterName()) names.push(name);
    if (names.length === 0 || names.length > 2 || !cursor.takeSpaced('|'))
      throw cursor.fault('expected one or two names and "|"');
    const end = cursor.offset;
    return [
      { type: 'OPEN_BLOCK_PARAMS', value: null, start, end },
      ...names,
      { type: 'CLOSE_BLOCK_PARAMS', value: null, start, end },
    ];
  }

  #parameterName(): Token | undefined {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    const value = cursor.match(IDENTIFIER);
    return value === undefined ? undefined : { type: 'ID', value, start, end: cursor.offset };
  }

  #skipLiteral(depth: number): boolean {
    const cursor = this.#cursor;
    cursor.assertNesting(depth);
    if (cursor.match(TEXT) ?? cursor.match(NUMBER) ?? cursor.match(WORD)) return true;
    if (cursor.take('[')) return this.#skipList(']', () => this.#skipLiteral(depth + 1));
    if (!cursor.take('{')) return false;
    return this.#skipList('}', () => {
      if (cursor.match(TEXT) === undefined || !cursor.takeSpaced(':')) return false;
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
}

/** Text up to the next tag: of a backslash before braces nothing goes, of two both go and the braces are text. */
export function legacyText(source: string, start: number, stop: string): { text: string; end: number } {
  let searched = start;
  for (;;) {
    const braces = source.indexOf(stop, searched);
    if (braces === -1) return { text: withoutEscapes(source.slice(start)), end: source.length };
    const escaped = stop === '{{' && braces > start && source.charCodeAt(braces - 1) === 92;
    const skipped = braces + (source.startsWith('{{{{', braces) ? 4 : 2);
    // The escape needs one more character, and no tag may begin there.
    if (!escaped || skipped >= source.length || source.startsWith('{{', skipped)) {
      return { text: withoutEscapes(source.slice(start, braces)), end: braces };
    }
    searched = skipped + 1;
  }
}

const withoutEscapes = (text: string): string => text.replaceAll('\\\\{{', '{{');

const rawOf = (tokens: readonly Token[]): string => {
  const value = tokens[0]?.value;
  return typeof value === 'object' && value !== null && 'raw' in value ? value.raw : '';
};

function path(raw: string, identifier: boolean): PathToken {
  return { raw, root: false, local: false, up: 0, keys: [raw], identifier };
}

function segment(
  kind: TagKind,
  start: number,
  end: number,
  stripLeft: boolean,
  stripRight: boolean,
  tokens: readonly Token[],
): TagSegment {
  return { type: 'tag', kind, start, end, stripLeft, stripRight, tokens, standalone: false, indent: undefined };
}

function literalValue(text: string): ConfigValue | undefined {
  try {
    return parseJson(text, { source: 'literal' });
  } catch (error) {
    if (isTemplatingError(error, 'TEMPLATE_CONFIG_INVALID')) return undefined;
    throw error;
  }
}
