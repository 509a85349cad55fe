import { createHash } from 'node:crypto';

import { beforeAll, describe, expect, test } from 'vitest';

import { buildPlayground } from '../playground/build.ts';
import { evaluate } from '../playground/evaluate.ts';

const texts = (template: string, config: string): unknown[] =>
  evaluate(template, config).results.map((result) => ('text' in result ? result.text : result.problem));

describe('what the page shows', () => {
  test('is the text of each dialect, and which differ from the documented one', () => {
    const { results } = evaluate('a\n{{#if cfg.on ~}}\nb\n{{/if ~}}\nc\n', 'on = true');
    expect(results.map(({ dialect }) => dialect)).toEqual(['documented', '2.1', 'legacy']);
    expect(results.every((result) => 'text' in result && result.text === 'a\nb\nc\n')).toBe(true);
    expect(evaluate('{{toJson cfg.when}}', 'when = 2018-07-10').results.map(({ differs }) => differs)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('has three members of the own group and of every bind the template names', () => {
    const template =
      '{{#eachAlive bind.db.members as |m|}}{{m.sys.ip}}:{{m.cfg.port}} {{/eachAlive}}{{svc.members.[2].cfg.port}}';
    expect(texts(template, 'port = 1')[0]).toBe('198.51.100.1:8080 198.51.100.2:8080 198.51.100.3:8080 1');
  });

  test('explains what does not compile where it stands', () => {
    expect(texts('a\n{{#if x}}', '')).toEqual(Array(3).fill(expect.stringMatching(/\n\{\{#if x\}\}\n *\^/)));
  });

  test('explains a configuration that cannot be read', () => {
    const { results, configFindings, templateFindings } = evaluate('{{cfg.a}}', 'a = no');
    expect(results.every((result) => 'problem' in result && !result.differs)).toBe(true);
    expect(configFindings.map(({ rule, line }) => [rule, line])).toEqual([['toml-syntax', 1]]);
    expect(templateFindings).toEqual([]);
  });

  test('names a path that the configuration does not have', () => {
    expect(evaluate('{{cfg.prot}}', 'port = 1').templateFindings.map(({ rule }) => rule)).toEqual(['unknown-path']);
  });

  test.each([
    ['a template that never ends', '{{#*inline "x"}}{{> x}}{{> x}}{{/inline}}{{> x}}', /more than 100 partials/],
    [
      'one that multiplies',
      `${'{{#each @root.cfg.n}}'.repeat(30)}x${'{{/each}}'.repeat(30)}`,
      /more than 200000 characters/,
    ],
    ['one beyond the size', 'x'.repeat(200_001), /larger than 200000/],
  ])('stops %s', (_what, template, words) => {
    const config = `n = [${'1,'.repeat(100)}]`;
    expect(texts(template, config)[0]).toMatch(words);
  });
});

describe('the built page', () => {
  let page: string;

  beforeAll(async () => {
    page = await buildPlayground();
  });

  const inside = (tag: string): string[] =>
    [...page.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1] ?? '');
  const hash = (text: string | undefined): string =>
    `'sha256-${createHash('sha256')
      .update(text ?? '')
      .digest('base64')}'`;

  test('allows its own script and style and nothing else', () => {
    expect(inside('script')).toHaveLength(1);
    expect(inside('style')).toHaveLength(1);
    const [script] = inside('script');
    const [style] = inside('style');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`,
    );
    expect(script).not.toMatch(/\beval\(|\bnew Function\b|\binnerHTML\b/);
  });

  test('is whole: no placeholder is left, nothing is loaded', () => {
    expect(page).not.toMatch(/@(?:SCRIPT|STYLE)/);
    expect(page).not.toMatch(/\b(?:src|href)="/);
  });
});
