import type { DoubleQuotedPart, LocaleStringPart, Word, WordPart } from 'unbash';

import { evaluateArithmetic } from './arithmetic.ts';
import { expandBraces, mayHideBraces } from './braces.ts';
import { type Expanded, expandParameter, expandSimple } from './parameter.ts';
import type { Shell } from './shell.ts';
import { Failure, isUnknown, type Text, Unknown } from './value.ts';

/** What one more field counts for, in characters. */
export const FIELD_COST = 64;

const HOME = new Unknown('the home directory');
const FILES = new Unknown('the files that are there');

/** Expands a word that stays one: the right side of an assignment, a redirection, the word of `case`. */
export function textOfWord(word: Word, shell: Shell): Text {
  if (word.parts === undefined) return /^~|:~/.test(word.text) ? HOME : word.value;
  return textOfParts(word.parts, shell, true);
}

/** Text between double quotes, or of a here-document. */
export function textOfQuoted(parts: readonly WordPart[], shell: Shell): Text {
  let text = '';
  let unknown: Unknown | undefined;
  for (const [i, part] of parts.entries()) {
    const piece = goesOn(parts[i - 1], part) ?? textOfPart(part, shell, true);
    // The rest may assign, or fail.
    if (isUnknown(piece)) unknown ??= piece;
    else text += piece;
    const refused = isUnknown(piece) ? undefined : shell.spend(piece.length);
    if (refused !== undefined) return refused;
  }
  return unknown ?? text;
}

/** @param begins - Whether a tilde at the start means the home directory. */
export function textOfParts(parts: readonly WordPart[], shell: Shell, begins = false): Text {
  let text = '';
  let unknown: Unknown | undefined;
  for (const [i, part] of parts.entries()) {
    if (part.type === 'Literal' && ((begins && i === 0 && part.text.startsWith('~')) || part.text.includes(':~')))
      unknown ??= HOME;
    const piece = textOfPart(part, shell);
    if (isUnknown(piece)) unknown ??= piece;
    else text += piece;
    const refused = isUnknown(piece) ? undefined : shell.spend(piece.length);
    if (refused !== undefined) return refused;
  }
  return unknown ?? text;
}

/** A name goes on behind the end of a line that goes on. */
const goesOn = (before: WordPart | undefined, { type, text }: WordPart): Unknown | undefined =>
  before?.type === 'SimpleExpansion' && type === 'Literal' && /^\\\n\w/.test(text)
    ? new Unknown('a name that goes on in the next line')
    : undefined;

/** What is not followed may assign, or fail. */
function skipped(text: string, reason: string, shell: Shell): Unknown {
  const unknown = new Unknown(reason);
  if (/[$`]/.test(text)) shell.mayFail(unknown);
  if (/[$`]/.test(text) && /=|\+\+|--/.test(text)) shell.arithmetic.confuse(reason);
  return unknown;
}

