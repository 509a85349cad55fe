import type { TemplateLimits } from '../limits.ts';
import { LimitFault, SyntaxFault } from './syntax.ts';

/** Reads a template from left to right. White space is what the engines skip: space, tab, CR, LF. */
export class Cursor {
  readonly source: string;
  readonly limits: TemplateLimits;
  offset: number;
  #arguments = 0;

  constructor(source: string, limits: TemplateLimits, offset = 0) {
    this.source = source;
    this.limits = limits;
    this.offset = offset;
  }

  /** Starts a tag: its arguments are counted from here. */
  startTag(offset: number): void {
    this.offset = offset;
    this.#arguments = 0;
  }

  countArgument(): void {
    if (++this.#arguments <= this.limits.tagArguments) return;
    const max = this.limits.tagArguments;
    throw new LimitFault('tagArguments', max, `a tag has more than ${max} arguments`, this.offset);
  }

  assertNesting(depth: number): void {
    if (depth <= this.limits.nesting) return;
    const max = this.limits.nesting;
    throw new LimitFault('nesting', max, `parentheses are nested deeper than ${max}`, this.offset);
  }

  skipSpace(): void {
    for (;;) {
      const code = this.source.charCodeAt(this.offset);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.offset++;
    }
  }

  /** True if `text` stands here. */
  sees(text: string): boolean {
    return this.source.startsWith(text, this.offset);
  }

  /** Consumes `text` if it stands here. */
  take(text: string): boolean {
    if (!this.source.startsWith(text, this.offset)) return false;
    this.offset += text.length;
    return true;
  }

  /** Skips white space and consumes `text`; stays where it was when that is not what follows. */
  takeSpaced(text: string): boolean {
    const before = this.offset;
    this.skipSpace();
    if (this.take(text)) return true;
    this.offset = before;
    return false;
  }

  /** Consumes what a sticky expression matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.offset += found.length;
    return found;
  }

  /** The error for what stands here. */
  fault(message: string, hint?: string): SyntaxFault {
    return new SyntaxFault(this.offset, message, hint);
  }
}
