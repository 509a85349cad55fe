import type { ParameterExpansionPart, ParameterOperation } from 'unbash';

import { evaluateText } from './arithmetic.ts';
import { compilePattern, replace, withoutPrefix, withoutSuffix } from './pattern.ts';
import type { Shell } from './shell.ts';
import { Failure, isUnknown, lastIndex, type ShellValue, type Text, Unknown } from './value.ts';

/** One value, or the values of `$@`, `$*` and arrays: those of `@` stay apart between quotes. */
export type Expanded =
  /** `quoted`: some of it was quoted where it comes from, and must not be parted into words. */
  | { readonly type: 'one'; readonly text: Text | undefined; readonly quoted?: boolean }
  | { readonly type: 'many'; readonly texts: readonly string[]; readonly apart: boolean };

const one = (text: Text | undefined): Expanded => ({ type: 'one', text });
const unknown = (reason: string): Expanded => one(new Unknown(reason));

/** Expands `${…}`. Undefined text: the parameter is unset. */
export function expandParameter(part: ParameterExpansionPart, quoted: boolean, shell: Shell): Expanded {
  const { prefix, operation } = part;
  if (part.parameter === '' || (part.index !== undefined && !/^[A-Za-z_]/.test(part.parameter)))
    return one(shell.fail('an expansion of nothing'));
  if (quoted && operation !== undefined && hasOddQuotes(part, operation))
    return notFollowed(part, 'single quotes or backslashes inside of ${…} between double quotes', shell);
  if (operation?.type === 'Names') return unknown('names of variables');
  if (prefix === '!')
    return operation === undefined ? indirect(part, shell) : notFollowed(part, 'an indirect expansion', shell);
  const value = valueOfPart(part, shell);
  // To count what is not there is an error where its place is before the first.
  if (prefix === '#' && part.index !== undefined && value.type === 'one' && value.text === undefined)
    return one(shell.mayFail(new Unknown('the length of an element that is not there')));
  if (prefix === '#') return operation === undefined ? one(length(value)) : notFollowed(part, 'a length', shell);
  return operation === undefined ? value : operate(part, operation, value, shell);
}

/** It may assign, or fail. */
function notFollowed({ text }: ParameterExpansionPart, reason: string, shell: Shell): Expanded {
  if (/=|\+\+|--/.test(text)) shell.arithmetic.confuse(reason);
  return one(shell.mayFail(new Unknown(reason)));
}

/** Between double quotes, these mean something else than elsewhere; in a pattern a backslash does not. */
const hasOddQuotes = (part: ParameterExpansionPart, operation: ParameterOperation): boolean =>
  part.text.includes("'") ||
  (operation.type === 'Remove'
    ? false
    : (operation.type === 'Replace' ? operation.replacement.text : part.text).includes('\\'));

/** `$name`, `$1`, `$@`. */
export function expandSimple(name: string, shell: Shell): Expanded {
  return valueOfName(name, undefined, shell);
}

function valueOfPart(part: ParameterExpansionPart, shell: Shell): Expanded {
  return valueOfName(part.parameter, part.index === undefined ? undefined : { word: part.index }, shell);
}

interface Index {
  readonly word: NonNullable<ParameterExpansionPart['index']>;
}

function valueOfName(name: string, index: Index | undefined, shell: Shell): Expanded {
  const value = valueOrNone(name, index, shell);
  const isUnset = value.type === 'one' ? value.text === undefined : value.texts.length === 0;
  if (isUnset && shell.strict) shell.mayFail(new Unknown('what is unset, after set -u'));
  return value;
}

function valueOrNone(name: string, index: Index | undefined, shell: Shell): Expanded {
  if (/^[0-9]+$/.test(name)) return one(positional(Number(name), shell));
  if (name === '@' || name === '*') return many(shell.positional, name === '@');
  if (name === '#') return one(isUnknown(shell.positional) ? shell.positional : String(shell.positional.length));
  if (!/^[A-Za-z_]/.test(name) || name === '_') return one(shell.special(name));
  const value = shell.lookup(name)?.value;
  if (index === undefined) return one(firstOf(value));
  const selector = index.word.text;
  // How many calls there are before the plan's own is another matter for each build program.
  if ((name === 'BASH_SOURCE' || name === 'FUNCNAME') && element(value, index, shell) === undefined)
    return one(new Unknown('what calls the plan'));
  if (selector === '') return one(shell.fail('an element without a place'));
  if (selector === '@' || selector === '*') {
    return many(value === undefined ? [] : elementsOf(value), selector === '@');
  }
  return one(element(value, index, shell));
}

function positional(number: number, shell: Shell): Text | undefined {
  if (number === 0) return new Unknown('the name of the program that reads the plan');
  return isUnknown(shell.positional) ? shell.positional : shell.positional[number - 1];
}

