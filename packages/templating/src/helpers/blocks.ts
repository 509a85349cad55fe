import { missingArgument, RenderFault, wrongArgument } from '../render/fault.ts';
import { evaluateArguments, type Helper, type HelperCall, pairValue } from '../render/helper.ts';
import { type BlockParameters, Frame, type RenderState } from '../render/state.ts';
import { dateTable, isTruthy, nameOfType, printedText } from '../render/text.ts';
import { type ConfigTable, type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';

/** `if` and `unless`. */
export function conditional(positive: boolean): Helper {
  return {
    run(state, call) {
      const [value] = evaluateArguments(state, call, 'shape');
      if (call.arguments.length === 0) throw missingArgument(call.name, 0);
      const includeZero = call.pairs.length > 0 && pairValue(state, call, 'includeZero') === true;
      const run = isTruthy(value, includeZero) === positive ? call.program : call.inverse;
      run?.(state);
    },
  };
}

export const withHelper: Helper = {
  run(state, call) {
    const value = firstArgument(state, call);
    if (!isTruthy(value)) call.inverse?.(state);
    else if (call.program !== undefined) {
      const path = placeOf(state, call);
      // With two names the originals set neither.
      const [name] = call.parameters.length === 1 ? call.parameters : [];
      const parameters = name === undefined ? undefined : { names: [name], values: [value], path };
      enter(state, new Frame(value, state.frame, path, parameters).inheritLoop(state.frame), call.program);
    }
  },
};

export const eachHelper: Helper = {
  run(state, call) {
    const value = tableView(state, firstArgument(state, call));
    if (call.program === undefined) return;
    if (isConfigArray(value) && value.length > 0) eachItem(state, call, value);
    else if (isConfigTable(value) && value.size > 0) eachMember(state, call, value, true);
    else call.inverse?.(state);
  },
};

export const eachAliveHelper: Helper = {
  run(state, call) {
    const value = tableView(state, firstArgument(state, call));
    if (call.program === undefined) return;
    if (!isTruthy(value)) call.inverse?.(state);
    else if (isConfigArray(value)) eachAliveItem(state, call, value);
    else if (!isConfigTable(value)) throw wrongArgument(call.name, 0, 'a list of members', nameOfType(value));
    else if (isAlive(value, call.name)) eachMember(state, call, value, false);
  },
};

/** The body of a raw block is one text. */
export const rawHelper: Helper = { run: (state, call) => call.program?.(state) };

const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'trace'];

export const logHelper: Helper = {
  run(state, call) {
    const { logger, rules } = state.scope;
    const values = evaluateArguments(state, call, 'value');
    const level = pairValue(state, call, 'level');
    const name = typeof level === 'string' ? level.toLowerCase() : 'info';
    if (!LOG_LEVELS.includes(name)) {
      throw new RenderFault(`log: "${name}" is no level`, {
        helper: 'log',
        hint: `Levels are ${LOG_LEVELS.join(', ')}.`,
      });
    }
    const write = name === 'trace' ? 'debug' : (name as 'error' | 'warn' | 'info' | 'debug');
    logger[write]('template log', { text: values.map((value) => printedText(value, rules)).join(', ') });
  },
};

function firstArgument(state: RenderState, call: HelperCall): ConfigValue | undefined {
  const [value] = evaluateArguments(state, call, 'shape');
  if (call.arguments.length === 0) throw missingArgument(call.name, 0);
  return value;
}

/** A date is a table where the dialect says so. */
function tableView(state: RenderState, value: ConfigValue | undefined): ConfigValue | undefined {
  return isConfigDate(value) && !state.scope.rules.datesAsText ? dateTable(value) : value;
}

function placeOf(state: RenderState, call: HelperCall): readonly string[] | undefined {
  return state.reads === undefined ? undefined : call.arguments[0]?.locate(state);
}

function enter(state: RenderState, frame: Frame, run: (state: RenderState) => void): void {
  const outer = state.frame;
  state.frame = frame;
  run(state);
  state.frame = outer;
}

/** A frame that the whole loop shares: each turn changes what is in it. */
class LoopFrame {
  readonly frame: Frame;
  readonly #parameters: BlockParameters | undefined;
  readonly #place: readonly string[] | undefined;

  constructor(state: RenderState, call: HelperCall) {
    const { parameters: names } = call;
    this.#place = placeOf(state, call);
    this.#parameters = names.length === 0 ? undefined : { names, values: [undefined, undefined], path: undefined };
    this.frame = new Frame(undefined, state.frame, undefined, this.#parameters);
  }

  set(value: ConfigValue, step: string | number, second: string | bigint | undefined): void {
    const path = this.#place === undefined ? undefined : [...this.#place, String(step)];
    this.frame.value = value;
    this.frame.path = path;
    if (this.#parameters === undefined) return;
    this.#parameters.values[0] = value;
    this.#parameters.path = path;
    if (this.#parameters.names.length > 1) this.#parameters.values[1] = second;
  }

  get named(): boolean {
    return (this.#parameters?.names.length ?? 0) > 1;
  }
}

function eachItem(state: RenderState, call: HelperCall, items: readonly ConfigValue[]): void {
  const loop = new LoopFrame(state, call);
  const { frame } = loop;
  const run = call.program as NonNullable<HelperCall['program']>;
  const outer = state.frame;
  state.frame = frame;
  state.spend(items.length);
  const last = items.length - 1;
  for (let i = 0; i <= last; i++) {
    loop.set(items[i] as ConfigValue, i, loop.named ? BigInt(i) : undefined);
    frame.first = i === 0;
    frame.last = i === last;
    frame.index = i;
    run(state);
  }
  state.frame = outer;
}

function eachMember(state: RenderState, call: HelperCall, table: ConfigTable, numbered: boolean): void {
  const loop = new LoopFrame(state, call);
  const { frame } = loop;
  const outer = state.frame;
  state.frame = frame;
  state.spend(table.size);
  let i = 0;
  for (const [key, value] of table) {
    loop.set(value, key, key);
    frame.first = i === 0;
    frame.key = key;
    // eachAlive gives neither number nor last to the members of a table.
    if (numbered) {
      frame.last = i === table.size - 1;
      frame.index = i;
    }
    i++;
    call.program?.(state);
  }
  state.frame = outer;
}

function eachAliveItem(state: RenderState, call: HelperCall, items: readonly ConfigValue[]): void {
  const place = placeOf(state, call);
  state.spend(items.length);
  const alive: number[] = [];
  items.forEach((item, i) => {
    if (place !== undefined && isConfigTable(item)) state.reads?.record([...place, String(i), 'alive'], 'value');
    if (isConfigTable(item) && isAlive(item, call.name)) alive.push(i);
  });
  const loop = new LoopFrame(state, call);
  const { frame } = loop;
  const outer = state.frame;
  state.frame = frame;
  alive.forEach((i, position) => {
    // The number of a member counts from 1 here, unlike in each.
    loop.set(items[i] as ConfigValue, i, loop.named ? BigInt(position + 1) : undefined);
    frame.first = position === 0;
    frame.last = position === alive.length - 1;
    frame.index = position + 1;
    call.program?.(state);
  });
  state.frame = outer;
}

/** @throws {@link RenderFault} for a member whose `alive` is not a boolean. */
export function isAlive(member: ConfigTable, helper: string): boolean {
  const alive = member.get('alive');
  if (alive === undefined || typeof alive === 'boolean') return alive === true;
  const text = `${helper}: the member's "alive" must be true or false, found ${nameOfType(alive)}`;
  throw new RenderFault(text, { helper });
}
