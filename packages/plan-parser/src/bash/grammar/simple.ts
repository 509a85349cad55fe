import type { Assignment, Command, Redirection, TestExpression, Word } from 'unbash';

import { readWord, type WordRules, type WordWorld } from './words.ts';

const RESERVED = new Set(
  'if then elif else fi for while until do done case esac in function select time coproc { } ! [[ ]]'.split(' '),
);
const DECLARES = new Set(['declare', 'typeset', 'local', 'export', 'readonly']);
const UNARY = /^-[a-hknoprstuvwxzGLNORS]$/;
const BINARY = new Set('= == != =~ < > -eq -ne -lt -le -gt -ge -nt -ot -ef'.split(' '));
const DELIMITER = /^(?:\w+|'[^'\n]*'|"[^"\n$`\\]*"|\\\w+)$/;

export const isReserved = (name: string): boolean => RESERVED.has(name);

/** A word that stands where the tree has it, and ends there. */
export function readTreeWord(world: WordWorld, { pos, end }: Word, rules: Partial<WordRules> = {}): void {
  const { scanner } = world;
  scanner.must(scanner.at === pos);
  readWord(world, { groups: world.groups, ...rules });
  scanner.must(scanner.at === end);
}

export function readSimple(world: WordWorld, { prefix, name, suffix }: Command): void {
  const { scanner } = world;
  const declares = name !== undefined && DECLARES.has(name.text);
  let redirected = false;
  for (const item of prefix) {
    // An assignment behind a redirection has been seen to mean something else.
    scanner.must(item.type !== 'Assignment' || !redirected);
    redirected ||= item.type !== 'Assignment';
    if (item.type === 'Assignment') readAssignment(world, item, true);
    else readRedirect(world, item);
    separate(world, name === undefined && item === prefix.at(-1));
  }
  if (name === undefined) {
    scanner.must(suffix.length === 0 && prefix.length > 0);
    return;
  }
  // `x[` reads on up to its bracket, over the ends of lines.
  scanner.must(!/^\w+\[/.test(name.text));
  // After others a name that the grammar knows is a name like any other: nobody writes that.
  scanner.must(!isReserved(name.text));
  readTreeWord(world, name);
  for (const item of suffix) {
    const apart = scanner.blank();
    scanner.must(apart || (item.type !== 'Word' && item.type !== 'Assignment'));
    // What declares reads names as lines of assignments do.
    scanner.must(!declares || item.type !== 'Word' || !/^\w+\[/.test(item.text));
    if (item.type === 'Word') readArgument(world, item);
    else if (item.type === 'Assignment') readAssignment(world, item, declares);
    else readRedirect(world, item);
  }
}

function separate({ scanner }: WordWorld, last: boolean): void {
  if (last) return;
  scanner.must(scanner.blank() || /[<>]/.test(scanner.peek()));
}

/** Digits before a redirection say what goes elsewhere. */
function readArgument(world: WordWorld, word: Word): void {
  readTreeWord(world, word);
  const isPlace = /^(?:[0-9]+|\{\w+\})$/.test(word.text) && /[<>]/.test(world.scanner.peek());
  world.scanner.must(!isPlace);
}

/** @param lists - Whether `name=(…)` may stand here. */
function readAssignment(world: WordWorld, { pos, end, name, index, append, value }: Assignment, lists: boolean): void {
  const { scanner } = world;
  scanner.must(scanner.at === pos);
  scanner.take(name);
  if (index !== undefined) {
    scanner.take('[');
    readTreeWord(world, index, { groups: false, stop: ']' });
    scanner.take(']');
  }
  scanner.take(append === true ? '+=' : '=');
  if (value.type === 'ArrayValue') {
    scanner.must(lists && index === undefined && scanner.at === value.pos);
    // Bash 5.2 writes substitutions anew before it reads them, and loses quotes of lists on the way.
    const isRewritten = scanner.documents !== 'any';
    scanner.must(!isRewritten || !/\\['"`]|\$['"]/.test(scanner.text.slice(pos, end)));
    scanner.take('(');
    scanner.newlines();
    for (const element of value.elements) {
      readPlace(world);
      readTreeWord(world, element);
      const before = scanner.at;
      scanner.newlines();
      scanner.must(scanner.at > before || scanner.peek() === ')');
    }
    scanner.take(')');
  } else if (value.end > value.pos) readTreeWord(world, value);
  scanner.must(scanner.at === end);
}

/** `[key]=value` inside of a list: its bracket is closed where the word has not ended. */
function readPlace(world: WordWorld): void {
  const { scanner } = world;
  if (scanner.peek() !== '[') return;
  const begin = scanner.at;
  scanner.at += 1;
  if (scanner.peek() !== ']') readWord(world, { groups: false, stop: ']' });
  scanner.must(scanner.peek() === ']');
  scanner.at = begin;
}

export function readRedirect(world: WordWorld, redirect: Redirection): void {
  const { scanner } = world;
  const { descriptor, operator, pos } = redirect;
  scanner.must(scanner.at === pos && descriptor?.type !== 'FileDescriptorVariable');
  if (descriptor !== undefined) scanner.take(scanner.text.slice(descriptor.pos, descriptor.end));
  scanner.take(operator);
  scanner.blank();
  if (redirect.type !== 'HereDoc') {
    const { target } = redirect;
    if (target === undefined) scanner.refuse();
    else readTreeWord(world, target);
    return;
  }
  const { delimiter } = redirect;
  if (delimiter === undefined || !DELIMITER.test(delimiter.text)) scanner.refuse();
  else scanner.take(delimiter.text);
  scanner.expect(redirect);
}

/** Between double brackets. */
export function readTest(world: WordWorld, expression: TestExpression): void {
  const { scanner } = world;
  scanner.must(scanner.at === expression.pos);
  switch (expression.type) {
    case 'TestGroup':
      scanner.take('(');
      scanner.newlines();
      readTest(world, expression.expression);
      scanner.newlines();
      scanner.take(')');
      return;
    case 'TestNot':
      for (const _negation of expression.negations) {
        scanner.take('!');
        scanner.must(scanner.blank());
      }
      readTest(world, expression.operand);
      return;
    case 'TestLogical':
      for (const [i, operand] of expression.operands.entries()) {
        if (i > 0) {
          scanner.newlines();
          scanner.take(expression.operator);
          scanner.newlines();
        }
        readTest(world, operand);
      }
      return;
    case 'TestUnary': {
      const { operator, operand, pos } = expression;
      if (operand.pos > pos) {
        scanner.must(UNARY.test(operator));
        scanner.take(operator);
        scanner.must(scanner.blank());
      } else scanner.must(!/^(?:-.?|[!=].*)$/.test(operand.text));
      readTreeWord(world, operand);
      return;
    }
    case 'TestBinary': {
      const { operator, left, right } = expression;
      scanner.must(BINARY.has(operator));
      readTreeWord(world, left);
      scanner.must(scanner.blank());
      scanner.take(operator);
      scanner.must(scanner.blank());
      readTreeWord(world, right, { groups: true, expression: operator === '=~' });
    }
  }
}