const many = (texts: readonly string[] | Unknown, apart: boolean): Expanded =>
  isUnknown(texts) ? one(texts) : { type: 'many', texts, apart };

/** What `$x` gives. */
export function firstOf(value: ShellValue | undefined): Text | undefined {
  if (value === undefined) return undefined;
  if (value.type === 'scalar') return value.text;
  if (value.type === 'array-unknown') return value.unknown;
  return value.type === 'indexed' ? value.elements.get(0) : value.elements.get('0');
}

export function elementsOf(value: ShellValue): readonly string[] | Unknown {
  if (value.type === 'scalar') return isUnknown(value.text) ? value.text : [value.text];
  if (value.type === 'array-unknown') return value.unknown;
  if (value.type === 'associative' && value.elements.size > 1) return new Unknown('the order of an associative array');
  return [...value.elements.values()];
}

function element(value: ShellValue | undefined, { word }: Index, shell: Shell): Text | undefined {
  if (value === undefined) return undefined;
  if (value.type === 'array-unknown') return value.unknown;
  const key = shell.text(word);
  // A key that is empty is reported, and sometimes ends the line.
  if (key === '' && value.type === 'associative') return shell.mayFail(new Unknown('a key that is empty'));
  if (value.type === 'associative') return isUnknown(key) ? key : value.elements.get(key);
  const index = evaluateText(key, shell.arithmetic);
  if (isUnknown(index)) return shell.mayFail(index);
  if (value.type === 'scalar' && isUnknown(value.text)) return value.text;
  if (value.type === 'scalar' && index < 0n) return shell.mayFail(new Unknown('a place before the first'));
  if (value.type === 'scalar') return index === 0n ? value.text : undefined;
  const last = lastIndex(value.elements);
  return value.elements.get(Number(index < 0n ? BigInt(last + 1) + index : index));
}

function length(value: Expanded): Text {
  if (value.type === 'many') return String(value.texts.length);
  if (hasLocaleLetters(value)) return new Unknown('how many characters the locale makes of a text');
  return isUnknown(value.text) ? value.text : String([...(value.text ?? '')].length);
}

