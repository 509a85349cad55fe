import { seededRandom, thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { createRenderer, isTemplatingError, renderTemplate, TEMPLATE_DIALECTS, toConfigTable } from '../src/index.ts';
import { lintTemplate } from '../src/offline/index.ts';
import { parseTemplateCases } from '../src/testing/index.ts';
import { readVectorText } from './vectors.ts';

const context = toConfigTable({
  cfg: { a: 1, l: [1, { b: 'x' }], s: 'text', t: true },
  svc: { members: [{ alive: true }] },
});

/** Whatever a template is, it gives a text or one of our coded errors. */
function survives(text: string): void {
  for (const dialect of TEMPLATE_DIALECTS) {
    try {
      expect(
        typeof renderTemplate(text, context, { dialect, limits: { steps: 10_000, outputCharacters: 1_000_000 } }),
      ).toBe('string');
    } catch (error) {
      const coded =
        isTemplatingError(error, 'TEMPLATE_COMPILE_FAILED') ||
        isTemplatingError(error, 'TEMPLATE_RENDER_FAILED') ||
        isTemplatingError(error, 'TEMPLATE_LIMIT_EXCEEDED');
      if (!coded) throw new Error(`${dialect}: ${JSON.stringify(text)}`, { cause: error });
    }
    expect(Array.isArray(lintTemplate(text, { dialect }))).toBe(true);
  }
}

test.for([
  '{{',
  '{{{',
  '{{{{',
  '}}',
  '{{}}',
  '{{{}}}',
  '{{~}}',
  '{{#}}',
  '{{/}}',
  '{{>}}',
  '{{!',
  '{{!--',
  '{{! --',
  '{{#if',
  '{{#if}}',
  '{{else}}',
  '{{^}}',
  '{{&}}',
  '{{*}}',
  '{{#*}}',
  '{{#>}}',
  '{{()}}',
  '{{(}}',
  '{{)}}',
  '{{(a',
  '{{[}}',
  '{{[a}}',
  '{{"}}',
  "{{'}}",
  '{{a "}}',
  '{{a [1}}',
  '{{a {"x"}}',
  '{{a as}}',
  '{{#each l as}}',
  '{{#each l as |}}',
  '{{#each l as ||}}{{/each}}',
  '{{#each l as |a b c|}}{{/each}}',
  '{{#each l as |a,b|}}{{/each}}',
  '{{{{raw}}}}',
  '{{{{raw}}}}{{{{/x}}}}',
  '{{{{raw}}}}{{{{',
  '{{#*inline}}{{/inline}}',
  '{{#*inline 5}}{{/inline}}',
  '{{#*inline "a"}}{{else}}{{/inline}}',
  '{{> @partial-block}}',
  '{{#> x}}{{> @partial-block}}{{/x}}',
  '\\{{',
  '\\\\{{',
  '\\',
  '{{a.}}',
  '{{a..b}}',
  '{{../..}}',
  '{{a/../b}}',
  '{{@}}',
  '{{@../}}',
  '{{a=1}}',
  '{{x a=}}',
  '{{x a=b=c}}',
  '{{x \u0000}}',
  '\ud800{{x}}',
  '{{\ud800}}',
  '{{#if t}}{{/if',
  '{{#if t}}{{else}}{{else}}{{/if}}',
  '{{{{/raw}}}}',
  '{{#if t}}{{/each}}',
  '{{log level="loud"}}',
  '{{log level=5}}',
  '{{pkgPathFor "a/b"}}',
  '{{lookup}}',
  '{{#with}}{{/with}}',
  '{{{{{{{{',
  '{{-1}}',
  '{{1e5}}',
  '{{strConcat 1E400}}',
  '{{strConcat "\\ud800"}}',
  "{{strConcat '\\x'}}",
  '{{x [,]}}',
  '{{x {"a":}}}',
])('survives %j', (text) => {
  survives(text);
});

test('survives every beginning and every end of a template', () => {
  const text =
    'a\n{{~#each cfg.l as |x i| ~}}\n {{x.b}} {{{../cfg.s}}} {{else}} {{! c }} {{!-- d --}} {{/each}}{{> p k="v"}}{{#*inline "p"}}{{k}}{{/inline}}{{lookup (toJson [1,{"a":2}]) 0}}\\{{x}}{{{{raw}}}} {{y}} {{{{/raw}}}}';
  for (let cut = 0; cut <= text.length; cut++) {
    survives(text.slice(0, cut));
    survives(text.slice(cut));
  }
});

test('survives templates with random damage', () => {
  const random = seededRandom(7);
  const next = (below: number): number => {
    const [a = 0, b = 0] = random.bytes(2);
    return (a * 256 + b) % below;
  };
  const templates = parseTemplateCases(readVectorText('cases.json')).map(({ template }) => template);
  const pieces = [
    '{{',
    '}}',
    '{',
    '}',
    '~',
    '#',
    '/',
    '"',
    "'",
    '(',
    ')',
    '[',
    ']',
    '|',
    '\\',
    '\n',
    ' ',
    '.',
    '..',
    '@',
    'as',
    'else',
    '=',
    '!',
    '--',
    '>',
    '*',
    '&',
    '^',
    'é',
    '0',
  ];
  for (let round = 0; round < 1_500; round++) {
    const template = templates[next(templates.length)] ?? '';
    const at = next(template.length + 1);
    survives(template.slice(0, at) + (pieces[next(pieces.length)] ?? '') + template.slice(at + next(3)));
  }
});

test('long runs take no more than their length', () => {
  // Of the processor, so that a busy machine does not count; a quadratic one needs minutes.
  const start = process.cpuUsage();
  for (const unit of [
    ' ',
    '\n',
    '{',
    '}',
    '\\',
    '{{!',
    '{{x',
    '~',
    '{{~x~}} ',
    '"',
    '(',
    '[',
    '{{a b=',
    '../',
    '{{"\\',
  ]) {
    const text = unit.repeat(Math.floor(300_000 / unit.length));
    thrownOrText(() => renderTemplate(text, context, { limits: { steps: 1_000_000 } }));
    thrownOrText(() => renderTemplate(`{{x ${text}`, context));
    thrownOrText(() => renderTemplate(`${text}x`, context, { dialect: 'legacy', limits: { steps: 1_000_000 } }));
  }
  expect(process.cpuUsage(start).user / 1_000).toBeLessThan(15_000);
});

function thrownOrText(action: () => string): void {
  try {
    action();
  } catch (error) {
    expect(String((error as { code?: unknown }).code)).toMatch(/^TEMPLATE_/);
  }
}

test('an error names template, line and column and shows the line', () => {
  const text = 'first\n  {{#if cfg.a}}\n\tx {{cfg.l.length}}\n{{/if}}\n';
  const error = thrownBy(() => renderTemplate(text, context, { name: 'app.conf' }));
  expect(error).toMatchObject({
    code: 'TEMPLATE_RENDER_FAILED',
    details: { template: 'app.conf', line: 3, column: 4, excerpt: ' x {{cfg.l.length}}\n   ^' },
  });
  expect(String(error)).toContain('app.conf, line 3, column 4:');
  expect((error as { hint?: string }).hint).toContain('{{len list}}');
});

test('an error of a helper names the helper, the argument, what it wants and what it found', () => {
  const error = thrownBy(() => renderTemplate('{{strReplace "a" cfg.a "b"}}', context));
  expect(error).toMatchObject({ code: 'TEMPLATE_RENDER_FAILED', details: { helper: 'strReplace' } });
  expect(String(error)).toContain('strReplace: the second argument must be a text, found the integer 1');
});

test('an error in a partial is one of the partial', () => {
  const renderer = createRenderer();
  renderer.register('parts/a.conf', 'x\n{{toUppercase 5}}');
  renderer.register('main.conf', '\n\n{{> parts/a.conf}}');
  expect(thrownBy(() => renderer.render('main.conf', context))).toMatchObject({
    details: { template: 'parts/a.conf', line: 2, column: 1 },
  });
  renderer.register('main.conf', '{{> parts/b.conf}}{{toUppercase 5}}');
  renderer.register('parts/b.conf', '\n\n\n');
  expect(thrownBy(() => renderer.render('main.conf', context))).toMatchObject({
    details: { template: 'main.conf', line: 1, column: 19 },
  });
});

test('a template that nobody registered is an error that lists those that are', () => {
  const renderer = createRenderer();
  renderer.register('a.conf', '');
  const error = thrownBy(() => renderer.render('b.conf', context));
  expect(error).toMatchObject({ code: 'TEMPLATE_UNKNOWN', details: { template: 'b.conf' } });
  expect(String(error)).toContain('a.conf');
});

test.for([
  ["docker ps --format '{{.Names}}'", 'another engine', '\\{{.Names}}'],
  ['{{#if cfg.a == 1}}x{{/if}}', 'no operators', '(eq a b)'],
  ['{{#if !cfg.a}}x{{/if}}', 'no operators', 'not'],
  ['{{#each cfg.l}}{{.}}{{/each}}', 'do not stand alone', 'this'],
  ['{{cfg.a', 'no "}}"', 'Close it'],
  ['{{> "foo.conf"}}', 'name of a partial', 'no quotes'],
  ['{{#if cfg.a}}x', 'never closed', '{{/if}}'],
  ['{{#if cfg.a}}x{{/each}}', '"each" closes the block "if"', '{{/if}}'],
  ['x{{/if}}', 'never opened', ''],
  ['x{{else}}y', 'belongs to no block', ''],
])('says of %s what is wrong and what to write', ([text, message, hint]) => {
  const error = thrownBy(() => renderTemplate(text ?? '', context));
  expect(isTemplatingError(error, 'TEMPLATE_COMPILE_FAILED')).toBe(true);
  expect(String(error)).toContain(message);
  expect((error as { hint?: string }).hint ?? '').toContain(hint);
});
