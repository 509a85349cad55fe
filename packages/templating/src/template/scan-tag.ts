import type { DialectRules } from '../dialect.ts';
import type { Cursor } from './cursor.ts';
import { LEGACY_LEXICON, modernLexicon } from './lexicon.ts';
import { ArgumentScanner, NO_HELPER, rawOf } from './scan-arguments.ts';
import type { TagKind, TagSegment, Terminal, Token } from './segments.ts';
import { SyntaxFault } from './syntax.ts';

const CLOSE_NAME = /'(?:[^'\\]|\\.)+'|[A-Za-z0-9_$:@/.\u0080-\uffff-]*/y;
const PARTIAL_NAME = /[A-Za-z0-9_@/.\u0080-\uffff-]+|'(?:[^'\\]|\\.)+'/y;
const ELSE = /(?:else|\^)/y;
const LONG_COMMENT = /!\s*--/y;

/** What a tag is, the terminals around its content and the braces that end it. */
interface Marker {
  readonly kind: TagKind;
  readonly open: Terminal;
  readonly close: Terminal;
  readonly braces: string;
}

const marker = (kind: TagKind, open: Terminal, close: Terminal = 'CLOSE', braces = '}}'): Marker => ({
  kind,
  open,
  close,
  braces,
});
const BLOCK = marker('block', 'OPEN_BLOCK');
const DECORATOR_BLOCK = marker('decoratorBlock', 'OPEN_BLOCK');
const PARTIAL_BLOCK = marker('partialBlock', 'OPEN_PARTIAL_BLOCK');
const PARTIAL = marker('partial', 'OPEN_PARTIAL');
const DECORATOR = marker('decorator', 'OPEN');
const CHAIN = marker('elseChain', 'OPEN_INVERSE_CHAIN');
const VALUE = marker('value', 'OPEN');
const UNESCAPED = marker('unescaped', 'OPEN_UNESCAPED', 'CLOSE_UNESCAPED', '}}}');
const RAW = marker('rawBlock', 'OPEN_RAW_BLOCK', 'CLOSE_RAW_BLOCK', '}}}}');

/**
 * Scans one tag, from its first brace to its last. White space may stand between any two of its parts, also before
 * `#`, `/` and `~`, which the lexer of handlebars does not allow: that is why tags are scanned here and only the
 * structure is left to its grammar. See spec/templating 2 and 8.
 *
 * @throws {@link SyntaxFault}
 */
export class TagScanner {
  readonly #cursor: Cursor;
  readonly #inside: ArgumentScanner;
  readonly #legacy: boolean;

  constructor(cursor: Cursor, rules: DialectRules) {
    this.#cursor = cursor;
    this.#legacy = rules.dialect === 'legacy';
    this.#inside = new ArgumentScanner(cursor, this.#legacy ? LEGACY_LEXICON : modernLexicon(rules.bareIndex));
  }

  /** @param start - Offset of `{{`, which must stand there. */
  scan(start: number): TagSegment {
    const cursor = this.#cursor;
    const inside = this.#inside;
    cursor.startTag(start + 2);
    if (cursor.sees('!')) return this.#comment(start);
    if (cursor.take('{{')) return this.#tag(start, RAW, this.#tilde(), () => inside.line());
    if (cursor.take('{')) return this.#tripleBraces(start);
    const left = this.#tilde();
    cursor.skipSpace();
    const value = (): TagSegment => this.#else(start, left) ?? this.#tag(start, VALUE, left, () => inside.expression());
    const first = cursor.source[cursor.offset];
    if (first === undefined || !'#/>*{&'.includes(first) || (this.#legacy && (first === '{' || first === '&')))
      return value();
    cursor.offset++;
    if (first === '#') return this.#block(start, left);
    if (first === '/') return this.#close(start, left);
    if (first === '>') return this.#tag(start, PARTIAL, left, () => this.#partialLine());
    if (first === '*') return this.#tag(start, DECORATOR, left, () => inside.line());
    if (first === '&') return this.#tag(start, VALUE, left, () => inside.reference());
    return this.#closeInnerBraces(start, left, inside.expression());
  }

  /** The end of a raw block, `{{{{/name}}}}`. */
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
    const { source } = this.#cursor;
    const long = this.#legacy ? undefined : this.#cursor.match(LONG_COMMENT);
    const longEnd = long === undefined ? -1 : source.indexOf('--}}', this.#cursor.offset);
    const end = longEnd === -1 ? source.indexOf('}}', start + 3) + 2 : longEnd + 4;
    if (end < start + 4) throw new SyntaxFault(start, 'the comment has no end', 'A comment ends at the first "}}".');
    this.#cursor.offset = end;
    return segment('comment', start, end, false, false, []);
  }

  /** `{{{x}}}`, and `{{{x}~}}`, which is braces within an ordinary tag. */
  #tripleBraces(start: number): TagSegment {
    const cursor = this.#cursor;
    const left = this.#tilde();
    if (this.#legacy) return this.#tag(start, UNESCAPED, left, () => this.#inside.reference());
    const tokens = this.#inside.expression();
    const before = cursor.offset;
    const right = this.#tilde();
    if (cursor.takeSpaced('}}}')) return this.#finish(start, UNESCAPED, left, right, tokens);
    cursor.offset = before;
    return this.#closeInnerBraces(start, left, tokens);
  }

  #closeInnerBraces(start: number, left: boolean, tokens: readonly Token[]): TagSegment {
    const cursor = this.#cursor;
    if (!cursor.takeSpaced('}')) throw this.#inside.missing('}}}');
    const right = this.#tilde();
    if (!cursor.takeSpaced('}}')) throw this.#inside.missing('}}}');
    return this.#finish(start, UNESCAPED, left, right, tokens);
  }

  #block(start: number, left: boolean): TagSegment {
    const cursor = this.#cursor;
    if (cursor.takeSpaced('*')) return this.#tag(start, DECORATOR_BLOCK, left, () => this.#inside.blockLine());
    if (cursor.takeSpaced('>')) return this.#tag(start, PARTIAL_BLOCK, left, () => this.#partialLine());
    return this.#tag(start, BLOCK, left, () => this.#inside.blockLine());
  }

