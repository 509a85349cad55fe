import { type ArithmeticExpression, type ArithmeticWord, parse, type WordPart } from 'unbash';

import { Failure, isUnknown, type Text, Unknown } from './value.ts';

/** What an expression may read and write. */
export interface ArithmeticWorld {
  read(name: string): Text;
  write(name: string, value: Text): void;
  /** Something is assigned, and it is not known what. */
  confuse(reason: string): void;
  expand(parts: readonly WordPart[]): Text;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NUMBER = /^(?:0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*)$/;
const MAX_DEPTH = 32;

/** Evaluates with 64-bit integers, as bash does. */
export function evaluateArithmetic(
  expression: ArithmeticExpression | undefined,
  world: ArithmeticWorld,
): bigint | Unknown {
  if (expression === undefined) return 0n;
  // `$(( $nothing ))` is empty as a whole, which counts as zero.
  const parts = expression.type === 'ArithmeticWord' ? expansionsOf(expression) : undefined;
  if (parts !== undefined) {
    if (parts.some(isVerbatim)) return new Unknown('quotes inside of arithmetic');
    const text = world.expand(parts);
    return text === '' ? 0n : evaluateText(text, world);
  }
  const assigns = assignsItself(expression);
  // Bash expands everything before it assigns anything.
  if (assigns && hasExpansion(expression)) {
    world.confuse('an assignment beside an expansion inside of arithmetic');
    return new Unknown('an assignment beside an expansion inside of arithmetic');
  }
  const value = evaluatePart(expression, world);
  // Which of the assignments were made before whatever went wrong?
  if (assigns && isUnknown(value)) world.confuse(value.reason);
  return value;
}

function evaluatePart(expression: ArithmeticExpression, world: ArithmeticWorld): bigint | Unknown {
  const inner = (part: ArithmeticExpression): bigint | Unknown => evaluatePart(part, world);
  switch (expression.type) {
    case 'ArithmeticGroup':
      return inner(expression.expression);
    case 'ArithmeticWord':
      return evaluateOperand(expression, world);
    case 'ArithmeticTernary': {
      if ([expression.test, expression.alternate].some(isBareAssignment)) return refuseAssignment(world);
      const test = inner(expression.test);
      if (isUnknown(test)) {
        confuseBy([expression.consequent, expression.alternate], world);
        return test;
      }
      const [chosen, other] =
        test === 0n ? [expression.alternate, expression.consequent] : [expression.consequent, expression.alternate];
      return missingOperand(other, world) ?? inner(chosen);
    }
    case 'ArithmeticUnary': {
      const { operator, operand, prefix } = expression;
      if (operator === '++' || operator === '--') return step(operator, operand, prefix, world, inner);
      return unary(operator, inner(operand));
    }
    case 'ArithmeticBinary': {
      const { operator, left: target, right: other } = expression;
      if (operator === ',') {
        const first = inner(target);
        const second = inner(other);
        return isUnknown(first) ? first : second;
      }
      if (isAssignment(operator) && assignsItself(other)) return refuseAssignment(world);
      if (isAssignment(operator)) return assign(operator, target, inner(other), world, inner);
      if ([target, other].some(isBareAssignment)) return refuseAssignment(world);
      const left = inner(target);
      if (isUnknown(left)) {
        if (operator === '&&' || operator === '||') confuseBy([other], world);
        else inner(other);
        return left;
      }
      if ((operator === '&&' && left === 0n) || (operator === '||' && left !== 0n))
        return missingOperand(other, world) ?? truth(operator === '||');
      const right = inner(other);
      return isUnknown(right) ? right : binary(operator, left, right);
    }
    default:
      confuseBy([expression], world);
      return new Unknown('arithmetic on the output of a command');
  }
}

/** Expansions in a word; the grammar gives none for a simple `$n`. */
function expansionsOf({ parts, value, pos, end }: ArithmeticWord): readonly WordPart[] | undefined {
  if (parts !== undefined || !/^\$(?:\w+|[#?@*!$-])$/.test(value)) return parts;
  return [{ type: 'SimpleExpansion', text: value, pos, end }];
}

const isVerbatim = ({ type }: WordPart): boolean => type === 'SingleQuoted' || type === 'AnsiCQuoted';

function isEmpty(word: ArithmeticWord, world: ArithmeticWorld): boolean {
  const parts = expansionsOf(word);
  if (parts === undefined) return word.value.trim() === '';
  return world.expand(parts) === '';
}

/** What an expansion gives is put into the expression as text: where it is nothing, an operand is missing. */
function evaluateOperand(word: ArithmeticWord, world: ArithmeticWorld): bigint | Unknown {
  const parts = expansionsOf(word);
  if (parts === undefined && word.value.trim() === '') return new Failure('arithmetic with an operand that is missing');
  if (parts === undefined) return evaluateWord(word.value, world, 0);
  if (parts.some(isVerbatim)) return new Unknown('quotes inside of arithmetic');
  const text = world.expand(parts);
  if (text === '') return new Unknown('arithmetic with an operand that is missing');
  if (!isUnknown(text) && /=|\+\+|--/.test(text)) world.confuse('an assignment inside of arithmetic');
  return evaluateWord(text, world, 0);
}

const isAssignment = (operator: string): boolean => /^(?:[-+*/%&|^]|<<|>>)?=$/.test(operator);

type Inner = (part: ArithmeticExpression) => bigint | Unknown;

/** `a || n = 1`: bash takes the whole left side for what is assigned to. */
const isBareAssignment = (part: ArithmeticExpression): boolean =>
  part.type === 'ArithmeticBinary' && isAssignment(part.operator);

function refuseAssignment(world: ArithmeticWorld): Unknown {
  world.confuse('an assignment inside of arithmetic');
  return new Unknown('an assignment inside of arithmetic');
}

/** `n = …`, `n += …`. */
function assign(
  operator: string,
  target: ArithmeticExpression,
  value: bigint | Unknown,
  world: ArithmeticWorld,
  inner: Inner,
): bigint | Unknown {
  const name = nameOf(target);
  if (name === undefined) {
    world.confuse('an assignment inside of arithmetic');
    return new Unknown('an assignment inside of arithmetic');
  }
  const before = operator === '=' ? 0n : inner(target);
  const after = isUnknown(before) || isUnknown(value) ? firstUnknown(before, value) : combine(operator, before, value);
  world.write(name, isUnknown(after) ? after : String(after));
  return after;
}

const combine = (operator: string, before: bigint, value: bigint): bigint | Unknown =>
  operator === '=' ? value : binary(operator.slice(0, -1), before, value);
const firstUnknown = (a: bigint | Unknown, b: bigint | Unknown): Unknown =>
  isUnknown(a) ? a : isUnknown(b) ? b : new Unknown('arithmetic');

/** `n++`, `--n`. */
function step(
  operator: '++' | '--',
  target: ArithmeticExpression,
  isPrefix: boolean,
  world: ArithmeticWorld,
  inner: Inner,
): bigint | Unknown {
  const after = assign(operator === '++' ? '+=' : '-=', target, 1n, world, inner);
  if (isUnknown(after) || isPrefix) return after;
  return wrap(operator === '++' ? after - 1n : after + 1n);
}

const nameOf = (target: ArithmeticExpression): string | undefined =>
  target.type === 'ArithmeticWord' && expansionsOf(target) === undefined && NAME.test(target.value)
    ? target.value
    : undefined;

/** Expansions are made before anything is computed: even where nothing comes of a part, it must be complete. */
function missingOperand(expression: ArithmeticExpression, world: ArithmeticWorld): Unknown | undefined {
  const inner = (part: ArithmeticExpression): Unknown | undefined => missingOperand(part, world);
  switch (expression.type) {
    case 'ArithmeticWord': {
      return isEmpty(expression, world) ? new Unknown('arithmetic with an operand that is missing') : undefined;
    }
    case 'ArithmeticGroup':
      return inner(expression.expression);
    case 'ArithmeticUnary':
      return inner(expression.operand);
    case 'ArithmeticBinary':
      return inner(expression.left) ?? inner(expression.right);
    case 'ArithmeticTernary':
      return inner(expression.test) ?? inner(expression.consequent) ?? inner(expression.alternate);
    default:
      return undefined;
  }
}

/** What would be assigned if that were evaluated is not known any more. */
function confuseBy(parts: readonly ArithmeticExpression[], world: ArithmeticWorld): void {
  if (parts.some(mayAssign)) world.confuse('an assignment inside of arithmetic');
}

const assignsItself = (expression: ArithmeticExpression): boolean =>
  some(
    expression,
    (part) =>
      (part.type === 'ArithmeticUnary' && (part.operator === '++' || part.operator === '--')) ||
      (part.type === 'ArithmeticBinary' && isAssignment(part.operator)),
  );

const hasExpansion = (expression: ArithmeticExpression): boolean =>
  some(expression, (part) => part.type === 'ArithmeticWord' && /[$`]/.test(part.value));

/** Whether it holds for an expression, or for any part of it; what is no such part counts as well. */
function some(expression: ArithmeticExpression, holds: (part: ArithmeticExpression) => boolean): boolean {
  if (holds(expression)) return true;
  switch (expression.type) {
    case 'ArithmeticWord':
      return false;
    case 'ArithmeticGroup':
      return some(expression.expression, holds);
    case 'ArithmeticUnary':
      return some(expression.operand, holds);
    case 'ArithmeticBinary':
      return some(expression.left, holds) || some(expression.right, holds);
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].some((part) => some(part, holds));
    default:
      return true;
  }
}

function mayAssign(expression: ArithmeticExpression): boolean {
  switch (expression.type) {
    case 'ArithmeticWord':
      return expansionsOf(expression) !== undefined;
    case 'ArithmeticGroup':
      return mayAssign(expression.expression);
    case 'ArithmeticUnary':
      return expression.operator === '++' || expression.operator === '--' || mayAssign(expression.operand);
    case 'ArithmeticBinary':
      return isAssignment(expression.operator) || mayAssign(expression.left) || mayAssign(expression.right);
    case 'ArithmeticTernary':
      return [expression.test, expression.consequent, expression.alternate].some(mayAssign);
    default:
      return true;
  }
}

/** A subscript, an offset: text that is arithmetic after its expansion. */
export function evaluateText(text: Text, world: ArithmeticWorld): bigint | Unknown {
  if (isUnknown(text)) return text;
  if (NAME.test(text) || NUMBER.test(text)) return evaluateWord(text, world, 0);
  if (!/^[\w\s+*/%()<>=!&|?:~-]*$/.test(text)) {
    if (/=|\+\+|--/.test(text)) world.confuse('an assignment inside of arithmetic');
    return new Unknown('an arithmetic expression that is not understood');
  }
  const { commands, errors = [] } = parse(`(( ${text} ))`);
  const command = commands[0]?.command;
  if (errors.length > 0) return new Unknown('an arithmetic expression that is not understood');
  return command?.type === 'ArithmeticCommand'
    ? evaluateArithmetic(command.expression, world)
    : new Unknown('an arithmetic expression that is not understood');
}

function evaluateWord(text: Text, world: ArithmeticWorld, depth: number): bigint | Unknown {
  if (isUnknown(text)) return text;
  const trimmed = text.trim();
  if (trimmed === '') return 0n;
  if (NUMBER.test(trimmed)) return wrap(BigInt(/^0[0-7]+$/.test(trimmed) ? `0o${trimmed.slice(1)}` : trimmed));
  if (/^-[0-9]+$/.test(trimmed)) return wrap(BigInt(trimmed));
  const based = /^([1-9][0-9]?)#([0-9A-Za-z@_]+)$/.exec(trimmed);
  if (based !== null) return inBase(Number(based[1]), based[2] ?? '');
  if (/^[0-9]/.test(trimmed) && !/[#\s]/.test(trimmed)) return new Failure('a number that is none');
  if (!NAME.test(trimmed) || depth >= MAX_DEPTH) return new Unknown('an arithmetic expression that is not understood');
  return evaluateWord(world.read(trimmed), world, depth + 1);
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_';

/** `16#ff` */
function inBase(base: number, digits: string): bigint | Unknown {
  let value = 0n;
  for (const digit of base <= 36 ? digits.toLowerCase() : digits) {
    const worth = DIGITS.indexOf(digit);
    if (base < 2 || base > 64 || worth < 0 || worth >= base) return new Failure('a number that is none');
    value = wrap(value * BigInt(base) + BigInt(worth));
  }
  return value;
}

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value);
const truth = (value: boolean): bigint => (value ? 1n : 0n);

function unary(operator: string, value: bigint | Unknown): bigint | Unknown {
  if (isUnknown(value)) return value;
  if (operator === '-') return wrap(-value);
  if (operator === '+') return value;
  if (operator === '!') return truth(value === 0n);
  return operator === '~' ? wrap(~value) : new Unknown(`the arithmetic operator ${operator}`);
}

function binary(operator: string, left: bigint, right: bigint): bigint | Unknown {
  switch (operator) {
    case '+':
      return wrap(left + right);
    case '-':
      return wrap(left - right);
    case '*':
      return wrap(left * right);
    case '/':
      return right === 0n ? new Failure('a division by zero') : wrap(left / right);
    case '%':
      return right === 0n ? new Failure('a division by zero') : wrap(left % right);
    case '**':
      if (right < 0n) return new Failure('a power that is no whole number');
      return right > 64n ? new Unknown('a power') : wrap(left ** right);
    case '<<':
    case '>>':
      if (right < 0n || right > 63n) return new Unknown('a shift');
      return wrap(operator === '<<' ? left << right : left >> right);
    case '&':
      return left & right;
    case '|':
      return left | right;
    case '^':
      return left ^ right;
    case '<':
      return truth(left < right);
    case '>':
      return truth(left > right);
    case '<=':
      return truth(left <= right);
    case '>=':
      return truth(left >= right);
    case '==':
      return truth(left === right);
    case '!=':
      return truth(left !== right);
    case '&&':
    case '||':
      return truth(right !== 0n);
    default:
      return new Unknown(`the arithmetic operator ${operator}`);
  }
}
