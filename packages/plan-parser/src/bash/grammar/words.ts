import type { ParsedScript } from 'unbash';

import { BREAKS, type Place, type Scanner } from './scanner.ts';

/** Which characters that end a word elsewhere belong to it. */
export interface WordRules {
  /** `@(a|b)` and its like. */
  readonly groups: boolean;
  /** Parentheses of a regular expression. */
  readonly expression?: boolean;
  /** Ends the word as well. */
  readonly stop?: string;
}

/** What words need of whatever reads commands. */
export interface WordWorld {
  /** Whether `@(a|b)` and its like belong to words, as `shopt -s extglob` has it. */
  readonly groups: boolean;
  readonly scanner: Scanner;
  /** What the tree says of an expansion that begins there. */
  readonly placeAt: (at: number) => Place | undefined;
  /** Reads the commands of a substitution up to its closing parenthesis. */
  script(script: ParsedScript): void;
  /** Reads the commands between backquotes, in the text between two places or their own. */
  quoted(script: ParsedScript, from: number, to: number): void;
}

const NAME = /[A-Za-z_]\w*|[0-9]+|[@*#?$!-]/y;
const ARITHMETIC = /[\w \t\n+\-*/%<>=!&|^~?:,#[\]]/;

/** Reads a word as far as bash would. */
export function readWord(world: WordWorld, rules: WordRules): void {
  const { scanner } = world;
  const begin = scanner.at;
  let literal = -1;
  let open = 0;
  for (;;) {
    const next = scanner.peek();
    if (next === '' || next === rules.stop) break;
    if (BREAKS.has(next)) {
      if (next === '(' && rules.groups && literal === scanner.at - 1 && literal >= begin) group(world);
      else if ((next === '<' || next === '>') && scanner.peek(1) === '(') substitution(world, 2);
      else if (rules.expression === true && /[(|]/.test(next)) {
        if (next === '(') open += 1;
        scanner.at += 1;
      } else if (next === ')' && open > 0) {
        open -= 1;
        scanner.at += 1;
      } else break;
      continue;
    }
    if (/[?*+@!]/.test(next)) literal = scanner.at;
    piece(world, next, false);
  }
  scanner.must(open === 0 && scanner.at > begin);
}

/** Text in which quotes mean nothing, and only expansions count. */
export function readBody(world: WordWorld): void {
  const { scanner } = world;
  for (let next = scanner.peek(); next !== ''; next = scanner.peek()) {
    if (next === '\\') scanner.at += 2;
    else if (next === '$') dollar(world, true);
    else if (next === '`') backquotes(world);
    else scanner.at += 1;
  }
}

/** One character, one quoted text, or one expansion. */
function piece(world: WordWorld, next: string, quoted: boolean): void {
  const { scanner } = world;
  switch (next) {
    case '\\':
      scanner.must(scanner.peek(1) !== '');
      scanner.at += 2;
      return;
    case "'":
      scanner.must(!quoted);
      scanner.at += 1;
      until(scanner, "'", false);
      return;
    case '"':
      scanner.deeper(() => doubleQuoted(world));
      return;
    case '`':
      backquotes(world);
      return;
    case '$':
      scanner.deeper(() => dollar(world, quoted));
      return;
    default:
      scanner.at += 1;
  }
}

function until(scanner: Scanner, close: string, escapes: boolean): void {
  while (scanner.peek() !== close) {
    scanner.must(scanner.peek() !== '');
    scanner.at += escapes && scanner.peek() === '\\' ? 2 : 1;
  }
  scanner.at += 1;
}

function doubleQuoted(world: WordWorld): void {
  const { scanner } = world;
  scanner.take('"');
  for (let next = scanner.peek(); next !== '"'; next = scanner.peek()) {
    scanner.must(next !== '');
    if (next === "'") scanner.at += 1;
    else piece(world, next, true);
  }
  scanner.at += 1;
}

function dollar(world: WordWorld, quoted: boolean): void {
  const { scanner } = world;
  const next = scanner.peek(1);
  if (next === '(' && scanner.peek(2) === '(') {
    scanner.must(world.placeAt(scanner.at) === 'arithmetic');
    scanner.at += 3;
    readArithmetic(world, '))');
  } else if (next === '(') substitution(world, 2);
  else if (next === '{') parameter(world, quoted);
  else if (next === '[' || (next === '\\' && scanner.peek(2) === '\n')) scanner.refuse();
  else if (next === "'" && !quoted) {
    scanner.at += 2;
    until(scanner, "'", true);
  } else scanner.at += /[\w@*#?$!-]/.test(next) ? 2 : 1;
}

/** The commands of the substitution that begins here. */
function scriptAt({ scanner, placeAt }: WordWorld): ParsedScript {
  const place = placeAt(scanner.at);
  return place === undefined || place === 'arithmetic' ? scanner.refuse() : place;
}

function substitution(world: WordWorld, opening: number): void {
  const { scanner } = world;
  const script = scriptAt(world);
  scanner.at += opening;
  world.script(script);
  scanner.take(')');
}

function backquotes(world: WordWorld): void {
  const { scanner } = world;
  const script = scriptAt(world);
  const begin = scanner.at + 1;
  scanner.at = begin;
  until(scanner, '`', true);
  world.quoted(script, begin, scanner.at - 1);
}

/** `${…}`: up to the brace that closes it, and nothing of which it is doubtful whether it hides one. */
function parameter(world: WordWorld, quoted: boolean): void {
  const { scanner } = world;
  scanner.at += 2;
  if (/[!#]/.test(scanner.peek()) && /[\w@*#?$!-]/.test(scanner.peek(1))) scanner.at += 1;
  NAME.lastIndex = scanner.at;
  const name = NAME.exec(scanner.text)?.[0];
  scanner.must(name !== undefined);
  scanner.at += name?.length ?? 0;
  for (let next = scanner.peek(); next !== '}'; next = scanner.peek()) {
    scanner.must(next !== '' && next !== '{' && !((next === '<' || next === '>') && scanner.peek(1) === '('));
    piece(world, next, quoted);
  }
  scanner.at += 1;
}

/** Arithmetic of plain characters and expansions, up to what closes it. */
export function readArithmetic(world: WordWorld, close: string): void {
  const { scanner } = world;
  for (let open = 0; open > 0 || !scanner.has(close); ) {
    const next = scanner.peek();
    if (next === '(') open += 1;
    else if (next === ')') open -= 1;
    else if (next === '$') {
      scanner.deeper(() => dollar(world, true));
      continue;
    } else scanner.must(next !== '' && ARITHMETIC.test(next));
    scanner.must(open >= 0);
    scanner.at += 1;
  }
  scanner.at += close.length;
}

/** `@(a|b)`, from its parenthesis on. */
function group(world: WordWorld): void {
  const { scanner } = world;
  scanner.take('(');
  for (let literal = -1, next = scanner.peek(); next !== ')'; next = scanner.peek()) {
    if (next === '|') scanner.at += 1;
    else if (next === '(' && literal === scanner.at - 1) scanner.deeper(() => group(world));
    else {
      scanner.must(next !== '' && !BREAKS.has(next));
      if (/[?*+@!]/.test(next)) literal = scanner.at;
      piece(world, next, false);
    }
  }
  scanner.at += 1;
}
