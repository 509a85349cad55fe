import { type ArrayValue, type Assignment, parse, type Word } from 'unbash';

import { evaluateText } from './arithmetic.ts';
import { FIELD_COST, fieldsOfWord, textOfWord } from './expand.ts';
import type { Shell } from './shell.ts';
import { isUnknown, lastIndex, type ShellValue, scalar, type Text, Unknown } from './value.ts';
import type { Variable } from './variables.ts';

/** What one more element to copy counts for, in characters. */
const COPY_COST = 4;

/** Attributes that `declare` gives. */
export interface Attributes {
  readonly kind?: Variable['kind'] | undefined;
  readonly readonly?: boolean | undefined;
  readonly integer?: boolean | undefined;
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
  const make = (next: ShellValue | undefined): Variable => ({ value: next, kind, readonly, integer, assigned });
  if (isList) return make(listValue(value, kind === 'associative', append ? asArray(before?.value) : undefined, shell));
  let text = textOfWord(value, shell);
  if (integer && !isUnknown(text)) text = numberText(text, shell);
  if (index === undefined && kind === 'scalar') return make(scalar(append ? appended(before, text) : text));
  return make(elementValue(before?.value, kind === 'associative', index, text, append, shell));
}

function numberText(text: string, shell: Shell): Text {
  const value = evaluateText(text, shell.arithmetic);
  return isUnknown(value) ? value : String(value);
}

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
  if (before?.type === 'array-unknown') return before;
  const value = associative ? associativeList(list, before, shell) : indexedList(list, before, shell);
  return isUnknown(value) ? { type: 'array-unknown', associative, unknown: value } : value;
}

function indexedList(list: ArrayValue, before: ShellValue | undefined, shell: Shell): ShellValue | Unknown {
  const elements = copyOf(before?.type === 'indexed' ? before.elements : new Map<number, string>(), shell);
  if (isUnknown(elements)) return elements;
  let next = lastIndex(elements) + 1;
  for (const word of list.elements) {
    const keyed = splitKeyed(word);
    if (keyed !== undefined) {
      const at = evaluateText(textOfWord(keyed.key, shell), shell.arithmetic);
      const text = textOfWord(keyed.value, shell);
      if (isUnknown(at)) return at;
      if (isUnknown(text)) return text;
      if (at < 0n || at > 1_000_000n) return new Unknown('a subscript out of range');
      elements.set(Number(at), keyed.append ? (elements.get(Number(at)) ?? '') + text : text);
      next = Number(at) + 1;
      continue;
    }
    const fields = fieldsOfWord(word, shell);
    if (isUnknown(fields)) return fields;
    const refused = shell.spend(fields.length * FIELD_COST);
    if (refused !== undefined) return refused;
    for (const field of fields) elements.set(next++, field);
  }
  return { type: 'indexed', elements: inOrder(elements) };
}

function associativeList(list: ArrayValue, before: ShellValue | undefined, shell: Shell): ShellValue | Unknown {
  const elements = copyOf(before?.type === 'associative' ? before.elements : new Map<string, string>(), shell);
  if (isUnknown(elements)) return elements;
  for (const [i, word] of list.elements.entries()) {
    const keyed = splitKeyed(word);
    if (keyed === undefined) {
      // Keys and values in turn are read only by newer versions of bash, and only when the first word begins so.
      return i === 0 ? new Unknown('an associative array without [name]=value') : new Unknown('a value without a name');
    }
    const [key, text] = [textOfWord(keyed.key, shell), textOfWord(keyed.value, shell)];
    if (isUnknown(key)) return key;
    if (isUnknown(text)) return text;
    elements.set(key, keyed.append ? (elements.get(key) ?? '') + text : text);
  }
  return { type: 'associative', elements };
}

interface Keyed {
  readonly key: Word;
  readonly value: Word;
  readonly append: boolean;
}

/** `[key]=value` inside of a list; the grammar gives it as one word. */
function splitKeyed(word: Word): Keyed | undefined {
  const match = /^\[((?:[^\]"'\\$`]|"[^"\\$`]*"|'[^']*'|\$\{?\w+\}?)+)\](\+?)=/s.exec(word.text);
  if (match === null) return undefined;
  const [key, value] = [rightSide(match[1] ?? ''), rightSide(word.text.slice(match[0].length))];
  return key === undefined || value === undefined ? undefined : { key, value, append: match[2] === '+' };
}

function rightSide(text: string): Word | undefined {
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
  if (array?.type === 'array-unknown') return array;
  if (isUnknown(text)) return doubt(text);
  const key = index === undefined ? '0' : textOfWord(index, shell);
  if (isUnknown(key)) return doubt(key);
  if (associative) {
    const elements = copyOf(array?.type === 'associative' ? array.elements : new Map<string, string>(), shell);
    if (isUnknown(elements)) return doubt(elements);
    elements.set(key, append ? (elements.get(key) ?? '') + text : text);
    return { type: 'associative', elements };
  }
  const at = evaluateText(key, shell.arithmetic);
  if (isUnknown(at)) return doubt(at);
  const elements = copyOf(array?.type === 'indexed' ? array.elements : new Map<number, string>(), shell);
  if (isUnknown(elements)) return doubt(elements);
  const place = at < 0n ? lastIndex(elements) + 1 + Number(at) : Number(at);
  if (place < 0 || place > 1_000_000) return doubt(new Unknown('a subscript out of range'));
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
