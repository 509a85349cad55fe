import { expect, test } from 'vitest';

import { isTemplatingError, type TemplateDialect } from '../src/index.ts';
import { readCases, renderCase, type TemplateCase } from './vectors.ts';

const files = ['cases.json', 'documented.json', 'generated.json'];

test.for(files.flatMap((file) => readCases(file)))('$name', (given) => {
  verify(given, given.dialect ?? '2.1', given);
});

test.for(readCases('cases.json').filter((given) => given.legacy !== undefined))('legacy: $name', (given) => {
  verify(given, 'legacy', given.legacy ?? {});
});

/**
 * Cases that name no other legacy result give the same there, but for what spec/templating 1, 4 and 6 tell of: floats
 * without a plus, lists with a comma at the end, bare names that are variables, comparisons that do not exist, and
 * more characters in names.
 */
const LATER_RELEASES_ONLY = new Set([
  'helpers/floats-in-json-toml-yaml',
  'helpers/toJson-no-arg',
  'helpers/toToml-no-arg',
  'helpers/toYaml-no-arg',
  'values/float-large-exponent',
  'values/array-bool-null-float',
  'compare/gte-int-vs-float-true',
  'lexical/go-template-in-text',
  'toml-values/float-forms',
  'layers/arrays-replaced',
]);
const common = readCases('cases.json').filter(
  ({ legacy, name }) => legacy === undefined && !LATER_RELEASES_ONLY.has(name),
);

test.for(common)('also legacy: $name', (given) => {
  verify(given, 'legacy', given);
});

function verify(given: TemplateCase, dialect: TemplateDialect, wanted: Pick<TemplateCase, 'expected' | 'error'>): void {
  const outcome = renderCase(given, dialect);
  if (wanted.error === undefined) expect(outcome).toEqual({ text: wanted.expected });
  else {
    const code = wanted.error === 'compile' ? 'TEMPLATE_COMPILE_FAILED' : 'TEMPLATE_RENDER_FAILED';
    expect('error' in outcome && isTemplatingError(outcome.error, code), JSON.stringify(outcome)).toBe(true);
  }
}
