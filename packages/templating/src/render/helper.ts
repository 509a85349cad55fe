import type { ConfigValue } from '../values.ts';
import type { Run } from './compiled.ts';
import type { CompiledExpression, Use } from './expressions.ts';
import type { RenderState } from './state.ts';

/** A helper's name with what the template gives it. */
export interface HelperCall {
  readonly name: string;
  readonly arguments: readonly CompiledExpression[];
  readonly pairs: readonly (readonly [string, CompiledExpression])[];
  /** The block's content; undefined for a tag that is no block. */
  readonly program: Run | undefined;
  readonly inverse: Run | undefined;
  /** `as |item index|` */
  readonly parameters: readonly string[];
}

export interface Helper {
  /** As a tag or a block: writes. */
  run(state: RenderState, call: HelperCall): void;
  /** As an argument. Without it the text that `run` writes is the value. */
  evaluate?(state: RenderState, call: HelperCall): ConfigValue;
}

/** Every argument and pair in order, whether the helper uses it or not: an error in one of them is an error. */
export function evaluateArguments(state: RenderState, call: HelperCall, use: Use): (ConfigValue | undefined)[] {
  const values = call.arguments.map((argument) => argument.evaluate(state, use));
  for (const [, value] of call.pairs) value.evaluate(state, use);
  // Whoever looks at values goes through all of them.
  if (use === 'value') for (const value of values) state.spendOn(value);
  return values;
}

/** The value of one `key=value` pair. */
export function pairValue(state: RenderState, call: HelperCall, key: string): ConfigValue | undefined {
  return call.pairs.find(([name]) => name === key)?.[1].evaluate(state, 'value');
}
