import type { DialectRules } from '../dialect.ts';
import type { TemplateLimits } from '../limits.ts';
import { Cursor } from './cursor.ts';
import { TagScanner } from './scan-tag.ts';
import type { Segment, TagSegment } from './segments.ts';
import { LimitFault } from './syntax.ts';

/**
 * Cuts a template into text and tags.
 *
 * @throws {@link SyntaxFault} at the first tag that is none, {@link LimitFault} for blocks nested too deep.
 */
export function scanTemplate(source: string, rules: DialectRules, limits: TemplateLimits): Segment[] {
  const cursor = new Cursor(source, limits);
  const legacy = rules.dialect === 'legacy';
  const scanner = new TagScanner(cursor, rules);
  const nesting = new NestingCount(limits.nesting);
  const segments: Segment[] = [];
  let offset = 0;
  while (offset < source.length) {
    const { text, end } = legacy ? legacyText(source, offset, '{{') : modernText(source, offset, '{{');
    if (end > offset) segments.push({ type: 'text', start: offset, end, text });
    if (end === source.length) break;
    const tag = scanner.scan(end);
    nesting.count(tag);
    segments.push(tag);
    offset = tag.kind === 'rawBlock' ? scanRaw(source, tag.end, scanner, legacy, segments) : tag.end;
  }
  return segments;
}

/** The text of a raw block loses the white space at its start, as in Habitat 2.1, then comes its end. */
function scanRaw(source: string, start: number, scanner: TagScanner, legacy: boolean, segments: Segment[]): number {
  let from = start;
  while (!legacy && /[ \t\r\n]/.test(source.charAt(from))) from++;
  const { text, end } = legacy ? legacyText(source, from, '{{{{') : modernText(source, from, '{{{{');
  segments.push({ type: 'text', start: from, end, text });
  const close = scanner.scanRawClose(end);
  segments.push(close);
  return close.end;
}

/**
 * Text up to the next unescaped `stop`. One backslash before two braces makes text of them and goes; of several the
 * first goes and the tag is a tag.
 */
function modernText(source: string, start: number, stop: string): { text: string; end: number } {
  let text = '';
  let copied = start;
  let searched = start;
  for (;;) {
    const braces = source.indexOf('{{', searched);
    if (braces === -1) return { text: text + source.slice(copied), end: source.length };
    const backslashes = countBackslashes(source, searched, braces);
    if (backslashes > 0) {
      text += source.slice(copied, braces - 1);
      copied = braces;
    }
    if (backslashes !== 1 && source.startsWith(stop, braces))
      return { text: text + source.slice(copied, braces), end: braces };
    searched = braces + (backslashes === 1 && source.startsWith('{{', braces + 2) ? 4 : backslashes === 1 ? 2 : 1);
  }
}

function countBackslashes(source: string, from: number, before: number): number {
  let at = before;
  while (at > from && source.charCodeAt(at - 1) === 92) at--;
  return before - at;
}

/** Text up to the next tag: of a backslash before braces nothing goes, of two both go and the braces are text. */
function legacyText(source: string, start: number, stop: string): { text: string; end: number } {
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

/** Blocks within blocks; each `else if` counts, because it is a block within the else part of the one before. */
class NestingCount {
  readonly #max: number;
  readonly #links: number[] = [];
  #depth = 0;

  constructor(max: number) {
    this.#max = max;
  }

  count(tag: TagSegment): void {
    if (tag.kind === 'block' || tag.kind === 'decoratorBlock' || tag.kind === 'partialBlock') this.#links.push(1);
    else if (tag.kind === 'elseChain' && this.#links.length > 0) this.#links.push((this.#links.pop() ?? 0) + 1);
    else {
      if (tag.kind === 'close') this.#depth -= this.#links.pop() ?? 0;
      return;
    }
    if (++this.#depth <= this.#max) return;
    const text = `blocks are nested deeper than ${this.#max}`;
    throw new LimitFault('nesting', this.#max, text, tag.start);
  }
}
