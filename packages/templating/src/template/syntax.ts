/** A defect of the text, found by one of the scanners or by the grammar; becomes a coded error with its position. */
export class SyntaxFault extends Error {
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(offset: number, message: string, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** A limit that a template's text exceeds. */
export class LimitFault extends Error {
  readonly limit: 'nesting' | 'tagArguments' | 'partialDepth' | 'outputCharacters' | 'steps' | 'work';
  readonly max: number;
  readonly offset: number | undefined;

  constructor(limit: LimitFault['limit'], max: number, message: string, offset?: number) {
    super(message);
    this.limit = limit;
    this.max = max;
    this.offset = offset;
  }
}
