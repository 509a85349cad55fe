import { type ArithmeticExpression, parse, type WordPart } from 'unbash';

import { isUnknown, type Text, Unknown } from './value.ts';

/** What an expression may read and write. */
export interface ArithmeticWorld {
  read(name: string): Text;
  write(name: string, value: string): void;
  expand(parts: readonly WordPart[]): Text;
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const NUMBER = /^(?:0[xX][0-9A-Fa-f]+|0[0-7]*|[1-9][0-9]*)$/;
const MAX_DEPTH = 32;

/** Evaluates with 64-bit integers, as bash does. */
export function evaluateArithmetic(
  expression: ArithmeticExpression | undefined,
  world: ArithmeticWorld,
  depth = 0,
): bigint | Unknown {
  if (expression === undefined) return 0n;
  const inner = (part: ArithmeticExpression): bigint | Unknown => evaluateArithmetic(part, world, depth);
  switch (expression.type) {
    case 'ArithmeticGroup':
      return inner(expression.expression);
    case 'ArithmeticWord':
      return evaluateWord(
        expression.parts === undefined ? expression.value : world.expand(expression.parts),
        world,
        depth,
      );
    case 'ArithmeticTernary': {
      const test = inner(expression.test);
      return isUnknown(test) ? test : inner(test === 0n ? expression.alternate : expression.consequent);
    }
    case 'ArithmeticUnary':
      return unary(expression.operator, inner(expression.operand));
    case 'ArithmeticBinary': {
      const { operator } = expression;
      if (operator === '=' && expression.left.type === 'ArithmeticWord' && NAME.test(expression.left.value)) {
        const value = inner(expression.right);
        if (!isUnknown(value)) world.write(expression.left.value, String(value));
        return value;
      }
      const left = inner(expression.left);
      if (isUnknown(left)) return left;
      if (operator === '&&' && left === 0n) return 0n;
      if (operator === '||' && left !== 0n) return 1n;
      const right = inner(expression.right);
      return isUnknown(right) ? right : binary(operator, left, right);
    }
    default:
      return new Unknown('arithmetic on the output of a command');
  }
}

/** A subscript, an offset: text that is arithmetic after its expansion. */
export function evaluateText(text: Text, world: ArithmeticWorld): bigint | Unknown {
  if (isUnknown(text)) return text;
  if (NAME.test(text) || NUMBER.test(text)) return evaluateWord(text, world, 0);
  if (!/^[\w\s+*/%()<>=!&|?:~-]*$/.test(text)) return new Unknown('an arithmetic expression that is not understood');
  const command = parse(`(( ${text} ))`).commands[0]?.command;
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
  if (!NAME.test(trimmed) || depth >= MAX_DEPTH) return new Unknown('an arithmetic expression that is not understood');
  return evaluateWord(world.read(trimmed), world, depth + 1);
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
      return right === 0n ? new Unknown('a division by zero') : wrap(left / right);
    case '%':
      return right === 0n ? new Unknown('a division by zero') : wrap(left % right);
    case '**':
      return right < 0n || right > 64n ? new Unknown('a power') : wrap(left ** right);
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
