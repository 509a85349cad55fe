import { readFileSync } from 'node:fs';

import {
  type ConfigTable,
  type ConfigValue,
  createRenderer,
  EMPTY_TABLE,
  isConfigArray,
  isConfigTable,
  mergeLayers,
  parseJson,
  parseToml,
  type TemplateDialect,
  toPlainValue,
} from '../src/index.ts';

/** A case of `vectors/templating/*.json`; the format is described in the README there. */
export interface TemplateCase {
  readonly name: string;
  readonly template: string;
  readonly templateName?: string;
  readonly context: ConfigTable;
  readonly layers?: readonly string[];
  readonly partials?: Readonly<Record<string, string>>;
  readonly dialect?: TemplateDialect;
  readonly expected?: string;
  readonly error?: 'compile' | 'render';
  readonly legacy?: { readonly expected?: string; readonly error?: 'compile' | 'render' };
}

const folder = new URL('../../../vectors/templating/', import.meta.url);

export function readVectorText(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

const tables: Readonly<Record<string, { readonly cases: readonly object[] }>> = JSON.parse(
  readVectorText('cases.json'),
).tables;

/** The rows of one of the tables of `cases.json`. */
export function tableCases(name: string): readonly object[] {
  return tables[name]?.cases ?? [];
}

/** Every case of one file, contexts resolved. Read with the package's own JSON reader, which keeps 1 and 1.0 apart. */
export function readCases(file: string): readonly TemplateCase[] {
  const document = table(parseJson(readVectorText(file)));
  const contexts = table(document.get('contexts') ?? EMPTY_TABLE);
  const cases = document.get('cases');
  if (!isConfigArray(cases)) throw new Error(`${file} has no cases`);
  return cases.map((value) => toCase(table(value), contexts));
}

function toCase(entry: ConfigTable, contexts: ConfigTable): TemplateCase {
  const { context, contextRef, ...rest } = toPlainValue(entry) as TemplateCase & { contextRef?: string };
  const exact = typeof contextRef === 'string' ? contexts.get(contextRef) : entry.get('context');
  return { ...rest, context: table(exact ?? EMPTY_TABLE) };
}

function table(value: ConfigValue): ConfigTable {
  if (!isConfigTable(value)) throw new Error('expected an object');
  return value;
}

/** What one case gives in a dialect. */
export function renderCase(given: TemplateCase, dialect: TemplateDialect): { text: string } | { error: unknown } {
  const name = given.templateName ?? 't';
  try {
    const renderer = createRenderer({ dialect });
    for (const [partial, text] of Object.entries(given.partials ?? {})) renderer.register(partial, text);
    renderer.register(name, given.template);
    return { text: renderer.render(name, contextOf(given)) };
  } catch (error) {
    return { error };
  }
}

function contextOf(given: TemplateCase): ConfigTable {
  if (given.layers === undefined) return given.context;
  const layers = given.layers.map((text, index) => ({ name: String(index), table: parseToml(text) }));
  return new Map([...given.context, ['cfg', mergeLayers(layers).config]]);
}