  #partialLine(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    const raw = this.#legacy ? undefined : cursor.match(PARTIAL_NAME);
    const name = raw === undefined ? this.#partialReference() : [nameToken(raw, start, cursor.offset)];
    return [...name, ...this.#inside.arguments(0)];
  }

  #partialReference(): Token[] {
    if (/["']/.test(this.#cursor.source.charAt(this.#cursor.offset))) {
      throw this.#cursor.fault(
        'expected the name of a partial',
        'Names of partials have no quotes: {{> dir/file.conf}}.',
      );
    }
    const name = this.#inside.reference();
    return name[0]?.value === NO_HELPER ? name.slice(1) : name;
  }

  #else(start: number, left: boolean): TagSegment | undefined {
    const cursor = this.#cursor;
    const before = cursor.offset;
    if (cursor.match(ELSE) === undefined) return undefined;
    const afterElse = cursor.offset;
    const right = this.#tilde();
    if (cursor.takeSpaced('}}')) {
      const end = cursor.offset;
      return segment('else', start, end, left, right, [{ type: 'INVERSE', value: null, start, end }]);
    }
    cursor.offset = afterElse;
    const chain = this.#legacy ? undefined : this.#chain(start, left);
    if (chain === undefined) cursor.offset = before;
    return chain;
  }

  /** `{{else if x}}`; `{{else.x}}` and the like are paths. */
  #chain(start: number, left: boolean): TagSegment | undefined {
    const cursor = this.#cursor;
    const afterElse = cursor.offset;
    if (this.#inside.name() === undefined) return undefined;
    cursor.offset = afterElse;
    try {
      return this.#tag(start, CHAIN, left, () => this.#inside.blockLine());
    } catch (error) {
      if (error instanceof SyntaxFault) return undefined;
      throw error;
    }
  }

  #close(start: number, left: boolean, kind: 'close' | 'rawClose' = 'close', braces = '}}'): TagSegment {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const nameStart = cursor.offset;
    const [reference] = this.#legacy ? this.#inside.reference() : [];
    const raw = reference === undefined ? (cursor.match(CLOSE_NAME) ?? '') : rawOf(reference);
    const name = nameToken(raw, nameStart, cursor.offset);
    const right = this.#tilde();
    if (!cursor.takeSpaced(braces)) throw this.#inside.missing(braces);
    const end = cursor.offset;
    const tokens: Token[] =
      kind === 'rawClose'
        ? [{ type: 'END_RAW_BLOCK', value: raw, start, end }]
        : [{ type: 'OPEN_ENDBLOCK', value: null, start, end }, name, { type: 'CLOSE', value: null, start, end }];
    return segment(kind, start, end, left, right, tokens);
  }

  #tag(start: number, what: Marker, left: boolean, inside: () => Token[]): TagSegment {
    const tokens = inside();
    const right = this.#tilde();
    if (!this.#cursor.takeSpaced(what.braces)) throw this.#inside.missing(what.braces);
    return this.#finish(start, what, left, right, tokens);
  }

  #finish(start: number, what: Marker, left: boolean, right: boolean, inside: readonly Token[]): TagSegment {
    const end = this.#cursor.offset;
    const tokens: Token[] = [];
    const tag = segment(what.kind, start, end, left, right, tokens);
    tokens.push({ type: what.open, value: tag, start, end }, ...inside, { type: what.close, value: null, start, end });
    return tag;
  }
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

/** A name that is no path: a partial's, or the one in a closing tag. */
function nameToken(raw: string, start: number, end: number): Token {
  const value = { raw, root: false, local: false, up: 0, keys: [raw], identifier: false };
  return { type: 'ID', value, start, end };
}
