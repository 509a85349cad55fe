import type { ConfigValue } from '../values.ts';
import type { PathToken, TagSegment } from './segments.ts';

/**
 * The syntax tree of handlebars, narrowed to what our scanners feed its grammar. Positions are offsets; `line` and
 * `column` are computed when an error needs them.
 */
export interface SourceSpan {
  readonly start: number;
  readonly end: number;
}

export interface PathExpression {
  readonly type: 'PathExpression';
  readonly path: PathToken;
  readonly loc: SourceSpan;
}

/** Any literal: the scanner has made a value of it. */
export interface Literal {
  readonly type: 'StringLiteral';
  readonly value: ConfigValue;
  readonly loc: SourceSpan;
}

export interface SubExpression {
  readonly type: 'SubExpression';
  readonly path: PathExpression;
  readonly params: readonly Expression[];
  readonly hash: Hash | undefined;
  readonly loc: SourceSpan;
}

export interface Hash {
  readonly type: 'Hash';
  readonly pairs: readonly { readonly key: string; readonly value: Expression }[];
}

export type Expression = PathExpression | Literal | SubExpression;

export interface Program {
  readonly type: 'Program';
  readonly body: readonly Statement[];
  /** The program is the chain of an `else if`. */
  chained?: boolean;
}

export interface ContentStatement {
  readonly type: 'ContentStatement';
  readonly value: string;
}

/** A helper or a path with what it is given. */
export interface Call {
  readonly path: PathExpression;
  readonly params: readonly Expression[];
  readonly hash: Hash | undefined;
  readonly loc: SourceSpan;
}

export interface MustacheStatement extends Call {
  readonly type: 'MustacheStatement';
  readonly tag: TagSegment;
}

export interface BlockStatement extends Call {
  readonly type: 'BlockStatement';
  readonly tag: TagSegment;
  readonly blockParams: readonly string[];
  readonly program: Program;
  readonly inverse: Program | undefined;
}

export interface DecoratorBlock extends Call {
  readonly type: 'DecoratorBlock';
  readonly program: Program;
}

export interface PartialStatement {
  readonly type: 'PartialStatement';
  readonly name: PathExpression | SubExpression;
  readonly params: readonly Expression[];
  readonly hash: Hash | undefined;
  /** The tag; the grammar's action fills this member with what we answer for the tildes. */
  readonly strip: TagSegment;
  readonly loc: SourceSpan;
}

export interface PartialBlockStatement {
  readonly type: 'PartialBlockStatement';
  readonly name: PathExpression | SubExpression;
  readonly params: readonly Expression[];
  readonly hash: Hash | undefined;
  readonly strip: TagSegment;
  readonly program: Program;
  readonly loc: SourceSpan;
}

export type Statement =
  | ContentStatement
  | MustacheStatement
  | BlockStatement
  | DecoratorBlock
  | PartialStatement
  | PartialBlockStatement;
