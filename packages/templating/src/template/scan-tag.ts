import type { Cursor } from './cursor.ts';
import { ArgumentScanner } from './scan-arguments.ts';
import type { TagKind, TagSegment, Terminal, Token } from './segments.ts';
import { SyntaxFault } from './syntax.ts';

const CLOSE_NAME = /'(?:[^'\\]|\\.)+'|[A-Za-z0-9_$:@/.\u0080-\uffff-]*/y;
const PARTIAL_NAME = /[A-Za-z0-9_@/.\u0080-\uffff-]+|'(?:[^'\\]|\\.)+'/y;
const ELSE = /(?:else|\^)/y;

/** What the marker after `{{` makes of a tag. */
interface Marker {
  readonly kind: TagKind;
  readonly open: Terminal;
}

const BLOCK: Marker = { kind: 'block', open: 'OPEN_BLOCK' };
const DECORATOR_BLOCK: Marker = { kind: 'decoratorBlock', open: 'OPEN_BLOCK' };
const PARTIAL_BLOCK: Marker = { kind: 'partialBlock', open: 'OPEN_PARTIAL_BLOCK' };
const PARTIAL: Marker = { kind: 'partial', open: 'OPEN_PARTIAL' };
const DECORATOR: Marker = { kind: 'decorator', open: 'OPEN' };
const CHAIN: Marker = { kind: 'elseChain', open: 'OPEN_INVERSE_CHAIN' };
const VALUE: Marker = { kind: 'value', open: 'OPEN' };
const UNESCAPED: Marker = { kind: 'unescaped', open: 'OPEN_UNESCAPED' };
const RAW: Marker = { kind: 'rawBlock', open: 'OPEN_RAW_BLOCK' };

/**
 * Scans one tag of the dialects `documented` and `2.1`, from its first brace to its last. White space may stand
 * between any two of its parts, also before `#`, `/` and `~`, which the lexer of handlebars does not allow: that is
 * why tags are scanned here and only the structure is left to its grammar. See spec/templating 2 and 8.
 *
 * @throws {@link SyntaxFault}
 */
export class TagScanner {
  readonly #cursor: Cursor;
  readonly #inside: ArgumentScanner;

  constructor(cursor: Cursor, bareIndex: boolean) {
    this.#cursor = cursor;
    this.#inside = new ArgumentScanner(cursor, bareIndex);
  }

  /** @param start - Offset of `{{`, which must stand there. */
  scan(start: number): TagSegment {
    const cursor = this.#cursor;
    cursor.startTag(start + 2);
    if (cursor.sees('!')) return this.#comment(start);
    if (cursor.sees('{{')) {
      cursor.offset += 2;
      return this.#tag(start, RAW, this.#tilde(), () => this.#inside.expressionLine(), '}}}}');
    }
    if (cursor.sees('{')) return this.#tripleBraces(start);
    const left = this.#tilde();
    cursor.skipSpace();
    switch (cursor.source[cursor.offset]) {
      case '#':
        cursor.offset++;
        return this.#block(start, left);
      case '/':
        cursor.offset++;
        return this.#close(start, left);
      case '>':
        cursor.offset++;
        return this.#tag(start, PARTIAL, left, () => this.#partialLine());
      case '*':
        cursor.offset++;
        return this.#tag(start, DECORATOR, left, () => this.#inside.expressionLine());
      case '{':
        return this.#innerBraces(start, left);
      case '&':
        cursor.offset++;
        return this.#tag(start, VALUE, left, () => this.#nameOnly());
      default:
        return this.#else(start, left) ?? this.#tag(start, VALUE, left, () => this.#inside.expression());
    }
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
    const cursor = this.#cursor;
    const dashes = /!\s*--/y;
    const long = cursor.match(dashes);
    const longEnd = long === undefined ? -1 : cursor.source.indexOf('--}}', cursor.offset);
    const end = longEnd === -1 ? cursor.source.indexOf('}}', start + 3) + 2 : longEnd + 4;
    if (end < start + 4) throw new SyntaxFault(start, 'the comment has no end', 'A comment ends at the first "}}".');
    cursor.offset = end;
    return segment('comment', start, end, false, false, []);
  }

