import { Unknown } from './value.ts';

const MAX_ALTERNATIVES = 4096;

/** `{a,b}` and `{1..9}`, without expansions inside and without nesting. */
export function expandBraces(text: string): readonly string[] | Unknown {
  const inner = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : '';
  if (/[$`'"\\{}*?[\]]/.test(inner)) return new Unknown('braces with more than plain text inside');
  const range = /^(-?[0-9]+)\.\.(-?[0-9]+)$/.exec(inner);
  if (range === null && inner.includes('..') && !inner.includes(','))
    return new Unknown('a range of letters, or with steps');
  if (range === null) return inner.includes(',') ? inner.split(',') : [text];
  const [from, to] = [Number(range[1]), Number(range[2])];
  if (/^-?0[0-9]/.test(range[1] ?? '') || /^-?0[0-9]/.test(range[2] ?? '')) return new Unknown('a padded range');
  if (Math.abs(to - from) >= MAX_ALTERNATIVES) return new Unknown('a very long range');
  const step = from <= to ? 1 : -1;
  return Array.from({ length: Math.abs(to - from) + 1 }, (_, i) => String(from + i * step));
}

/**
 * Whether braces in a text may be expanded where they look quoted: quotes inside of `"${x:-"{a,b}"}"` end those around it
 * for whoever looks for braces, and for nobody else.
 */
export const mayHideBraces = (text: string): boolean =>
  /\$\{[^}]*["'].*(?<!\$)\{/s.test(text) && /(?<!\$)\{.*(?:,|\.\.).*\}/s.test(text);
