import grammar, { type JisonLexer, type JisonLocation } from 'handlebars/dist/cjs/handlebars/compiler/parser.js';

import type { DialectRules } from '../dialect.ts';
import type { TemplateLimits } from '../limits.ts';
import { scanTemplate } from './scan.ts';
import type { PathToken, Segment, TagSegment, Terminal, Token } from './segments.ts';
import { SyntaxFault } from './syntax.ts';
import type {
  BlockStatement,
  DecoratorBlock,
  Expression,
  Hash,
  MustacheStatement,
  PartialBlockStatement,
  PathExpression,
  Program,
  SourceSpan,
  Statement,
  SubExpression,
} from './tree.ts';
import { stripWhitespace } from './whitespace.ts';

/** A template's text, its parts and its tree. */
export interface ParsedTemplate {
  readonly segments: readonly Segment[];
  readonly program: Program;
}

/**
 * Parses a template in three steps: our scanner cuts it into text and tags, our white-space rules shorten the text, and
 * the grammar of handlebars makes the tree.
 *
 * Only the grammar is taken, not the lexer: white space before `#`, `}}}` after an expression, `a.0`, JSON escapes and
 * literals cannot be bridged by rewriting the text without losing positions, while the automaton takes any token
 * stream. Our tokens carry offsets as positions and finished paths and literals as texts.
 *
 * @throws {@link SyntaxFault}, {@link LimitFault}
 */
export function parseTemplate(source: string, rules: DialectRules, limits: TemplateLimits): ParsedTemplate {
  const segments = scanTemplate(source, rules, limits);
  stripWhitespace(segments, source, rules);
  return { segments, program: buildTree(segments, source) };
}

/** Feeds the tokens of the segments to the automaton. Implements jison's interface of a lexer. */
class SegmentLexer implements JisonLexer {
  yytext: unknown = '';
  yyleng = 0;
  yylineno = 0;
  yylloc: JisonLocation = { first_line: 0, last_line: 0, first_column: 0, last_column: 0 };
  readonly #segments: readonly Segment[];
  readonly #end: number;
  #segment = 0;
  #token = 0;

  constructor(segments: readonly Segment[], end: number) {
    this.#segments = segments;
    this.#end = end;
  }

  setInput(): void {}

  lex(): Terminal {
    for (;;) {
      const segment = this.#segments[this.#segment];
      if (segment === undefined) return this.#emit('EOF', '', this.#end, this.#end);
      if (segment.type === 'text') {
        this.#segment++;
        if (segment.text !== '') return this.#emit('CONTENT', segment.text, segment.start, segment.end);
        continue;
      }
      const token = segment.tokens[this.#token++];
      if (token !== undefined) return this.#emit(token.type, token.value, token.start, token.end);
      this.#segment++;
      this.#token = 0;
    }
  }

  #emit(type: Terminal, value: Token['value'], start: number, end: number): Terminal {
    this.yytext = value;
    this.yylloc = { first_line: start, last_line: end, first_column: 0, last_column: 0 };
    return type;
  }
}

function buildTree(segments: readonly Segment[], source: string): Program {
  const lexer = new SegmentLexer(segments, source.length);
  // The automaton keeps its state in locals; lexer, node factory and error handler are looked up on `this`.
  const parser = Object.create(grammar) as typeof grammar;
  parser.lexer = lexer;
  parser.yy = { ...NODES };
  parser.parseError = (_message, { token }) => {
    throw structureFault(String(token), lexer, segments, source);
  };
  return parser.parse(source) as Program;
}

function structureFault(token: string, lexer: SegmentLexer, segments: readonly Segment[], source: string): SyntaxFault {
  const offset = lexer.yylloc.first_line;
  if (token === 'EOF') return unclosedBlock(segments, source);
  if (token === 'OPEN_ENDBLOCK') return new SyntaxFault(offset, 'this closes a block that was never opened');
  if (token === 'INVERSE' || token === 'OPEN_INVERSE_CHAIN') {
    return new SyntaxFault(offset, 'this "else" belongs to no block, or its block has had its else part');
  }
  return new SyntaxFault(offset, 'this cannot stand here');
}

function unclosedBlock(segments: readonly Segment[], source: string): SyntaxFault {
  const open: TagSegment[] = [];
  for (const segment of segments) {
    if (segment.type !== 'tag') continue;
    if (segment.kind === 'block' || segment.kind === 'decoratorBlock' || segment.kind === 'partialBlock')
      open.push(segment);
    else if (segment.kind === 'close') open.pop();
  }
  const last = open.at(-1);
  if (last === undefined) return new SyntaxFault(source.length, 'the template ends too early');
  return new SyntaxFault(last.start, 'this block is never closed', `Close it with "{{/${blockName(last)}}}".`);
}

