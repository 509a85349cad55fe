import type { ConfigValue } from '../values.ts';

/** A path as it stands in a tag. */
export interface PathToken {
  /** As written; a helper is found by this text. */
  readonly raw: string;
  /** `@root.` in front. */
  readonly root: boolean;
  /** `@` in front: a variable of a loop. */
  readonly local: boolean;
  /** Number of `../`. */
  readonly up: number;
  /** Keys and indexes, without any `this`. */
  readonly keys: readonly string[];
  /** Only letters, digits and the like: may name a helper and take arguments. */
  readonly identifier: boolean;
}

/** Names of the terminals of the grammar in the handlebars parser. */
export type Terminal =
  | 'CONTENT'
  | 'OPEN'
  | 'OPEN_UNESCAPED'
  | 'OPEN_BLOCK'
  | 'OPEN_INVERSE_CHAIN'
  | 'OPEN_ENDBLOCK'
  | 'OPEN_PARTIAL'
  | 'OPEN_PARTIAL_BLOCK'
  | 'OPEN_RAW_BLOCK'
  | 'CLOSE_RAW_BLOCK'
  | 'END_RAW_BLOCK'
  | 'INVERSE'
  | 'CLOSE'
  | 'CLOSE_UNESCAPED'
  | 'OPEN_SEXPR'
  | 'CLOSE_SEXPR'
  | 'OPEN_BLOCK_PARAMS'
  | 'CLOSE_BLOCK_PARAMS'
  | 'ID'
  | 'EQUALS'
  | 'STRING'
  | 'EOF';

/** One terminal. `value` is a path, a name, a literal or the tag that the terminal opens. */
export interface Token {
  readonly type: Terminal;
  readonly value: PathToken | TagSegment | ConfigValue;
  readonly start: number;
  readonly end: number;
}

export type TagKind =
  | 'value'
  | 'unescaped'
  | 'block'
  | 'decorator'
  | 'decoratorBlock'
  | 'else'
  | 'elseChain'
  | 'close'
  | 'partial'
  | 'partialBlock'
  | 'comment'
  | 'rawBlock'
  | 'rawClose';

/** Everything between `{{` and `}}`, both included. */
export interface TagSegment {
  readonly type: 'tag';
  readonly kind: TagKind;
  readonly start: number;
  readonly end: number;
  /** `~` on the left, on the right. */
  readonly stripLeft: boolean;
  readonly stripRight: boolean;
  readonly tokens: readonly Token[];
  /** Set by the white-space pass: the tag had its line for itself and the line is gone. */
  standalone: boolean;
  /** Set by the white-space pass, for partials: blanks right before the tag. */
  indent: string | undefined;
}

/** Text between tags. */
export interface TextSegment {
  readonly type: 'text';
  readonly start: number;
  readonly end: number;
  /** Escapes are resolved; the white-space pass shortens it. */
  text: string;
}

export type Segment = TagSegment | TextSegment;
