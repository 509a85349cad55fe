import type { DialectRules } from '../dialect.ts';
import type { Segment, TagKind, TagSegment, TextSegment } from './segments.ts';

/** Kinds of tags that print nothing themselves and may therefore have a line for themselves. */
const LINE_TAGS: ReadonlySet<TagKind> = new Set<TagKind>([
  'block',
  'decorator',
  'decoratorBlock',
  'else',
  'elseChain',
  'close',
  'partial',
  'partialBlock',
  'comment',
  'rawBlock',
  'rawClose',
]);

/**
 * Removes the white space that tags ask to remove: a tilde takes all of it up to the next tag, a tag alone on its line
 * takes the line. Changes the segments.
 *
 * @see spec/templating 3
 */
export function stripWhitespace(segments: readonly Segment[], source: string, rules: DialectRules): void {
  let afterTilde = false;
  let afterLineTag = false;
  let previous: Segment | undefined;
  for (const segment of segments) {
    if (segment.type === 'text') {
      const blank = /^[ \t\r\n]*$/.test(segment.text);
      // The legacy engines do not look at white space that ends the template.
      const kept = blank && rules.whitespace === 'tilde' && segment.end === source.length;
      if (afterTilde && !kept) segment.text = trimStart(segment.text);
      else if (afterLineTag) segment.text = segment.text.replace(/^[ \t]*(?:\r?\n)?/, '');
      // White space that a tilde takes is no text to the engines: the line still waits for its end.
      if (!blank || !afterTilde) afterLineTag = false;
    } else {
      const before = previous?.type === 'text' ? previous : undefined;
      if (segment.stripLeft && before !== undefined) before.text = trimEnd(before.text);
      // A comment has no tildes; the one before it goes on.
      if (segment.kind !== 'comment') afterTilde = segment.stripRight;
      if (segment.kind === 'partial' && !segment.stripLeft) segment.indent = blanksBefore(source, segment.start);
      if (LINE_TAGS.has(segment.kind)) afterLineTag = takeLine(segment, before, source, rules);
    }
    previous = segment;
  }
}

function takeLine(tag: TagSegment, before: TextSegment | undefined, source: string, rules: DialectRules): boolean {
  if (rules.whitespace === 'tilde') return false;
  if (rules.whitespace === 'guarded' && (tag.stripLeft || tag.stripRight)) return false;
  tag.standalone = endsLine(source, tag.end) && startsLine(source, tag.start);
  if (tag.standalone && before !== undefined) before.text = trimBlanksEnd(before.text);
  return tag.standalone;
}

/** Only spaces and tabs up to the end of the line or of the template. */
function endsLine(source: string, offset: number): boolean {
  let at = offset;
  while (isBlank(source.charCodeAt(at))) at++;
  // Blanks up to the end of the template do not count as a line: the originals look for a break or for nothing at all.
  return at < source.length ? isBreak(source.charCodeAt(at)) : at === offset;
}

function startsLine(source: string, offset: number): boolean {
  let at = offset;
  while (isBlank(source.charCodeAt(at - 1))) at--;
  return at === 0 || isBreak(source.charCodeAt(at - 1));
}

function blanksBefore(source: string, offset: number): string | undefined {
  let at = offset;
  while (isBlank(source.charCodeAt(at - 1))) at--;
  return at === offset ? undefined : source.slice(at, offset);
}

function trimBlanksEnd(text: string): string {
  let end = text.length;
  while (isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

// Character loops instead of regular expressions: "\s+$" takes quadratic time on a long run that ends in a letter.
function trimStart(text: string): string {
  let start = 0;
  while (isWhiteSpace(text.charCodeAt(start))) start++;
  return text.slice(start);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (isWhiteSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

const isBlank = (code: number): boolean => code === 32 || code === 9;
const isBreak = (code: number): boolean => code === 10 || code === 13;

/** Unicode's White_Space, which is what the originals trim. */
function isWhiteSpace(code: number): boolean {
  if (code === 32 || (code > 8 && code < 14)) return true;
  if (code < 128) return false;
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}
