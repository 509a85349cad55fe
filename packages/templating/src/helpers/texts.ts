import { isIdentError, type PackageIdent, parseIdent, satisfies } from '@hab/ident';

import type { DialectRules } from '../dialect.ts';
import { isTemplatingError } from '../errors.ts';
import { formatJson } from '../json/format-json.ts';
import { missingArgument, RenderFault, wrongArgument } from '../render/fault.ts';
import { evaluateArguments, type Helper, type HelperCall } from '../render/helper.ts';
import type { RenderState } from '../render/state.ts';
import { helperView, nameOfType, printedText } from '../render/text.ts';
import { formatToml, formatTomlValue } from '../toml/format-toml.ts';
import { type ConfigValue, isConfigArray, isConfigDate, isConfigTable } from '../values.ts';
import { formatYaml } from '../yaml/format-yaml.ts';

type Argument = ConfigValue | undefined;

/** Makes a text of values; the same for a tag, a block (whose body is ignored) and an argument. */
type TextFunction = (values: readonly Argument[], state: RenderState, name: string) => string;

/** The text functions of Habitat, by helper name, for the dialects `documented` and `2.1` and for `legacy` alike. */
export const TEXT_FUNCTIONS: Readonly<Record<string, TextFunction>> = {
  toUppercase: (values, state, name) => textArgument(values, 0, name, state.scope.rules).toUpperCase(),
  toLowercase: (values, state, name) => textArgument(values, 0, name, state.scope.rules).toLowerCase(),
  strReplace(values, state, name) {
    const { rules } = state.scope;
    const [subject = '', old = '', replacement = ''] = [0, 1, 2].map((index) =>
      textArgument(values, index, name, rules),
    );
    const places = old === '' ? subject.length + 1 : subject.split(old).length - 1;
    state.assertRoom(subject.length + places * (replacement.length - old.length));
    return replaceText(subject, old, replacement);
  },
  strJoin(values, state, name) {
    const { rules } = state.scope;
    const [list] = values;
    if (!isConfigArray(list)) throw wrongArgument(name, 0, 'a list', nameOfType(list));
    return joined(joinableTexts(list, rules), textArgument(values, 1, name, rules), state);
  },
  strConcat(values, state) {
    const { rules } = state.scope;
    const apart = (value: Argument): readonly Argument[] => (isConfigArray(value) ? value : [value]);
    const items = rules.plainJoins ? values.flatMap(apart) : values;
    return joined(joinableTexts(items, rules), '', state);
  },
  toJson: (values, state, name) =>
    formatJson(anyArgument(values, state, name), { exponent: state.scope.rules.exponent }),
  toToml: (values, state, name) => tomlText(anyArgument(values, state, name), name),
  toYaml: (values, state, name) => formatYaml(anyArgument(values, state, name)),
  pkgPathFor: packagePath,
};

/** The same functions as helpers. */
export function textHelper(name: string, write: TextFunction): Helper {
  const evaluate = (state: RenderState, call: HelperCall): string => {
    const text = write(evaluateArguments(state, call, 'value'), state, call.name);
    state.spendOn(text);
    return text;
  };
  if (name !== 'toYaml') return { evaluate, run: (state, call) => state.write(evaluate(state, call)) };
  return {
    evaluate,
    run(state, call) {
      const text = evaluate(state, call);
      const opensDocument = state.scope.rules.yamlDocumentStart && state.captures === 0 && state.out.trim() === '';
      state.write(opensDocument ? `---\n${text}` : text);
    },
  };
}

function textArgument(values: readonly Argument[], index: number, name: string, rules: DialectRules): string {
  const value = values[index];
  if (typeof value === 'string') return value;
  if (isConfigDate(value) && rules.datesAsText) return value.text;
  throw wrongArgument(name, index, 'a text', nameOfType(value));
}

function anyArgument(values: readonly Argument[], state: RenderState, name: string): ConfigValue {
  if (values.length === 0) throw missingArgument(name, 0);
  return helperView(values[0] ?? null, state.scope.rules);
}

function tomlText(value: ConfigValue, helper: string): string {
  try {
    return isConfigTable(value) ? formatToml(value) : formatTomlValue(value);
  } catch (error) {
    if (!isTemplatingError(error, 'TEMPLATE_FORMAT_UNSUPPORTED')) throw error;
    throw new RenderFault(`${helper}: ${error.message}`, { helper, hint: error.hint });
  }
}

/** Every occurrence, as plain text; an empty pattern stands before, between and after all characters. */
function replaceText(subject: string, old: string, replacement: string): string {
  if (old !== '') return subject.replaceAll(old, () => replacement);
  return replacement + Array.from(subject, (character) => character + replacement).join('');
}

function joined(texts: readonly string[], separator: string, state: RenderState): string {
  const characters = texts.reduce((sum, text) => sum + text.length, separator.length * Math.max(0, texts.length - 1));
  state.assertRoom(characters);
  return texts.join(separator);
}

/** Texts of items; tables are left out. The originals take JSON text and delete its quotes, escapes stay. */
function joinableTexts(items: readonly Argument[], rules: DialectRules): string[] {
  return items.flatMap((item) => {
    const value = helperView(item ?? null, rules);
    if (isConfigTable(value)) return [];
    if (rules.plainJoins) return [printedText(value, rules)];
    return [formatJson(value, { indent: 0, exponent: rules.exponent }).replaceAll('"', '')];
  });
}

function packagePath(values: readonly Argument[], state: RenderState, name: string): string {
  const wanted = identArgument(values[0], name);
  state.reads?.record(['pkg', 'deps'], 'value');
  for (const dependency of dependencies(state, name)) {
    if (!satisfies(dependency, wanted)) continue;
    const { origin, name: packageName, version = '', release = '' } = dependency;
    return state.scope.packagePath(origin, packageName, version, release);
  }
  return '';
}

function identArgument(value: Argument, name: string): PackageIdent {
  const expected = 'a package identifier such as "core/glibc"';
  if (typeof value !== 'string') throw wrongArgument(name, 0, expected, nameOfType(value));
  try {
    return parseIdent(value);
  } catch (error) {
    if (!isIdentError(error, 'IDENT_INVALID')) throw error;
    throw wrongArgument(name, 0, expected, JSON.stringify(value.slice(0, 100)));
  }
}

function dependencies(state: RenderState, helper: string): PackageIdent[] {
  const pkg = state.root.get('pkg');
  const deps = isConfigTable(pkg) ? pkg.get('deps') : undefined;
  if (!isConfigArray(deps)) {
    throw new RenderFault(`${helper}: the context has no list pkg.deps to search`, {
      helper,
      hint: 'Give it one, for example with --mock-data.',
    });
  }
  state.spend(deps.length);
  return deps.map((dep) => {
    const part = (key: string): string => {
      const text = isConfigTable(dep) ? dep.get(key) : undefined;
      if (typeof text === 'string') return text;
      throw new RenderFault(`${helper}: an entry of pkg.deps has no text "${key}"`, { helper });
    };
    return { origin: part('origin'), name: part('name'), version: part('version'), release: part('release') };
  });
}
