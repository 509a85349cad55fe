import { type ArrayValue, type Assignment, parse, type Word } from 'unbash';

import { evaluateText, isPlainNumber } from './arithmetic.ts';
import { FIELD_COST, fieldsOfWord, textOfWord } from './expand.ts';
import type { Shell } from './shell.ts';
import { Failure, isUnknown, lastIndex, type ShellValue, scalar, type Text, Unknown } from './value.ts';
import type { Variable } from './variables.ts';

/** What one more element to copy counts for, in characters. */
const COPY_COST = 4;

/** Attributes that `declare` gives. */
export interface Attributes {
  readonly kind?: Variable['kind'] | undefined;
  readonly readonly?: boolean | undefined;
  readonly integer?: boolean | undefined;
  readonly letters?: Variable['letters'];
}

/** What a variable holds after `name=…`, `name+=…`, `name[i]=…` or `name=(…)`. */
export function assignedVariable(
  assignment: Assignment,
  before: Variable | undefined,
  attributes: Attributes,
  assigned: Variable['assigned'],
  shell: Shell,
): Variable {
  const { value, append = false, index } = assignment;
  const isList = value.type === 'ArrayValue';
  const wanted = attributes.kind ?? before?.kind ?? 'scalar';
  const kind = wanted === 'scalar' && (isList || index !== undefined) ? 'indexed' : wanted;
  const integer = attributes.integer ?? before?.integer ?? false;
  const readonly = attributes.readonly ?? before?.readonly ?? false;
  const letters = 'letters' in attributes ? attributes.letters : before?.letters;
  const make = (next: ShellValue | undefined): Variable => ({
    value: next,
    kind,
    readonly,
    integer,
    letters,
    assigned,
  });
  if (isList) {
    const made = listValue(value, kind === 'associative', append ? asArray(before?.value) : undefined, shell);
    if (integer) {
      shell.mayFail(new Unknown('a list of numbers that are computed'));
      if (!isPlainList(value)) shell.arithmetic.confuse('a list of numbers that are computed');
      return make(doubtList(kind === 'associative', 'a list of numbers that are computed'));
    }
    if (letters === undefined) return make(made);
    return make(doubtList(kind === 'associative', 'a list whose letters are changed'));
  }
  let text = textOfWord(value, shell);
  if (integer) text = numberText(text, shell);
  if (letters !== undefined && !isUnknown(text)) text = inLetters(text, letters);
  if (index === undefined && kind === 'scalar') return make(scalar(append ? appended(before, text) : text));
  return make(elementValue(before?.value, kind === 'associative', index, text, append, shell));
}

/** ASCII letters: what becomes of others depends on the locale. */
function inLetters(text: string, letters: 'upper' | 'lower'): Text {
  if (/[^\x00-\x7f]/.test(text)) return new Unknown('letters of the locale');
  return letters === 'upper' ? text.toUpperCase() : text.toLowerCase();
}

const doubtList = (associative: boolean, reason: string): ShellValue => ({
  type: 'array-unknown',
  associative,
  unknown: new Unknown(reason),
});

/** What a variable holds after a command put a text there: `read`, `printf -v`, a loop. */
export function withText(before: Variable | undefined, text: Text, assigned: Variable['assigned']): Variable {
  const { kind = 'scalar', integer = false, letters, value } = before ?? {};
  const doubt = integer ? 'a number that is computed' : undefined;
  const plain =
    doubt !== undefined
      ? new Unknown(doubt)
      : isUnknown(text) || letters === undefined
        ? text
        : inLetters(text, letters);
  const make = (next: ShellValue): Variable => ({ value: next, kind, readonly: false, integer, letters, assigned });
  if (kind === 'scalar' || kind === 'reference') return make(scalar(plain));
  if (isUnknown(plain)) return make({ type: 'array-unknown', associative: kind === 'associative', unknown: plain });
  if (value?.type === 'array-unknown') return make(value);
  if (kind === 'associative') {
    const elements = new Map(value?.type === 'associative' ? value.elements : []);
    return make({ type: 'associative', elements: elements.set('0', plain) });
  }
  const elements = new Map(value?.type === 'indexed' ? value.elements : []);
  return make({ type: 'indexed', elements: inOrder(elements.set(0, plain)) });
}

