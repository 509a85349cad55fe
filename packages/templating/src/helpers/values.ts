import { missingArgument } from '../render/fault.ts';
import { evaluateArguments, type Helper, type HelperCall } from '../render/helper.ts';
import type { RenderState } from '../render/state.ts';
import { helperView, isTruthy, printedText } from '../render/text.ts';
import { utf8Length } from '../text-size.ts';
import { type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';
import { jsonCompare, jsonEquals } from './compare.ts';

/** Arguments as the dialect sees them: dates are texts or tables. */
function viewedArguments(state: RenderState, call: HelperCall): (ConfigValue | undefined)[] {
  return evaluateArguments(state, call, 'value').map((value) => {
    const view = value === undefined ? undefined : helperView(value, state.scope.rules);
    return isConfigDate(view) ? view.text : view;
  });
}

/** A helper that answers true or false: as a tag it prints the word, as a block it chooses, as an argument it is the boolean. */
function test(count: number, answer: (values: readonly (ConfigValue | undefined)[]) => boolean): Helper {
  const evaluate = (state: RenderState, call: HelperCall): boolean => {
    const values = viewedArguments(state, call);
    if (values.length < count) throw missingArgument(call.name, values.length);
    return answer(values);
  };
  return {
    evaluate,
    run(state, call) {
      const answered = evaluate(state, call);
      if (call.program === undefined) state.write(String(answered));
      else if (answered) call.program(state);
      else call.inverse?.(state);
    },
  };
}

const ordered = (accept: (order: number) => boolean): Helper =>
  test(2, ([a, b]) => {
    const order = jsonCompare(a, b);
    return order !== undefined && accept(order);
  });

export const COMPARISONS: Readonly<Record<string, Helper>> = {
  eq: test(2, ([a, b]) => jsonEquals(a, b)),
  ne: test(2, ([a, b]) => !jsonEquals(a, b)),
  gt: ordered((order) => order > 0),
  gte: ordered((order) => order >= 0),
  lt: ordered((order) => order < 0),
  lte: ordered((order) => order <= 0),
  and: test(0, (values) => values.every((value) => isTruthy(value))),
  or: test(0, (values) => values.some((value) => isTruthy(value))),
  not: test(1, ([value]) => !isTruthy(value)),
};

/** A helper that answers a value of any type. */
function valueHelper(count: number, answer: (values: readonly (ConfigValue | undefined)[]) => ConfigValue): Helper {
  const evaluate = (state: RenderState, call: HelperCall): ConfigValue => {
    const values = viewedArguments(state, call);
    if (values.length < count) throw missingArgument(call.name, values.length);
    return answer(values);
  };
  return { evaluate, run: (state, call) => state.print(printedText(evaluate(state, call), state.scope.rules)) };
}

export const lookupHelper: Helper = valueHelper(2, ([collection, key]) => lookUp(collection, key) ?? null);

/** An item by a non-negative integer or a member by a text; nothing for every other combination. */
export function lookUp(collection: ConfigValue | undefined, key: ConfigValue | undefined): ConfigValue | undefined {
  if (isConfigArray(collection)) return typeof key === 'bigint' && key >= 0n ? collection[Number(key)] : undefined;
  return isConfigTable(collection) && typeof key === 'string' ? collection.get(key) : undefined;
}

export const lenHelper: Helper = valueHelper(1, ([value]) => {
  if (typeof value === 'string') return BigInt(utf8Length(value));
  if (isConfigArray(value)) return BigInt(value.length);
  return isConfigTable(value) ? BigInt(value.size) : 0n;
});
