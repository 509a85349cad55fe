import type { DialectRules } from '../dialect.ts';
import type { PathToken } from '../template/segments.ts';
import type { ConfigValue } from '../values.ts';
import { RenderFault } from './fault.ts';
import type { Frame, RenderState } from './state.ts';
import { dateTable } from './text.ts';

/** What a reader of a value looks at: see {@link TemplateRead}. */
export type Use = 'value' | 'shape';

/** An argument or the content of a value tag. */
export interface CompiledExpression {
  evaluate(state: RenderState, use: Use): ConfigValue | undefined;
  /** Where the value stands in the context; undefined when it was computed. Asked only while reads are recorded. */
  locate(state: RenderState): readonly string[] | undefined;
}

export function compileLiteral(value: ConfigValue): CompiledExpression {
  return { evaluate: () => value, locate: () => undefined };
}

interface Key {
  readonly name: string;
  /** The same as an index of a list; -1 for anything else, past every end when it is too large. */
  readonly index: number;
}

const toKey = (name: string): Key => {
  const numeric = /^\+?\d{1,20}$/.test(name) && BigInt(name.replace('+', '')) < 2n ** 64n;
  return { name, index: numeric ? Math.min(Number(name), Number.MAX_SAFE_INTEGER) : -1 };
};

/** Compiles a path of the dialects `documented` and `2.1`. See spec/templating 5. */
export function compilePath(path: PathToken, rules: DialectRules): CompiledExpression {
  const [name] = path.keys;
  if (path.local && name !== undefined) return loopVariable(name, path.up);
  const keys = path.keys.map(toKey);
  if (path.root) return rootPath(path, keys, rules);
  return framePath(path, keys, rules);
}

function loopVariable(name: string, up: number): CompiledExpression {
  const evaluate = (state: RenderState): ConfigValue | undefined => {
    let frame: Frame | undefined = state.frame;
    for (let level = up; level > 0 && frame !== undefined; level--) frame = frame.parent;
    switch (name) {
      case 'index':
        return frame?.index === undefined ? undefined : BigInt(frame.index);
      case 'key':
        return frame?.key;
      case 'first':
        return frame?.first;
      case 'last':
        return frame?.last;
      default:
        return undefined;
    }
  };
  return { evaluate, locate: () => undefined };
}

function rootPath(path: PathToken, keys: readonly Key[], rules: DialectRules): CompiledExpression {
  const locate = (): readonly string[] => path.keys;
  return {
    evaluate(state, use) {
      if (state.reads !== undefined) state.reads.record(path.keys, use);
      return walk(state.root, keys, 0, path, rules);
    },
    locate,
  };
}

function framePath(path: PathToken, keys: readonly Key[], rules: DialectRules): CompiledExpression {
  const first = path.keys[0];
  const locate = (state: RenderState): readonly string[] | undefined => {
    const scope = first !== undefined && state.frame.scoped ? parameterScope(state.frame, first) : undefined;
    const base = scope === undefined ? ancestor(state.frame, path.up).path : scope.path;
    if (base === undefined) return undefined;
    return [...base, ...(scope === undefined ? path.keys : path.keys.slice(1))];
  };
  const evaluate = (state: RenderState, use: Use): ConfigValue | undefined => {
    if (state.reads !== undefined) {
      const place = locate(state);
      if (place !== undefined) state.reads.record(place, use);
    }
    if (first !== undefined && state.frame.scoped) {
      const scope = parameterScope(state.frame, first);
      if (scope !== undefined) return walk(scope.value, keys, 1, path, rules);
    }
    return walk(ancestor(state.frame, path.up).value, keys, 0, path, rules);
  };
  return { evaluate, locate };
}

/** The block parameter of that name, innermost block first: it wins over every key of the context. */
function parameterScope(
  from: Frame,
  name: string,
): { readonly value: ConfigValue | undefined; readonly path: readonly string[] | undefined } | undefined {
  for (let frame: Frame | undefined = from; frame !== undefined; frame = frame.parent) {
    const { parameters } = frame;
    if (parameters === undefined) continue;
    const position = parameters.names.indexOf(name);
    if (position !== -1) {
      return { value: parameters.values[position], path: position === 0 ? parameters.path : undefined };
    }
  }
  return undefined;
}

/** Steps outwards; at the root it stays, and further than the root means the innermost level, as in Habitat 2.1. */
function ancestor(frame: Frame, up: number): Frame {
  let current = frame;
  for (let level = up; level > 0; level--) {
    if (current.parent === undefined) return frame;
    current = current.parent;
  }
  return current;
}

function walk(
  start: ConfigValue | undefined,
  keys: readonly Key[],
  from: number,
  path: PathToken,
  rules: DialectRules,
): ConfigValue | undefined {
  let value = start;
  for (let i = from; i < keys.length; i++) {
    const key = keys[i] as Key;
    if (value instanceof Map) value = value.get(key.name);
    else if (Array.isArray(value)) {
      if (key.index === -1) throw notAnIndex(path, key.name);
      value = value[key.index];
    } else if (typeof value === 'object' && value !== null && !rules.datesAsText) {
      value = 'kind' in value ? dateTable(value).get(key.name) : undefined;
    } else return undefined;
  }
  return value;
}

function notAnIndex(path: PathToken, key: string): RenderFault {
  return new RenderFault(`"${path.raw}" asks a list for "${key}", and a list has only numbered items`, {
    hint: 'Use {{len list}}, list.[0] or {{#each list}}.',
  });
}
