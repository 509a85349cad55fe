import { readFileSync } from 'node:fs';

import { parseIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import { isTemplateDialect, parseToml } from '../src/index.ts';
import { lintDefaults, lintHook, lintTemplate } from '../src/offline/index.ts';

const document = readFileSync(new URL('../../../docs/templates.md', import.meta.url), 'utf8');

interface Snippet {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
}

const snippets: readonly Snippet[] = [...document.matchAll(/^```(\w+)[ ]?(.*)\n([\s\S]*?)^```/gm)].map((match) => ({
  language: match[1] ?? '',
  words: (match[2] ?? '').split(' ').filter((word) => word !== ''),
  text: match[3] ?? '',
}));
const examples = snippets.filter(({ words }) => words.length > 0);
const defaults = parseToml(
  snippets.find(({ language, words }) => language === 'toml' && words.length === 0)?.text ?? '',
);

test.for(examples)('the example of $words is found by that rule', ({ language, words, text }) => {
  const [rule, dialect = 'documented'] = words;
  const options = { defaults, exports: ['port'], deps: [parseIdent('core/jre8')], partials: [] };
  if (!isTemplateDialect(dialect)) throw new Error(`no dialect ${dialect}`);
  const lint = {
    toml: () => lintDefaults(text),
    sh: () => lintHook('init', text),
    handlebars: () => lintTemplate(text, { ...options, dialect }),
  };
  const findings = lint[language as keyof typeof lint]();
  expect(findings.map((finding) => finding.rule)).toContain(rule);
  // Apart from the block that a lost brace leaves open, each example shows one thing.
  expect(new Set(findings.map((finding) => finding.rule)).size).toBe(rule === 'single-brace' ? 2 : 1);
});

test('every rule has an example', () => {
  const headings = [...document.matchAll(/^### (.+)$/gm)].map((match) => match[1]);
  expect(headings).toEqual(examples.map(({ words }) => words[0]));
  const source = readFileSync(new URL('../src/offline/finding.ts', import.meta.url), 'utf8');
  const union = source.slice(source.indexOf('LintRule ='), source.indexOf(';', source.indexOf('LintRule =')));
  expect(headings.toSorted()).toEqual([...union.matchAll(/'([a-z-]+)'/g)].map((match) => match[1]).toSorted());
});

test('the first template of the page is without blemish', () => {
  const [first] = snippets;
  expect(lintTemplate(first?.text ?? '', { defaults: parseToml('host = "h"\nport = 1') })).toEqual([]);
});