  /** `{{{x}}}`, and `{{{x}~}}`, which is braces within an ordinary tag. */
  #tripleBraces(start: number): TagSegment {
    const cursor = this.#cursor;
    cursor.offset++;
    const left = this.#tilde();
    const tokens = this.#inside.expression();
    const before = cursor.offset;
    const right = this.#tilde();
    if (cursor.takeSpaced('}}}')) return this.#finish(start, UNESCAPED, left, right, tokens);
    cursor.offset = before;
    return this.#closeInnerBraces(start, left, tokens);
  }

  #innerBraces(start: number, left: boolean): TagSegment {
    this.#cursor.offset++;
    return this.#closeInnerBraces(start, left, this.#inside.expression());
  }

  #closeInnerBraces(start: number, left: boolean, tokens: readonly Token[]): TagSegment {
    const cursor = this.#cursor;
    if (!cursor.takeSpaced('}')) throw this.#unfinished('"}}}"');
    const right = this.#tilde();
    if (!cursor.takeSpaced('}}')) throw this.#unfinished('"}}}"');
    return this.#finish(start, UNESCAPED, left, right, tokens);
  }

  #block(start: number, left: boolean): TagSegment {
    const cursor = this.#cursor;
    if (cursor.takeSpaced('*')) return this.#tag(start, DECORATOR_BLOCK, left, () => this.#blockLine());
    if (cursor.takeSpaced('>')) return this.#tag(start, PARTIAL_BLOCK, left, () => this.#partialLine());
    return this.#tag(start, BLOCK, left, () => this.#blockLine());
  }

  #blockLine(): Token[] {
    const line = this.#inside.expressionLine();
    return [...line, ...this.#inside.blockParameters()];
  }

  #nameOnly(): Token[] {
    this.#cursor.skipSpace();
    const start = this.#cursor.offset;
    if (this.#cursor.sees('(')) return this.#inside.expression();
    const path = this.#inside.path();
    if (path === undefined) throw this.#cursor.fault('expected a path after "&"');
    return [{ type: 'ID', value: path, start, end: this.#cursor.offset }];
  }

  #partialLine(): Token[] {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const start = cursor.offset;
    const raw = cursor.match(PARTIAL_NAME);
    const name = raw === undefined ? this.#partialReference() : [partialName(raw, start, cursor.offset)];
    const given = this.#inside.arguments(0);
    return [...name, ...given.values, ...given.pairs];
  }

  #partialReference(): Token[] {
    const cursor = this.#cursor;
    const start = cursor.offset;
    if (cursor.sees('(')) return this.#inside.expression().slice(1);
    const path = this.#inside.path();
    if (path !== undefined) return [{ type: 'ID', value: path, start, end: cursor.offset }];
    throw cursor.fault(
      'expected the name of a partial',
      'Names of partials are written without quotes: {{> dir/file.conf}}.',
    );
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
    if (this.#inside.identifier() !== undefined) {
      cursor.offset = afterElse;
      try {
        return this.#tag(start, CHAIN, left, () => this.#blockLine());
      } catch (error) {
        // `{{else.x}}` and the like are paths after all, unless that does not work out either.
        if (!(error instanceof SyntaxFault)) throw error;
      }
    }
    cursor.offset = before;
    return undefined;
  }

  #close(start: number, left: boolean, kind: 'close' | 'rawClose' = 'close', braces = '}}'): TagSegment {
    const cursor = this.#cursor;
    cursor.skipSpace();
    const nameStart = cursor.offset;
    const raw = cursor.match(CLOSE_NAME) ?? '';
    const nameEnd = cursor.offset;
    const right = this.#tilde();
    if (!cursor.takeSpaced(braces)) throw this.#unfinished(`"${braces}"`);
    const end = cursor.offset;
    const tokens: Token[] =
      kind === 'rawClose'
        ? [{ type: 'END_RAW_BLOCK', value: raw, start, end }]
        : [
            { type: 'OPEN_ENDBLOCK', value: null, start, end },
            partialName(raw, nameStart, nameEnd),
            { type: 'CLOSE', value: null, start, end },
          ];
    return segment(kind, start, end, left, right, tokens);
  }

  #tag(start: number, marker: Marker, left: boolean, inside: () => Token[], braces = '}}'): TagSegment {
    const tokens = inside();
    const right = this.#tilde();
    if (!this.#cursor.takeSpaced(braces)) throw this.#unfinished(`"${braces}"`);
    return this.#finish(start, marker, left, right, tokens);
  }

  #finish(start: number, marker: Marker, left: boolean, right: boolean, inside: readonly Token[]): TagSegment {
    const end = this.#cursor.offset;
    const close: Terminal = marker === UNESCAPED ? 'CLOSE_UNESCAPED' : marker === RAW ? 'CLOSE_RAW_BLOCK' : 'CLOSE';
    const tokens: Token[] = [];
    const tag = segment(marker.kind, start, end, left, right, tokens);
    tokens.push({ type: marker.open, value: tag, start, end }, ...inside, { type: close, value: null, start, end });
    return tag;
  }

  #unfinished(wanted: string): SyntaxFault {
    this.#cursor.skipSpace();
    return this.#cursor.fault(`expected ${wanted}`);
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
function partialName(raw: string, start: number, end: number): Token {
  const value = { raw, root: false, local: false, up: 0, keys: [raw], identifier: false };
  return { type: 'ID', value, start, end };
}
