import type { SyntaxFault } from './syntax.ts';

/** What people write in a tag that is no Habitat template, and what to write instead. */
const KNOWN_MISTAKES: readonly (readonly [RegExp, string, string])[] = [
  [/^\{\{[^}]*$/, 'the tag has no "}}"', 'Close it, or write \\{{ for text.'],
  [
    /^[^"'}]*\s(?:[=!]=|[<>]=?|&&|\|\||!)[^}]*\}\}/,
    'there are no operators',
    'Use a helper: {{#if (eq a b)}}; also ne, lt, lte, gt, gte, and, or, not.',
  ],
  [
    /^\{\{-?\s*\.[A-Za-z]/,
    'this is a template of another engine',
    'Write \\{{.Names}} for text that keeps its braces.',
  ],
  [/^[^.]*[\s{]\.\.?\s*\}\}/, '"." and ".." do not stand alone', 'Write this or ../this.'],
];

/** The fault in words: the mistake that its tag shows, else what the scanner found. */
export function explainSyntax(fault: SyntaxFault, source: string): { message: string; hint: string | undefined } {
  const open = source.lastIndexOf('{{', fault.offset);
  const tag = open === -1 ? '' : source.slice(open, open + 300);
  const known = fault.hint === undefined ? KNOWN_MISTAKES.find(([pattern]) => pattern.test(tag)) : undefined;
  return { message: known?.[1] ?? fault.message, hint: known?.[2] ?? fault.hint };
}
