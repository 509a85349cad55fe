import { type Text, Unknown } from './value.ts';

type Token =
  | { readonly type: 'character'; readonly character: string }
  | { readonly type: 'any' }
  | { readonly type: 'many' }
  | { readonly type: 'set'; readonly negated: boolean; readonly has: (character: string) => boolean };

/** A shell pattern: `*`, `?`, `[…]`, and characters. */
export type Pattern = readonly Token[];

/** Most steps that a replacement may take: it tries the pattern at every character, and a star to the end from each. */
const MAX_STEPS = 5_000_000;

/** @param source - The pattern as bash sees it after expansion: what was quoted is escaped with backslashes. */
export function compilePattern(source: string): Pattern | Unknown {
  if (/(^|[^\\])[?*+@!]\(/.test(source)) return new Unknown('an extended pattern');
  if (/\[[!^]?\]|\[[^\]]*\[[.=]/.test(source)) return new Unknown('an unusual set of characters');
  const characters = [...source];
  const tokens: Token[] = [];
  for (let i = 0; i < characters.length; i++) {
    const character = characters[i] ?? '';
    if (character === '\\') {
      i += 1;
      tokens.push({ type: 'character', character: characters[i] ?? '\\' });
    } else if (character === '?') tokens.push({ type: 'any' });
    else if (character === '*') {
      if (tokens.at(-1)?.type !== 'many') tokens.push({ type: 'many' });
    } else {
      const set = character === '[' ? readSet(characters, i) : undefined;
      tokens.push(set?.token ?? { type: 'character', character });
      i = set?.last ?? i;
    }
  }
  return tokens;
}

/** What counts as one character outside of ASCII depends on the locale. */
const isOfLocale = (pattern: Pattern, text: string): boolean =>
  /[^\x00-\x7f]/.test(text) && pattern.some(({ type }) => type === 'any' || type === 'set');
const LOCALE = new Unknown('what the locale takes for one character');

export function matches(pattern: Pattern, text: string): boolean | Unknown {
  if (isOfLocale(pattern, text)) return LOCALE;
  const characters = [...text];
  return ends(pattern, characters, 0).at(-1) === characters.length;
}

/** `${x#p}` and `${x##p}`. */
export function withoutPrefix(pattern: Pattern, text: string, longest: boolean): Text {
  if (isOfLocale(pattern, text)) return LOCALE;
  const characters = [...text];
  const found = ends(pattern, characters, 0);
  return characters.slice((longest ? found.at(-1) : found[0]) ?? 0).join('');
}

/** `${x%p}` and `${x%%p}`. */
export function withoutSuffix(pattern: Pattern, text: string, longest: boolean): Text {
  if (isOfLocale(pattern, text)) return LOCALE;
  const backwards = [...text].reverse();
  const found = ends([...pattern].reverse(), backwards, 0);
  return backwards
    .slice((longest ? found.at(-1) : found[0]) ?? 0)
    .reverse()
    .join('');
}

/** `${x/p/r}`, `${x//p/r}`, `${x/#p/r}`, `${x/%p/r}`: the longest match at the first place. */
export function replace(
  pattern: Pattern,
  text: string,
  replacement: string,
  where: '/' | '//' | '/#' | '/%',
): string | Unknown {
  if (isOfLocale(pattern, text)) return LOCALE;
  if (text === '' && pattern.every(({ type }) => type === 'many')) return new Unknown('a replacement of nothing');
  const characters = [...text];
  const reach = pattern.some(({ type }) => type === 'many') ? characters.length : 1;
  if (characters.length * reach * (pattern.length + 1) > MAX_STEPS) return new Unknown('a replacement in a long text');
  if (where === '/#') {
    const end = ends(pattern, characters, 0).at(-1);
    return end === undefined ? text : replacement + characters.slice(end).join('');
  }
  if (where === '/%') {
    const end = ends([...pattern].reverse(), [...characters].reverse(), 0).at(-1);
    return end === undefined ? text : characters.slice(0, characters.length - end).join('') + replacement;
  }
  if (pattern.length === 0) return text;
  let result = '';
  for (let at = 0; at < characters.length; ) {
    const end = ends(pattern, characters, at).at(-1) ?? at;
    if (end === at) {
      result += characters[at] ?? '';
      at += 1;
      continue;
    }
    result += replacement;
    at = end;
    if (where === '/') return result + characters.slice(at).join('');
  }
  return result;
}

/** Every place where a match that begins at `start` may end, in ascending order. */
function ends(pattern: Pattern, text: readonly string[], start: number): number[] {
  const found: number[] = [];
  let states = withStars(pattern, new Set([0]));
  for (let at = start; ; at++) {
    if (states.has(pattern.length)) found.push(at);
    const character = text[at];
    if (character === undefined || states.size === 0) return found;
    const next = new Set<number>();
    for (const state of states) {
      const token = pattern[state];
      if (token === undefined) continue;
      if (token.type === 'many') next.add(state);
      else if (accepts(token, character)) next.add(state + 1);
    }
    states = withStars(pattern, next);
  }
}

/** A star may also match nothing. */
function withStars(pattern: Pattern, states: Set<number>): Set<number> {
  for (const state of states) if (pattern[state]?.type === 'many') states.add(state + 1);
  return states;
}

function accepts(token: Token, character: string): boolean {
  if (token.type === 'character') return token.character === character;
  return token.type === 'set' ? token.has(character) !== token.negated : true;
}

const CLASSES: Readonly<Record<string, RegExp>> = {
  alpha: /[A-Za-z]/,
  digit: /[0-9]/,
  alnum: /[A-Za-z0-9]/,
  upper: /[A-Z]/,
  lower: /[a-z]/,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[A-Fa-f0-9]/,
};

/** @returns undefined when no set begins here: the bracket is a character then. */
function readSet(source: readonly string[], open: number): { token: Token; last: number } | undefined {
  let at = open + 1;
  const negated = source[at] === '!' || source[at] === '^';
  if (negated) at += 1;
  const tests: ((character: string) => boolean)[] = [];
  for (let first = true; ; first = false) {
    const character = source[at];
    if (character === undefined) return undefined;
    if (character === ']' && !first) break;
    if (character === '[' && source[at + 1] === ':') {
      const close = source.indexOf(':', at + 2);
      const known = close > 0 && source[close + 1] === ']' ? CLASSES[source.slice(at + 2, close).join('')] : undefined;
      if (known === undefined) return undefined;
      tests.push((tried) => known.test(tried));
      at = close + 2;
      continue;
    }
    const low = character === '\\' ? (source[++at] ?? '\\') : character;
    const isRange = source[at + 1] === '-' && source[at + 2] !== undefined && source[at + 2] !== ']';
    const high = isRange ? (source[at + 2] ?? low) : low;
    tests.push((tried) => tried >= low && tried <= high);
    at += isRange ? 3 : 1;
  }
  return { token: { type: 'set', negated, has: (tried) => tests.some((test) => test(tried)) }, last: at };
}
