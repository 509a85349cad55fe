import type { TemplateDialect } from '../dialect.ts';
import { isTemplateDialect } from '../dialect.ts';
import { isTemplatingError } from '../errors.ts';
import { parseJson } from '../json/parse-json.ts';
import { mergeLayers } from '../layers/merge.ts';
import { createRenderer } from '../renderer.ts';
import { parseToml } from '../toml/parse-toml.ts';
import { type ConfigTable, type ConfigValue, EMPTY_TABLE, isConfigArray, isConfigTable } from '../values.ts';

/** What a template must give: a text, or the stage at which it must fail. */
export type TemplateExpectation =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'sha256'; readonly digest: string }
  | { readonly type: 'error'; readonly stage: 'compile' | 'render' };

/** A language-neutral case; the format is described in `vectors/templating/README.md`. */
export interface TemplateCase {
  readonly name: string;
  readonly template: string;
  readonly templateName: string;
  readonly partials: readonly (readonly [string, string])[];
  readonly context: ConfigTable;
  /** What each dialect that the case speaks of must give. */
  readonly expectations: readonly (readonly [TemplateDialect, TemplateExpectation])[];
}

/** Where a case and its outcome differ. */
export interface CaseFailure {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

/** Large enough for the published case files. */
const MAX_CASE_FILE_BYTES = 64 * 1_048_576;

/**
 * Reads a file of cases. Numbers keep their type: `1` and `1.0` are different contexts.
 *
 * @throws `TypeError` for a file of another shape, naming the case.
 */
export function parseTemplateCases(text: string, source = 'the case file'): readonly TemplateCase[] {
  const document = parseJson(text, { source, maxBytes: MAX_CASE_FILE_BYTES });
  const cases = isConfigTable(document) ? document.get('cases') : undefined;
  if (!isConfigTable(document) || !isConfigArray(cases)) throw new TypeError(`${source} has no list "cases"`);
  const contexts = document.get('contexts');
  return cases.map((entry, index) => {
    if (!isConfigTable(entry)) throw new TypeError(`${source}: case ${index + 1} is no object`);
    return toCase(entry, isConfigTable(contexts) ? contexts : EMPTY_TABLE, `${source}: case ${index + 1}`);
  });
}

function toCase(entry: ConfigTable, contexts: ConfigTable, where: string): TemplateCase {
  const dialect = textOf(entry, 'dialect', where, '2.1');
  if (!isTemplateDialect(dialect)) throw new TypeError(`${where} names the unknown dialect "${dialect}"`);
  const legacy = entry.get('legacy');
  const legacyToo = isConfigTable(legacy) ? [['legacy', expectation(legacy, where)] as const] : [];
  const partials = entry.get('partials');
  return {
    name: textOf(entry, 'name', where),
    template: textOf(entry, 'template', where),
    templateName: textOf(entry, 'templateName', where, 't'),
    partials: isConfigTable(partials) ? [...partials].map(([name, text]) => [name, String(text)]) : [],
    context: contextOf(entry, contexts),
    expectations: [[dialect, expectation(entry, where)], ...legacyToo],
  };
}

function contextOf(entry: ConfigTable, contexts: ConfigTable): ConfigTable {
  const reference = entry.get('contextRef');
  const given = typeof reference === 'string' ? contexts.get(reference) : entry.get('context');
  const context = isConfigTable(given) ? given : EMPTY_TABLE;
  const layers = entry.get('layers');
  if (!isConfigArray(layers)) return context;
  const tables = layers.map((text, index) => ({ name: `layer ${index + 1}`, table: parseToml(String(text)) }));
  return new Map<string, ConfigValue>([...context, ['cfg', mergeLayers(tables).config]]);
}

function expectation(entry: ConfigTable, where: string): TemplateExpectation {
  const [text, digest, stage] = ['expected', 'expectedSha256', 'error'].map((key) => entry.get(key));
  if (typeof text === 'string') return { type: 'text', text };
  if (typeof digest === 'string') return { type: 'sha256', digest };
  if (stage === 'compile' || stage === 'render') return { type: 'error', stage };
  throw new TypeError(`${where} expects nothing`);
}

function textOf(entry: ConfigTable, key: string, where: string, absent?: string): string {
  const value = entry.get(key) ?? absent;
  if (typeof value === 'string') return value;
  throw new TypeError(`${where} has no text "${key}"`);
}

/**
 * Runs one case in every dialect that it speaks of.
 *
 * @param sha256 - Lower-case hex digest of a text's UTF-8 bytes, for cases that give only the digest of a long text.
 * @returns What differs; empty when the case holds.
 */
export function checkTemplateCase(given: TemplateCase, sha256: (text: string) => string): readonly CaseFailure[] {
  return given.expectations.flatMap(([dialect, wanted]) => {
    const got = outcomeOf(given, dialect);
    const expected =
      wanted.type === 'error'
        ? `${wanted.stage} error`
        : wanted.type === 'text'
          ? JSON.stringify(wanted.text)
          : wanted.digest;
    const shown =
      got.type === 'error'
        ? `${got.stage} error`
        : wanted.type === 'sha256'
          ? sha256(got.text)
          : JSON.stringify(got.text);
    if (expected === shown) return [];
    const detail = got.type === 'error' ? `${shown}: ${got.message}` : shown;
    return [{ name: `${given.name} (${dialect})`, expected, got: detail }];
  });
}

type Outcome =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'error'; readonly stage: string; readonly message: string };

function outcomeOf(given: TemplateCase, dialect: TemplateDialect): Outcome {
  const renderer = createRenderer({ dialect });
  try {
    for (const [name, text] of given.partials) renderer.register(name, text);
    renderer.register(given.templateName, given.template);
    return { type: 'text', text: renderer.render(given.templateName, given.context) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    if (isTemplatingError(error, 'TEMPLATE_COMPILE_FAILED')) return { type: 'error', stage: 'compile', message };
    const stage = isTemplatingError(error, 'TEMPLATE_RENDER_FAILED') ? 'render' : 'unexpected';
    return { type: 'error', stage, message };
  }
}
