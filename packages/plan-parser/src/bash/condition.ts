import type { TestExpression } from 'unbash';

import { evaluateText } from './arithmetic.ts';
import { patternOf, textOfWord } from './expand.ts';
import { firstOf } from './parameter.ts';
import { compilePattern, matches } from './pattern.ts';
import type { Shell } from './shell.ts';
import { isUnknown, type Text, Unknown } from './value.ts';

/** True, false, or why it cannot be told. */
export type Truth = boolean | Unknown;

/** `[[ … ]]`. */
export function evaluateTest(expression: TestExpression, shell: Shell): Truth {
  switch (expression.type) {
    case 'TestGroup':
      return evaluateTest(expression.expression, shell);
    case 'TestNot': {
      const value = evaluateTest(expression.operand, shell);
      return isUnknown(value) ? value : value !== (expression.negations.length % 2 === 1);
    }
    case 'TestLogical': {
      const stop = expression.operator === '||';
      for (const operand of expression.operands) {
        const value = evaluateTest(operand, shell);
        if (isUnknown(value) || value === stop) return value;
      }
      return !stop;
    }
    case 'TestUnary':
      return unaryTest(expression.operator, textOfWord(expression.operand, shell), shell);
    case 'TestBinary': {
      const { operator } = expression;
      const left = textOfWord(expression.left, shell);
      if (isUnknown(left)) return left;
      if (operator === '=' || operator === '==' || operator === '!=') {
        const source = patternOf(expression.right, shell);
        const pattern = isUnknown(source) ? source : compilePattern(source);
        const found = isUnknown(pattern) ? pattern : matches(pattern, left);
        return isUnknown(found) ? found : found === (operator !== '!=');
      }
      return binaryTest(operator, left, textOfWord(expression.right, shell), shell);
    }
  }
}

/** `[ … ]` and `test`, of one to four arguments. */
export function evaluateArguments(words: readonly string[], shell: Shell): Truth {
  const [first = '', second = '', third = ''] = words;
  if (words.length === 0) return false;
  if (first === '!' && words.length > 1) {
    const value = evaluateArguments(words.slice(1), shell);
    return isUnknown(value) ? value : !value;
  }
  if (words.length === 1) return first !== '';
  if (words.length === 2) return unaryTest(first, second, shell);
  if (words.length > 3) return new Unknown('a long test');
  if (second === '=' || second === '==') return first === third;
  if (second === '!=') return first !== third;
  // Unlike between double brackets, these are decimal numbers and nothing else.
  if (COMPARISONS[second] !== undefined && !/^-?(?:0|[1-9]\d*)$/.test(first))
    return new Unknown('a number that is none');
  if (COMPARISONS[second] !== undefined && !/^-?(?:0|[1-9]\d*)$/.test(third))
    return new Unknown('a number that is none');
  return binaryTest(second, first, third, shell);
}

function unaryTest(operator: string, operand: Text, shell: Shell): Truth {
  if (isUnknown(operand)) return operand;
  if (operator === '-n') return operand !== '';
  if (operator === '-z') return operand === '';
  if (operator === '-v' && /^[A-Za-z_]\w*$/.test(operand)) {
    const value = firstOf(shell.lookup(operand)?.value);
    return isUnknown(value) ? value : value !== undefined;
  }
  return new Unknown(`the test ${operator}, which asks the machine`);
}

function binaryTest(operator: string, left: string, right: Text, shell: Shell): Truth {
  if (isUnknown(right)) return right;
  const compare = COMPARISONS[operator];
  if (compare === undefined) return new Unknown(`the test ${operator}`);
  const [a, b] = [evaluateText(left, shell.arithmetic), evaluateText(right, shell.arithmetic)];
  if (isUnknown(a)) return a;
  return isUnknown(b) ? b : compare(a, b);
}

const COMPARISONS: Readonly<Record<string, (a: bigint, b: bigint) => boolean>> = {
  '-eq': (a, b) => a === b,
  '-ne': (a, b) => a !== b,
  '-lt': (a, b) => a < b,
  '-le': (a, b) => a <= b,
  '-gt': (a, b) => a > b,
  '-ge': (a, b) => a >= b,
};