const blockName = (tag: TagSegment): string => (tag.tokens[1]?.value as PathToken | undefined)?.raw ?? '';

interface OpenBlock {
  readonly path: PathExpression;
  readonly params: readonly Expression[];
  readonly hash: Hash | undefined;
  readonly blockParams: readonly string[] | undefined;
  readonly strip: TagSegment;
}
interface InverseChain {
  readonly program: Program;
}
interface CloseBlock {
  readonly path: PathExpression;
}
interface OpenPartial {
  readonly path: PathExpression | SubExpression;
  readonly params: readonly Expression[];
  readonly hash: Hash | undefined;
  readonly strip: TagSegment;
}

const span = (loc: JisonLocation): SourceSpan => ({ start: loc.first_line, end: loc.last_line });

/** The functions that the actions of the grammar call to make nodes; their names are given by it. */
const NODES = {
  locInfo: span,
  id: (value: unknown): unknown => value,
  /** Asked for the tildes of every tag: the answer travels in `strip`, so it is the tag itself. */
  stripFlags: (open: TagSegment): TagSegment => open,
  stripComment: (text: string): string => text,

  prepareProgram: (body: Statement[]): Program => ({ type: 'Program', body }),

  preparePath: (_data: boolean, parts: readonly { original: PathToken }[], loc: JisonLocation): PathExpression => ({
    type: 'PathExpression',
    path: parts[0]?.original as PathToken,
    loc: span(loc),
  }),

  prepareMustache(
    path: PathExpression,
    params: readonly Expression[],
    hash: Hash | undefined,
    tag: TagSegment,
    _strip: unknown,
    loc: JisonLocation,
  ): MustacheStatement {
    return { type: 'MustacheStatement', path, params, hash, tag, loc: span(loc) };
  },

  prepareRawBlock(
    open: Pick<OpenBlock, 'path' | 'params' | 'hash'>,
    contents: Statement[],
    close: string,
    loc: JisonLocation,
  ): BlockStatement {
    assertClosedBy(open.path, close, loc.last_line);
    const program: Program = { type: 'Program', body: contents };
    return {
      type: 'BlockStatement',
      ...open,
      tag: RAW_TAG,
      blockParams: [],
      program,
      inverse: undefined,
      loc: span(loc),
    };
  },

  prepareBlock(
    open: OpenBlock,
    program: Program,
    inverse: InverseChain | undefined,
    close: CloseBlock | InverseChain | undefined,
    _inverted: boolean,
    loc: JisonLocation,
  ): BlockStatement | DecoratorBlock {
    const { path, params, hash } = open;
    // A link of an else chain is not closed by a tag of its own.
    if (close !== undefined && 'path' in close) assertClosed(open, close);
    if (open.strip.kind === 'decoratorBlock') {
      if (inverse !== undefined) throw new SyntaxFault(loc.first_line, 'an inline partial has no else part');
      return { type: 'DecoratorBlock', path, params, hash, program, loc: span(loc) };
    }
    return {
      type: 'BlockStatement',
      path,
      params,
      hash,
      tag: open.strip,
      blockParams: open.blockParams ?? [],
      program,
      inverse: inverse?.program,
      loc: span(loc),
    };
  },

  preparePartialBlock(
    open: OpenPartial,
    program: Program,
    close: CloseBlock,
    loc: JisonLocation,
  ): PartialBlockStatement {
    if (close.path.path.raw !== '' && open.path.type === 'PathExpression') {
      assertClosedBy(open.path, close.path.path.raw, close.path.loc.start);
    }
    const { params, hash, strip } = open;
    return { type: 'PartialBlockStatement', name: open.path, params, hash, strip, program, loc: span(loc) };
  },
};

/** Raw blocks are never alone on a line in a way that matters to their helper. */
const RAW_TAG: TagSegment = {
  type: 'tag',
  kind: 'rawBlock',
  start: 0,
  end: 0,
  stripLeft: false,
  stripRight: false,
  tokens: [],
  standalone: false,
  indent: undefined,
};

function assertClosed(open: OpenBlock, close: CloseBlock): void {
  const { raw } = close.path.path;
  if (raw === '' && open.strip.kind === 'decoratorBlock') return;
  assertClosedBy(open.path, raw, close.path.loc.start);
}

function assertClosedBy(open: PathExpression, close: string, offset: number): void {
  if (open.path.raw === close) return;
  const found = close === '' ? 'a closing tag without a name' : `"${close}"`;
  throw new SyntaxFault(
    offset,
    `${found} closes the block "${open.path.raw}"`,
    `Close it with "{{/${open.path.raw}}}".`,
  );
}