function textOfPart(part: WordPart, shell: Shell, inQuotes = false): Text {
  switch (part.type) {
    case 'Literal':
      return literal(part, shell);
    case 'SingleQuoted':
      return part.value;
    case 'AnsiCQuoted':
      return escaped(part);
    case 'Glob':
    case 'ExtendedGlob':
      return part.parts?.some((inner) => inner.type !== 'Literal')
        ? skipped(part.text, 'an expansion inside a pattern', shell)
        : part.text;
    case 'BraceExpansion':
      return /[$`'"\\]/.test(part.text) ? skipped(part.text, 'an expansion inside braces', shell) : part.text;
    case 'DoubleQuoted':
    case 'LocaleString':
      return textOfQuoted(part.parts, shell);
    default:
      return join(expandPart(part, inQuotes, shell), shell);
  }
}

/** `$'…'`: letters by their numbers depend on the locale outside of ASCII. */
const escaped = ({ text, value }: Extract<WordPart, { type: 'AnsiCQuoted' }>): Text =>
  /[^\x01-\x7f]/.test(value) && /\\[xuU0-7c]/.test(text) ? new Unknown('letters of the locale') : value;

/** A dollar sign at the end of a line that goes on: what it begins stands on the next. */
const literal = ({ text, value }: Extract<WordPart, { type: 'Literal' }>, shell: Shell): Text =>
  text.includes('$\\\n') ? skipped(text, 'an expansion that begins at the end of a line', shell) : value;

/** `$((…))` without what begins and ends it. */
const bodyOf = (text: string): string => text.slice(3, -2);

/** `$x`, `${x}`, `$(x)`, `$((x))`. */
function expandPart(part: WordPart, quoted: boolean, shell: Shell): Expanded {
  switch (part.type) {
    case 'SimpleExpansion':
      return expandSimple(part.text.slice(1), shell);
    case 'ParameterExpansion':
      return expandParameter(part, quoted, shell);
    case 'CommandExpansion':
      return { type: 'one', text: shell.substitute(part.script) };
    case 'ArithmeticExpansion': {
      const value = evaluateArithmetic(bodyOf(part.text), shell.arithmetic);
      if (value instanceof Failure) return { type: 'one', text: shell.fail(value.reason) };
      return { type: 'one', text: isUnknown(value) ? shell.mayFail(value) : String(value) };
    }
    default:
      return { type: 'one', text: new Unknown('the output of a process') };
  }
}

/** Several values that become one: those of `*` with the first of the separators between them. */
function join(expanded: Expanded, shell: Shell): Text {
  if (expanded.type === 'one') return expanded.text ?? '';
  if (expanded.texts.length < 2) return expanded.texts.join('');
  const separators = separatorsOf(shell);
  // Whether those of `@` are joined by blanks depends on what is done to them.
  if (expanded.apart)
    return separators === ' \t\n' ? expanded.texts.join(' ') : new Unknown('what joins several values');
  return isUnknown(separators) ? separators : expanded.texts.join([...separators][0] ?? '');
}

/** Expands words as a command's arguments or an array's elements are: split, none left out, in order. */
export function fieldsOfWords(words: readonly Word[], shell: Shell): readonly string[] | Unknown {
  const fields: string[] = [];
  let unknown: Unknown | undefined;
  for (const word of words) {
    const more = fieldsOfWord(word, shell);
    // The others may assign: `${x:=y}`.
    if (isUnknown(more)) {
      unknown ??= more;
      continue;
    }
    const refused = shell.spend(more.length * FIELD_COST);
    if (refused !== undefined) return refused;
    for (const field of more) fields.push(field);
  }
  return unknown ?? fields;
}

export function fieldsOfWord(word: Word, shell: Shell): readonly string[] | Unknown {
  if (word.parts === undefined) return word.text.startsWith('~') ? HOME : [word.value];
  if (mayHideBraces(word.text)) {
    const hidden = new Unknown('braces between quotes');
    skipped(word.text, hidden.reason, shell);
    return hidden;
  }
  return fieldsOfParts(word.parts, shell);
}

function fieldsOfParts(parts: readonly WordPart[], shell: Shell): readonly string[] | Unknown {
  const brace = parts.findIndex((part) => part.type === 'BraceExpansion');
  if (brace >= 0) return fieldsOfBraces(parts, brace, shell);
  const fields = new Fields();
  let unknown: Unknown | undefined;
  for (const [i, part] of parts.entries()) {
    if (i === 0 && part.type === 'Literal' && part.text.startsWith('~')) unknown ??= HOME;
    // The rest may assign, or fail.
    const refused = addPart(part, fields, shell);
    unknown ??= refused;
  }
  return unknown ?? fields.finish();
}

function fieldsOfBraces(parts: readonly WordPart[], at: number, shell: Shell): readonly string[] | Unknown {
  // `$v{1,2}` means `$v1 $v2`.
  const before = parts[at - 1];
  const alternatives =
    before?.type === 'SimpleExpansion'
      ? new Unknown('braces behind the name of a variable')
      : expandBraces(parts[at]?.text ?? '');
  if (isUnknown(alternatives)) {
    skipped(parts.map(({ text }) => text).join(''), alternatives.reason, shell);
    return alternatives;
  }
  const fields: string[] = [];
  for (const text of alternatives) {
    const literal: WordPart = { type: 'Literal', pos: 0, end: 0, value: text, text };
    const more = fieldsOfParts(parts.with(at, literal), shell);
    if (isUnknown(more)) return more;
    const refused = shell.spend(more.length * FIELD_COST + text.length);
    if (refused !== undefined) return refused;
    for (const field of more) fields.push(field);
  }
  return fields;
}

function separatorsOf(shell: Shell): Text {
  const value = shell.lookup('IFS')?.value;
  return value === undefined ? ' \t\n' : value.type === 'scalar' ? value.text : new Unknown('IFS is an array');
}

function addPart(part: WordPart, fields: Fields, shell: Shell): Unknown | undefined {
  switch (part.type) {
    case 'Literal': {
      const text = literal(part, shell);
      if (isUnknown(text)) return text;
      // Braces may leave nothing: no word comes of that.
      if (text !== '') fields.add(text);
      return undefined;
    }
    case 'SingleQuoted':
      fields.add(part.value);
      return undefined;
    case 'AnsiCQuoted': {
      const text = escaped(part);
      if (isUnknown(text)) return text;
      fields.add(text);
      return undefined;
    }
    case 'DoubleQuoted':
    case 'LocaleString':
      return addQuoted(part, fields, shell);
    case 'Glob':
    case 'ExtendedGlob':
      return /[$`]/.test(part.text) ? skipped(part.text, FILES.reason, shell) : FILES;
    default: {
      const expanded = expandPart(part, false, shell);
      const texts = expanded.type === 'one' ? [expanded.text ?? ''] : expanded.texts;
      if (expanded.type === 'one' && expanded.quoted === true && isSplit(expanded.text, shell))
        return new Unknown('quotes inside of an expansion that is parted');
      for (const [i, text] of texts.entries()) {
        if (isUnknown(text)) return text;
        if (/[*?]|\[.*\]/s.test(text)) return FILES;
        if (i > 0) fields.end();
        const separators = separatorsOf(shell);
        if (isUnknown(separators)) return separators;
        if (texts.length > 1 && /[^ \t\n]/.test(separators))
          return new Unknown('several values that are parted elsewhere');
        fields.addSplit(text, separators);
        const refused = shell.spend(text.length);
        if (refused !== undefined) return refused;
      }
      return undefined;
    }
  }
}

