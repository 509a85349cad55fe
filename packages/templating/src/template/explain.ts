import type { SyntaxFault } from './syntax.ts';

/** What people write in a tag that is no Habitat template, and what to write instead. */
const KNOWN_MISTAKES: readonly (readonly [RegExp, string, string])[] = [
  [/^\{\{~?\s*\}\}/, 'the tag is empty', 'Write a path between the braces, or \\{{ for the braces themselves.'],
  [/^\{\{[^}]*$/, 'the tag has no "}}"', 'Close the tag, or write \\{{ for the braces themselves.'],
  [
    /^\{\{~?\s*[#^]?\s*(?:\w+\s+)?[^"'}]*?(?:==|!=|<=?|&&|\|\|)[^}]*\}\}/,
    'templates have no operators',
    'Use a helper: {{#if (eq a b)}}, (ne a b), (lt a b), (and a b), (or a b).',
  ],
  [/^\{\{~?\s*#?\s*\w+\s+!/, 'templates have no "!"', 'Use {{#unless x}} or (not x).'],
  [
    /^\{\{~?\s*!/,
    'a comment takes no "~"',
    'Write {{! comment }} without "~" and with nothing between the braces and "!".',
  ],
  [
    /^\{\{-?\s*\.[A-Za-z]/,
    'this looks like a template of another engine',
    'Text that must keep its braces is written \\{{.Names}}: the backslash goes, the braces stay.',
  ],
  [
    /^\{\{~?\s*(?:#?\s*\w+\s+)?\.\.?\s*\}\}/,
    '"." and ".." do not stand alone',
    'Write this for the current value and ../this for the one around it.',
  ],
  [/^\{\{~?\s*\^\s*\w/, 'an inverse block needs a block around it', 'Use {{#unless x}}…{{/unless}}.'],
];

/** The fault in words: the mistake that its tag shows, else what the scanner found. */
export function explainSyntax(fault: SyntaxFault, source: string): { message: string; hint: string | undefined } {
  const open = source.lastIndexOf('{{', fault.offset);
  const tag = open === -1 ? '' : source.slice(open, open + 300);
  const known = KNOWN_MISTAKES.find(([pattern]) => pattern.test(tag));
  if (known === undefined || fault.hint !== undefined) return { message: fault.message, hint: fault.hint };
  return { message: known[1], hint: known[2] };
}