/** What is to be computed may assign to others, or fail; a plain number is what it is. */
function numberText(text: Text, shell: Shell): Text {
  if (text === '') return '0';
  if (!isUnknown(text) && isPlainNumber(text)) return text;
  const unknown = new Unknown('a number that is computed');
  shell.arithmetic.confuse(unknown.reason);
  return shell.mayFail(unknown);
}

const isPlainList = ({ elements }: ArrayValue): boolean => elements.every(({ text }) => isPlainNumber(text));

function appended(before: Variable | undefined, text: Text): Text {
  const old = before?.value?.type === 'scalar' ? before.value.text : '';
  if (isUnknown(old) || isUnknown(text)) return isUnknown(old) ? old : text;
  return before?.integer === true ? new Unknown('a sum') : old + text;
}

/** What `+=( )` adds to: a scalar is the first element. */
function asArray(value: ShellValue | undefined): ShellValue | undefined {
  if (value?.type !== 'scalar') return value;
  if (isUnknown(value.text)) return { type: 'array-unknown', associative: false, unknown: value.text };
  return { type: 'indexed', elements: new Map([[0, value.text]]) };
}

function listValue(list: ArrayValue, associative: boolean, before: ShellValue | undefined, shell: Shell): ShellValue {
  // Whatever it adds to: what it adds may assign, or fail.
  const value = associative ? associativeList(list, before, shell) : indexedList(list, before, shell);
  if (before?.type === 'array-unknown') return before;
  return isUnknown(value) ? { type: 'array-unknown', associative, unknown: value } : value;
}

function indexedList(list: ArrayValue, before: ShellValue | undefined, shell: Shell): ShellValue | Unknown {
  const elements = copyOf(before?.type === 'indexed' ? before.elements : new Map<number, string>(), shell);
  if (isUnknown(elements)) return elements;
  let next = lastIndex(elements) + 1;
  let unknown: Unknown | undefined;
  for (const word of list.elements) {
    const keyed = splitKeyed(word);
    if (keyed !== undefined) {
      const key = textOfWord(keyed.key, shell);
      // Bash reports a place that is empty, and looks no further.
      const at = key === '' ? new Unknown('an element without a place') : evaluateText(key, shell.arithmetic);
      const text = elementText(keyed.value, shell);
      // Whether the value is looked at after such a place, and the rest?
      if (isUnknown(at) || at < 0n || at > 1_000_000n) {
        unknown ??= shell.mayFail(isUnknown(at) ? at : new Unknown('a subscript out of range'));
        continue;
      }
      if (isUnknown(text)) {
        // What follows may assign, or fail.
        unknown ??= text;
        continue;
      }
      elements.set(Number(at), keyed.append ? (elements.get(Number(at)) ?? '') + text : text);
      next = Number(at) + 1;
      continue;
    }
    if (word.text.startsWith('[]')) unknown ??= shell.mayFail(new Unknown('an element without a place'));
    const fields = fieldsOfWord(word, shell);
    if (isUnknown(fields)) {
      unknown ??= fields;
      continue;
    }
    const refused = shell.spend(fields.length * FIELD_COST);
    if (refused !== undefined) return refused;
    for (const field of fields) elements.set(next++, field);
  }
  return unknown ?? { type: 'indexed', elements: inOrder(elements) };
}

function associativeList(list: ArrayValue, before: ShellValue | undefined, shell: Shell): ShellValue | Unknown {
  const elements = copyOf(before?.type === 'associative' ? before.elements : new Map<string, string>(), shell);
  if (isUnknown(elements)) return elements;
  let unknown: Text | undefined;
  for (const [i, word] of list.elements.entries()) {
    const keyed = splitKeyed(word);
    if (keyed === undefined) {
      // Keys and values in turn are read only by newer versions of bash, and only when the first word begins so.
      const reason = i === 0 ? 'an associative array without [name]=value' : 'a value without a name';
      unknown ??= shell.mayFail(new Unknown(reason));
      fieldsOfWord(word, shell);
      continue;
    }
    const key = textOfWord(keyed.key, shell);
    // Bash reports it, and goes on with the next: the value is not looked at.
    if (key === '') continue;
    const text = elementText(keyed.value, shell);
    // To what it adds is another matter in every version of bash.
    const odd = keyed.append ? new Unknown('a value that is added inside of a table') : undefined;
    if (isUnknown(key) || isUnknown(text) || odd !== undefined) {
      unknown ??= isUnknown(key) ? key : isUnknown(text) ? text : odd;
      continue;
    }
    elements.set(key, text);
  }
  return isUnknown(unknown) ? unknown : { type: 'associative', elements };
}

