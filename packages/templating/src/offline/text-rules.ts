import type { Segment, TagSegment, TextSegment } from '../template/segments.ts';
import type { Findings } from './finding.ts';

/** A block tag that lost one of its braces: it is text, and the block it should close stays open. */
const SINGLE_BRACE = /(?<!\{)\{[~ ]{0,4}(?:[#/](?:if|unless|each|with|eachAlive)\b|else\b)[^{}]{0,200}\}\}?/g;

/** Rules about the text between tags and about where tags stand in it. */
export function checkText(segments: readonly Segment[], source: string, findings: Findings): void {
  const firstWord = source.search(/\S/);
  const lastWord = source.trimEnd().length;
  for (const segment of segments) {
    if (segment.type === 'text') checkBraces(segment, source, findings);
    else if (joinsLines(segment, firstWord, lastWord)) {
      findings.add(
        'joined-lines',
        segment.start,
        'this tag joins the line before it with the line after it',
        'Write "~" on the right side instead of the left, or on no side, to keep the lines apart.',
      );
    }
  }
}

function checkBraces(text: TextSegment, source: string, findings: Findings): void {
  for (const match of source.slice(text.start, text.end).matchAll(SINGLE_BRACE)) {
    findings.add(
      'single-brace',
      text.start + match.index,
      `${match[0].slice(0, 60)} is text: a tag begins and ends with two braces`,
      `Write {${match[0].replace(/\}+$/, '')}}}.`,
    );
  }
}

/** A tilde takes the line break before the tag, the tag's own line goes with the one after it. */
function joinsLines(tag: TagSegment, firstWord: number, lastWord: number): boolean {
  return tag.standalone && tag.stripLeft && !tag.stripRight && firstWord < tag.start && lastWord > tag.end;
}

const BARE_INDEX = /(\{\{[^}]+[^.])(\[)/g;

/**
 * Rewrites one line of a template from the old form `list[0]` to `list.[0]`.
 *
 * @returns The same line when there is nothing to rewrite.
 */
export function suggestIndexForm(line: string): string {
  let suggested = line;
  // Each pass moves over at least one bracket, so a line has fewer passes than characters.
  for (let pass = 0; pass < line.length; pass++) {
    const next = suggested.replace(BARE_INDEX, '$1.$2');
    if (next === suggested) break;
    suggested = next;
  }
  return suggested;
}
