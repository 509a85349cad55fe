import type { ArithmeticExpression } from 'unbash';

import { Failure, isUnknown, type Text, Unknown } from './value.ts';

/** What an expression may read and write. */
export interface ArithmeticWorld {
  read(name: string): Text;
  write(name: string, value: string): void;
  /** Something may be assigned, and it is not known what. */
  confuse(reason: string): void;
  /** Expands text as between double quotes. */
  quoted(text: string): Text;
}

/** A number that every reader takes for the same, whatever it is computed with. */
const PLAIN = /^-?(?:0|[1-9]\d{0,14})$/;
const TOKEN =
  /\s*(0[xX][0-9A-Fa-f]{1,12}(?![\w#@])|\d+(?![\w#@.])|[A-Za-z_]\w*(?!\[)|\+\+|--|[-+*]=|==|!=|<=|>=|&&|\|\||(?:\*\*|<<|>>|[-+*/%<>!()=&|^~?:])(?!=))/y;
const NAME = /^[A-Za-z_]\w*$/;
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);
const MAX_DEPTH = 32;

export const isPlainNumber = (text: string): boolean => PLAIN.test(text);

/** `$((…))` and `((…))`: what stands between the parentheses is expanded as if it were quoted, and then computed. */
export function evaluateArithmetic(body: string, world: ArithmeticWorld): bigint | Unknown {
  if (/['"`\\]/.test(body)) return doubtText(body, world);
  return evaluateText(/\$/.test(body) ? world.quoted(body) : body, world);
}

/**
 * Computes what is certain to be computed so everywhere: plain numbers and variables that hold such, all operators on
 * them, and assignments to a name at the very beginning. Anything else is in doubt, and with it all that it may assign.
 */
export function evaluateText(text: Text, world: ArithmeticWorld): bigint | Unknown {
  if (isUnknown(text)) {
    world.confuse(`arithmetic on what is not known: ${text.reason}`);
    return text;
  }
  if (text.trim() === '') return 0n;
  if (/^\s*0\d*[89]\d*\s*$/.test(text)) return new Failure('a number that is none');
  const tokens = tokensOf(text);
  if (tokens === undefined) return doubtText(text, world);
  const value = new Computation(tokens, world).result();
  return value === undefined ? doubtText(text, world) : value;
}

/** `for ((…))`: the grammar keeps no text of it, but has made sure that its parts are all there is. */
export function textOfExpression(expression: ArithmeticExpression | undefined): string {
  switch (expression?.type) {
    case undefined:
      return '';
    case 'ArithmeticWord':
      return expression.value;
    case 'ArithmeticGroup':
      return `(${textOfExpression(expression.expression)})`;
    case 'ArithmeticUnary': {
      const operand = textOfExpression(expression.operand);
      return expression.prefix ? `${expression.operator}${operand}` : `${operand}${expression.operator}`;
    }
    case 'ArithmeticBinary':
      return `${textOfExpression(expression.left)} ${expression.operator} ${textOfExpression(expression.right)}`;
    default:
      return '?';
  }
}

/** What is not computed may assign, by itself or by what stands in its variables. */
function doubtText(text: string, world: ArithmeticWorld): Unknown {
  const reason = 'arithmetic that is not computed';
  const isHarmless =
    !/=|\+\+|--|[$`[]/.test(text) &&
    (text.match(/[A-Za-z_]\w*/g) ?? []).every((name) => {
      const value = world.read(name);
      return !isUnknown(value) && (value === '' || PLAIN.test(value));
    });
  if (!isHarmless) world.confuse(reason);
  return new Unknown(reason);
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  for (let at = 0; at < trimmed.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(trimmed)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}

type Value = bigint | Unknown;

/** From what binds least to what binds most. */
const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];
/** The first ones: bash need not look at their right side. */
const LOGICAL_LEVELS = 2;

/** One expression. Undefined: it is none of those that are computed. */
class Computation {
  readonly #tokens: readonly string[];
  readonly #world: ArithmeticWorld;
  #at = 0;

  constructor(tokens: readonly string[], world: ArithmeticWorld) {
    this.#tokens = tokens;
    this.#world = world;
  }

  result(): Value | undefined {
    const [first = '', second = ''] = this.#tokens;
    if (this.#tokens.length === 2 && (first === '++' || first === '--')) return this.#step(second, first, true);
    if (this.#tokens.length === 2 && (second === '++' || second === '--')) return this.#step(first, second, false);
    if (/^[-+*]?=$/.test(second)) return this.#assignment(first, second);
    return this.#whole();
  }

  #whole(): Value | undefined {
    const value = this.#choice(0);
    return this.#at === this.#tokens.length ? value : undefined;
  }

  /** `a ? b : c`. Whether an error in the part that is not taken is one depends on what it is. */
  #choice(depth: number): Value | undefined {
    const condition = this.#level(0, depth);
    if (this.#tokens[this.#at] !== '?') return condition;
    this.#at += 1;
    const yes = depth > MAX_DEPTH ? undefined : this.#choice(depth + 1);
    if (this.#tokens[this.#at++] !== ':') return undefined;
    const no = this.#choice(depth + 1);
    if (typeof condition !== 'bigint' || typeof yes !== 'bigint' || typeof no !== 'bigint') return undefined;
    return condition === 0n ? no : yes;
  }

  #step(name: string, operator: string, isPrefix: boolean): Value | undefined {
    const before = NAME.test(name) ? this.#variable(name) : undefined;
    if (typeof before !== 'bigint') return undefined;
    const after = operator === '++' ? before + 1n : before - 1n;
    this.#world.write(name, String(after));
    return isPrefix ? after : before;
  }

  #assignment(name: string, operator: string): Value | undefined {
    const before = !NAME.test(name) ? undefined : operator === '=' ? 0n : this.#variable(name);
    this.#at = 2;
    const value = this.#whole();
    if (typeof before !== 'bigint' || typeof value !== 'bigint') return undefined;
    const after = operator === '=' ? value : compute(operator.slice(0, 1), before, value);
    if (typeof after === 'bigint') this.#world.write(name, String(after));
    return typeof after === 'bigint' ? after : undefined;
  }

  #level(level: number, depth: number): Value | undefined {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#power(depth);
    let left = this.#level(level + 1, depth);
    for (;;) {
      const operator = this.#tokens[this.#at];
      if (left === undefined || operator === undefined || !operators.includes(operator)) return left;
      this.#at += 1;
      const right = this.#level(level + 1, depth);
      if (right === undefined) return undefined;
      // Whether an error on one side is one depends on the other.
      if (level < LOGICAL_LEVELS && (isUnknown(left) || isUnknown(right))) return undefined;
      left = isUnknown(left) ? left : isUnknown(right) ? right : compute(operator, left, right);
    }
  }

  /** From the right, and less tightly than signs bind. */
  #power(depth: number): Value | undefined {
    const base = this.#unary(depth);
    if (this.#tokens[this.#at] !== '**') return base;
    this.#at += 1;
    const exponent = depth > MAX_DEPTH ? undefined : this.#power(depth + 1);
    if (typeof base !== 'bigint' || typeof exponent !== 'bigint') return undefined;
    return compute('**', base, exponent);
  }

  #unary(depth: number): Value | undefined {
    const token = this.#tokens[this.#at++];
    if (token === undefined || depth > MAX_DEPTH) return undefined;
    const sign = SIGNS[token];
    if (sign !== undefined) {
      const operand = this.#unary(depth + 1);
      return typeof operand === 'bigint' ? sign(operand) : operand;
    }
    if (token === '(') {
      const inner = this.#choice(depth + 1);
      return this.#tokens[this.#at++] === ')' ? inner : undefined;
    }
    if (NAME.test(token)) return this.#variable(token);
    return /^\d/.test(token) ? number(token) : undefined;
  }

  #variable(name: string): bigint | undefined {
    const text = this.#world.read(name);
    if (text === '') return 0n;
    return !isUnknown(text) && PLAIN.test(text) ? BigInt(text) : undefined;
  }
}

function number(token: string): bigint | undefined {
  if (/^0[xX]/.test(token)) return BigInt(token);
  if (/^0[0-7]{0,14}$/.test(token)) return token === '0' ? 0n : BigInt(`0o${token.slice(1)}`);
  return PLAIN.test(token) ? BigInt(token) : undefined;
}

const truth = (value: boolean): bigint => (value ? 1n : 0n);

const SIGNS: Readonly<Record<string, (a: bigint) => bigint>> = {
  '-': (a) => -a,
  '+': (a) => a,
  '!': (a) => truth(a === 0n),
  '~': (a) => ~a,
};

/** Largest exponent and distance of a shift: more leads beyond what is certain anyway, save for 0 and 1. */
const MAX_EXPONENT = 62n;

/** @returns undefined where the result may be another elsewhere: it is large, or of a sign that machines take otherwise. */
function compute(operator: string, left: bigint, right: bigint): Value | undefined {
  if (/^(?:<<|>>|\*\*)$/.test(operator) && (right < 0n || right > MAX_EXPONENT)) return undefined;
  if (/^(?:<<|>>)$/.test(operator) && left < 0n) return undefined;
  if ((operator === '/' || operator === '%') && right === 0n) return new Failure('a division by zero');
  const value = OPERATIONS[operator]?.(left, right);
  return value === undefined || value > SAFE || value < -SAFE ? undefined : value;
}

const OPERATIONS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  '**': (a, b) => a ** b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '&': (a, b) => a & b,
  '^': (a, b) => a ^ b,
  '|': (a, b) => a | b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '<': (a, b) => truth(a < b),
  '>': (a, b) => truth(a > b),
  '<=': (a, b) => truth(a <= b),
  '>=': (a, b) => truth(a >= b),
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '&&': (a, b) => truth(a !== 0n && b !== 0n),
  '||': (a, b) => truth(a !== 0n || b !== 0n),
};