/** `[name]=$@` puts another separator between them than `name=$@`. */
function elementText(value: Word, shell: Shell): Text {
  const text = textOfWord(value, shell);
  return /\$\{?[@*]|\[[@*]\]/.test(value.text) ? new Unknown('several values that become one element') : text;
}

interface Keyed {
  readonly key: Word;
  readonly value: Word;
  readonly append: boolean;
}

/** `[key]=value` inside of a list; the grammar gives it as one word. */
function splitKeyed(word: Word): Keyed | undefined {
  // Braces come first, and make several words of it.
  if (word.parts?.some(({ type }) => type === 'BraceExpansion') === true) return undefined;
  const match = /^\[((?:[^\]"'\\$`]|"[^"\\$`]*"|'[^']*'|\$\{?\w+\}?)+)\](\+?)=/s.exec(word.text);
  if (match === null) return undefined;
  const [key, value] = [rightSide(match[1] ?? ''), rightSide(word.text.slice(match[0].length))];
  return key === undefined || value === undefined ? undefined : { key, value, append: match[2] === '+' };
}

/** A text as the right side of an assignment; undefined when it is none. */
export function rightSide(text: string): Word | undefined {
  const command = parse(`_=${text}`).commands[0]?.command;
  if (command?.type !== 'Command' || command.suffix.length > 0 || command.name !== undefined) return undefined;
  const assignment = command.prefix[0];
  return assignment?.type === 'Assignment' && assignment.value.type === 'Word' ? assignment.value : undefined;
}

function elementValue(
  before: ShellValue | undefined,
  associative: boolean,
  index: Word | undefined,
  text: Text,
  append: boolean,
  shell: Shell,
): ShellValue {
  const doubt = (unknown: Unknown): ShellValue => ({ type: 'array-unknown', associative, unknown });
  const array = asArray(before);
  const key = index === undefined ? '0' : textOfWord(index, shell);
  if (isUnknown(key)) return doubt(shell.mayFail(key));
  if (key === '') return doubt(shell.mayFail(new Unknown('a key that is empty')));
  if (array?.type === 'array-unknown') {
    const at = associative ? key : evaluateText(key, shell.arithmetic);
    // A key that is empty, or a place before the first, is an error.
    if (isUnknown(at) || at === '' || (typeof at === 'bigint' && at < 0n)) shell.mayFail(array.unknown);
    return array;
  }
  if (associative) {
    if (isUnknown(text)) return doubt(text);
    const elements = copyOf(array?.type === 'associative' ? array.elements : new Map<string, string>(), shell);
    if (isUnknown(elements)) return doubt(elements);
    elements.set(key, append ? (elements.get(key) ?? '') + text : text);
    return { type: 'associative', elements };
  }
  const at = evaluateText(key, shell.arithmetic);
  if (at instanceof Failure) return doubt(shell.fail(at.reason));
  if (isUnknown(at)) return doubt(shell.mayFail(at));
  const elements = copyOf(array?.type === 'indexed' ? array.elements : new Map<number, string>(), shell);
  if (isUnknown(elements)) return doubt(elements);
  const place = at < 0n ? lastIndex(elements) + 1 + Number(at) : Number(at);
  if (place < 0) return doubt(shell.fail('a subscript out of range'));
  if (place > 1_000_000) return doubt(new Unknown('a subscript out of range'));
  if (isUnknown(text)) return doubt(text);
  elements.set(place, append ? (elements.get(place) ?? '') + text : text);
  return { type: 'indexed', elements: inOrder(elements) };
}

/** A copy to change. It counts: a loop that adds to a list copies it each time. */
function copyOf<K>(elements: ReadonlyMap<K, string>, shell: Shell): Map<K, string> | Unknown {
  return shell.spend(elements.size * COPY_COST) ?? new Map(elements);
}

function inOrder(elements: ReadonlyMap<number, string>): ReadonlyMap<number, string> {
  let before = -1;
  for (const index of elements.keys()) {
    if (index < before) return new Map([...elements].sort(([a], [b]) => a - b));
    before = index;
  }
  return elements;
}