function indirect(part: ParameterExpansionPart, shell: Shell): Expanded {
  const selector = part.index?.text;
  if (selector === '@' || selector === '*') {
    const value = shell.lookup(part.parameter)?.value;
    if (value === undefined) return many([], selector === '@');
    if (value.type === 'array-unknown') return one(value.unknown);
    if (value.type === 'scalar' && isUnknown(value.text)) return one(value.text);
    if (value.type === 'associative' && value.elements.size > 1) return unknown('the order of an associative array');
    return many(value.type === 'scalar' ? ['0'] : [...value.elements.keys()].map(String), selector === '@');
  }
  if (shell.isReference(part.parameter)) return unknown('the name that a reference stands for');
  const inner = valueOfPart(part, shell);
  if (inner.type === 'many') return unknown('an indirect expansion of several values');
  if (isUnknown(inner.text)) return one(shell.mayFail(inner.text));
  const name = inner.text ?? '';
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return valueOfName(name, undefined, shell);
  const isOther = /^(?:[A-Za-z_]\w*\[.*\]|[0-9]+|[@*#?$!-])$/s.test(name);
  return one(isOther ? new Unknown('an indirect expansion') : shell.fail('an indirect expansion of what is no name'));
}

function operate(part: ParameterExpansionPart, operation: ParameterOperation, value: Expanded, shell: Shell): Expanded {
  // Of what is not set, bash does not even look at what is to be done to it.
  if (operation.type !== 'Default' && !hasText(value) && /=|\+\+|--|[$`]/.test(part.text.slice(1)))
    return notFollowed(part, 'an assignment inside of an expansion', shell);
  switch (operation.type) {
    case 'Default':
      return withDefault(part, operation, value, shell);
    case 'Slice':
      return slice(operation, value, shell);
    case 'Remove': {
      const source = shell.pattern(operation.operand);
      const pattern = isUnknown(source) ? source : compilePattern(source);
      if (isUnknown(pattern)) return one(pattern);
      const longest = operation.operator.length === 2;
      const remove = operation.operator.startsWith('#') ? withoutPrefix : withoutSuffix;
      return each(value, (text) => remove(pattern, text, longest));
    }
    case 'Replace': {
      const source = shell.pattern(operation.pattern);
      const pattern = isUnknown(source) ? source : compilePattern(source);
      if (isUnknown(pattern)) return one(pattern);
      const replacement = shell.text(operation.replacement);
      if (isUnknown(replacement)) return one(replacement);
      if (replacement.includes('&')) return unknown('& in a replacement, which newer versions of bash replace too');
      return each(value, (text) => replace(pattern, text, replacement, operation.operator));
    }
    case 'CaseModification': {
      if (operation.operand !== undefined && operation.operand.text !== '')
        return unknown('a change of case by pattern');
      const { operator } = operation;
      if (hasLocaleLetters(value)) return unknown('letters of the locale');
      const change = (text: string): string => (operator.startsWith('^') ? text.toUpperCase() : text.toLowerCase());
      return each(value, (text) => (operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1)));
    }
    default:
      return notFollowed(part, `the operator of ${part.text}`, shell);
  }
}

const hasText = (value: Expanded): boolean =>
  value.type === 'one' ? typeof value.text === 'string' && value.text !== '' : value.texts.length > 0;

/** What counts as a character, and its other case, depends on the locale outside of ASCII. */
const hasLocaleLetters = (value: Expanded): boolean =>
  (value.type === 'one' ? [value.text] : value.texts).some(
    (text) => typeof text === 'string' && /[^\x00-\x7f]/.test(text),
  );

function each(value: Expanded, change: (text: string) => Text): Expanded {
  if (value.type === 'one') {
    // Nothing comes of what is not set, whatever is done to it.
    return value.text === undefined || isUnknown(value.text) ? value : one(change(value.text));
  }
  const texts: string[] = [];
  for (const text of value.texts) {
    const changed = change(text);
    if (isUnknown(changed)) return one(changed);
    texts.push(changed);
  }
  return { ...value, texts };
}

function withDefault(
  part: ParameterExpansionPart,
  operation: Extract<ParameterOperation, { type: 'Default' }>,
  value: Expanded,
  shell: Shell,
): Expanded {
  const { operator } = operation;
  const text = value.type === 'one' ? value.text : value.texts.length === 0 ? undefined : value.texts.join(' ');
  if (isUnknown(text)) {
    if (operator.endsWith('=') && /^[A-Za-z_]/.test(part.parameter)) shell.assignText(part.parameter, text);
    return one(text);
  }
  if (value.type === 'many' && operator.startsWith(':') && value.texts.length > 0 && (text ?? '').trim() === '')
    return unknown('whether several empty values count as one');
  const missing = operator.startsWith(':') ? text === undefined || text === '' : text === undefined;
  // Of nothing comes nothing, not an empty word.
  if (operator.endsWith('+') && missing) return value.type === 'many' && value.texts.length === 0 ? value : one('');
  if (!operator.endsWith('+') && !missing) return value;
  if (operator.endsWith('?'))
    return one(shell.mayFail(new Unknown(`${part.parameter} must be set here, or the plan ends`)));
  const fallback = shell.text(operation.operand);
  if (operator.endsWith('=')) {
    if (part.index !== undefined || !/^[A-Za-z_]/.test(part.parameter))
      return one(shell.fail('an assignment to what is no name'));
    shell.assignText(part.parameter, fallback);
    return one(fallback);
  }
  return { type: 'one', text: fallback, quoted: /["'\\]|\$\{?[@*]|\[@\]/.test(operation.operand.text) };
}

function slice(operation: Extract<ParameterOperation, { type: 'Slice' }>, value: Expanded, shell: Shell): Expanded {
  if (operation.offset.text.trim() === '') return one(shell.mayFail(new Unknown('a slice from nowhere')));
  if (/["'\\`]/.test(operation.offset.text + (operation.length?.text ?? '')))
    return one(shell.mayFail(new Unknown('quotes inside of arithmetic')));
  const offset = evaluateText(shell.text(operation.offset), shell.arithmetic);
  const size = operation.length && evaluateText(shell.text(operation.length), shell.arithmetic);
  if (offset instanceof Failure || size instanceof Failure) return one(shell.fail('a place that is no number'));
  if (isUnknown(offset)) return one(shell.mayFail(offset));
  if (isUnknown(size)) return one(shell.mayFail(size));
  if (value.type === 'many') return one(shell.mayFail(new Unknown('a slice of several values')));
  if (isUnknown(value.text)) return size !== undefined && size < 0n ? one(shell.mayFail(value.text)) : value;
  if (hasLocaleLetters(value)) return unknown('how many characters the locale makes of a text');
  const characters = [...(value.text ?? '')];
  const start = offset < 0n ? characters.length + Number(offset) : Number(offset);
  if (start < 0) return one('');
  if (size === undefined) return one(characters.slice(start).join(''));
  const end = size < 0n ? characters.length + Number(size) : start + Number(size);
  return end < start
    ? one(shell.mayFail(new Unknown('a slice that ends before it begins')))
    : one(characters.slice(start, end).join(''));
}