function addQuoted(part: DoubleQuotedPart | LocaleStringPart, fields: Fields, shell: Shell): Unknown | undefined {
  if (part.parts.length === 0) fields.add('');
  let [made, hasNone] = ['', false];
  let unknown: Unknown | undefined;
  for (const [i, child] of part.parts.entries()) {
    if (child.type === 'Literal') {
      const text = goesOn(part.parts[i - 1], child) ?? literal(child, shell);
      if (isUnknown(text)) unknown ??= text;
      else fields.add(text);
      made += child.value;
      continue;
    }
    const expanded = expandPart(child, true, shell);
    if (expanded.type === 'many' && expanded.apart) {
      hasNone ||= expanded.texts.length === 0;
      made += expanded.texts.join('');
      for (const [i, text] of expanded.texts.entries()) {
        if (i > 0) fields.end();
        fields.add(text);
      }
      continue;
    }
    const text = join(expanded, shell);
    if (isUnknown(text)) {
      unknown ??= text;
      continue;
    }
    fields.add(text);
    made += text;
    const refused = shell.spend(text.length);
    if (refused !== undefined) return refused;
  }
  if (unknown !== undefined) return unknown;
  // Whether that is an empty word or none depends on the version of bash.
  if (hasNone && made === '' && part.parts.length > 1) return new Unknown('an empty list beside other empty texts');
  return undefined;
}

/** Whether parting a text would change it, or leave nothing of it. */
function isSplit(text: Text | undefined, shell: Shell): boolean {
  const separators = separatorsOf(shell);
  if (typeof text !== 'string' || text === '' || isUnknown(separators)) return true;
  return /[*?[\\]/.test(text) || [...text].some((character) => separators.includes(character));
}

/** The fields of one word, while its parts come. */
class Fields {
  readonly #fields: string[] = [];
  #current: string | undefined;

  /** Text that is not split. */
  add(text: string): void {
    this.#current = (this.#current ?? '') + text;
  }

  end(): void {
    if (this.#current !== undefined) this.#fields.push(this.#current);
    this.#current = undefined;
  }

  /** What an expansion gave: white space parts fields, any other separator ends one. */
  addSplit(text: string, separators: string): void {
    let field = '';
    let open = false;
    for (const character of text) {
      if (!separators.includes(character)) {
        field += character;
        open = true;
        continue;
      }
      if (open) this.add(field);
      else if (!' \t\n'.includes(character)) this.add('');
      field = '';
      open = false;
      this.end();
    }
    if (open) this.add(field);
  }

  finish(): readonly string[] {
    this.end();
    return this.#fields;
  }
}

/** A word as a pattern: what is quoted, or escaped, stands for itself. */
export function patternOf(word: Word, shell: Shell): Text {
  if (word.parts === undefined) return word.text;
  let pattern = '';
  let unknown: Unknown | undefined;
  for (const part of word.parts) {
    if (
      part.type === 'Literal' ||
      part.type === 'Glob' ||
      part.type === 'ExtendedGlob' ||
      part.type === 'BraceExpansion'
    ) {
      if (/[$`]/.test(part.text) && part.type !== 'Literal')
        unknown ??= skipped(part.text, 'an expansion inside a pattern', shell);
      pattern += part.text;
      continue;
    }
    const piece = textOfPart(part, shell);
    if (isUnknown(piece)) {
      unknown ??= piece;
      continue;
    }
    const quoted = part.type === 'SingleQuoted' || part.type === 'DoubleQuoted' || part.type === 'AnsiCQuoted';
    pattern += quoted ? piece.replaceAll(/[\\*?[\]+@!()]/g, '\\$&') : piece;
  }
  return unknown ?? pattern;
}
