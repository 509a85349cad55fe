import { isAlive } from '../helpers/blocks.ts';
import { missingArgument, wrongArgument } from '../render/fault.ts';
import { dateTable, isTruthy, nameOfType, printedText } from '../render/text.ts';
import { type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';
import type { LegacyArgument, LegacyCall, LegacyState } from './engine.ts';
import type { LegacyScope } from './scope.ts';

type LegacyBlock = (state: LegacyState, call: LegacyCall, values: readonly LegacyArgument[]) => void;

/** The helpers that write more than a text. See spec/templating 5 to 7, column legacy. */
export const LEGACY_BLOCKS: Readonly<Record<string, LegacyBlock>> = {
  if: conditional(true),
  unless: conditional(false),
  raw: (state, call) => call.program?.(state),
  log: (state, call, values) => {
    const { value } = first(call, values);
    state.scope.logger.info('template log', { text: printedText(value, state.scope.rules) });
  },
  with: (state, call, values) => {
    const argument = first(call, values);
    const outer = state.scopeNow;
    outer.promoteLocals();
    const truthy = isTruthy(argument.value);
    const scope = outer.derive();
    scope.pushRoot(rootOf(outer, argument));
    if (truthy && argument.path !== undefined) scope.path = `${outer.path}/${argument.path}`;
    const [name] = call.parameters.length === 1 ? call.parameters : [];
    if (truthy && name !== undefined) scope.pushParameters([[name, argument.value]]);
    const run = truthy ? call.program : call.inverse;
    if (run !== undefined) state.within(scope, run);
    outer.demoteLocals();
  },
  each: (state, call, values) => {
    const argument = first(call, values);
    if (call.program === undefined) return;
    const value = tableView(argument.value);
    state.scopeNow.promoteLocals();
    if (!isTruthy(value)) call.inverse?.(state);
    else if (isConfigArray(value)) eachItem(state, call, argument, value);
    else if (isConfigTable(value)) eachMember(state, call, argument, [...value]);
    else throw wrongArgument(call.name, 0, 'a list or a table', nameOfType(value));
    state.scopeNow.demoteLocals();
  },
  eachAlive: (state, call, values) => {
    const argument = first(call, values);
    if (call.program === undefined) return;
    const value = tableView(argument.value);
    state.scopeNow.promoteLocals();
    if (!isTruthy(value)) call.inverse?.(state);
    else if (isConfigArray(value)) {
      state.spend(value.length);
      const alive = value.filter((member) => isConfigTable(member) && isAlive(member, call.name));
      eachAliveMember(state, call, alive);
    } else if (!isConfigTable(value)) throw wrongArgument(call.name, 0, 'a list of members', nameOfType(value));
    else if (isAlive(value, call.name)) eachMember(state, call, argument, [...value]);
    // For a dead member the engines forget to give the outer loop its variables back.
    else return;
    state.scopeNow.demoteLocals();
  },
};

function conditional(positive: boolean): LegacyBlock {
  return (state, call, values) => {
    const run = isTruthy(first(call, values).value) === positive ? call.program : call.inverse;
    run?.(state);
  };
}

function first(call: LegacyCall, values: readonly LegacyArgument[]): LegacyArgument {
  const [argument] = values;
  if (argument === undefined) throw missingArgument(call.name, 0);
  return argument;
}

const tableView = (value: ConfigValue): ConfigValue => (isConfigDate(value) ? dateTable(value) : value);

/** `../` leads out of the first part of a path at once, however long the path is. */
function rootOf(scope: LegacyScope, { path }: LegacyArgument): string | undefined {
  return path === undefined ? undefined : `${scope.path}/${path.split(/[./]/, 1)[0]}`;
}

function eachItem(state: LegacyState, call: LegacyCall, argument: LegacyArgument, items: readonly ConfigValue[]): void {
  const outer = state.scopeNow;
  const root = rootOf(outer, argument);
  state.spend(items.length);
  items.forEach((item, i) => {
    const scope = outer.derive();
    scope.pushRoot(root);
    scope.setLocals({ '@first': i === 0, '@last': i === items.length - 1, '@index': BigInt(i) });
    if (argument.path !== undefined) scope.path = `${outer.path}/${argument.path}.[${i}]`;
    // Only one name is given to a list; with two the engines set neither.
    const [name] = call.parameters.length === 1 ? call.parameters : [];
    if (name !== undefined) scope.pushParameters([[name, item]]);
    if (call.program !== undefined) state.within(scope, call.program);
  });
}

function eachMember(
  state: LegacyState,
  call: LegacyCall,
  argument: LegacyArgument,
  members: readonly (readonly [string, ConfigValue])[],
): void {
  const outer = state.scopeNow;
  const root = rootOf(outer, argument);
  state.spend(members.length);
  members.forEach(([key, value], i) => {
    const scope = outer.derive();
    scope.pushRoot(root);
    scope.setLocals({ '@first': i === 0, '@key': key });
    if (argument.path !== undefined) scope.path = `${outer.path}/${argument.path}.[${key}]`;
    // Only two names are given to a table: the key, then the value.
    const [keyName, valueName] = call.parameters;
    if (keyName !== undefined && valueName !== undefined) {
      scope.pushParameters([
        [keyName, key],
        [valueName, value],
      ]);
    }
    if (call.program !== undefined) state.within(scope, call.program);
  });
}

/** The context stays what it is: the member is reached through its name alone. */
function eachAliveMember(state: LegacyState, call: LegacyCall, members: readonly ConfigValue[]): void {
  const outer = state.scopeNow;
  members.forEach((member, i) => {
    const scope = outer.derive();
    scope.setLocals({ '@first': i === 0, '@last': i === members.length - 1, '@index': BigInt(i) });
    const [name] = call.parameters.length === 1 ? call.parameters : [];
    if (name !== undefined) scope.pushParameters([[name, member]]);
    if (call.program !== undefined) state.within(scope, call.program);
  });
}
