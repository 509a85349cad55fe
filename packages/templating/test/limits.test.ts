import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import {
  createRenderer,
  DEFAULT_TEMPLATE_LIMITS,
  isTemplatingError,
  renderTemplate,
  TEMPLATE_DIALECTS,
  type TemplateDialect,
  type TemplateLimits,
  toConfigTable,
} from '../src/index.ts';

const empty = toConfigTable({});

function limitOf(action: () => unknown): string {
  const error = thrownBy(action);
  if (!isTemplatingError(error, 'TEMPLATE_LIMIT_EXCEEDED')) throw error;
  return `${error.details.limit} ${error.details.max}`;
}

const render = (text: string, dialect: TemplateDialect, limits: Partial<TemplateLimits> = {}): string =>
  renderTemplate(text, toConfigTable({ t: true, list: [1, 2, 3] }), { dialect, limits });

test.for(TEMPLATE_DIALECTS)('a template has at most 10 MiB: %s', (dialect) => {
  const most = DEFAULT_TEMPLATE_LIMITS.sourceBytes;
  expect(render('x'.repeat(most), dialect)).toHaveLength(most);
  expect(limitOf(() => render('x'.repeat(most + 1), dialect))).toBe(`sourceBytes ${most}`);
});

test.for(TEMPLATE_DIALECTS)('10 MiB of tags compile and render: %s', (dialect) => {
  const tags = 100_000;
  const text = `${'{{list}} '.repeat(tags)}${'\n'.repeat(1_000_000)}`;
  expect(render(text, dialect).startsWith('[1, 2, 3')).toBe(true);
});

const nested = (depth: number): string => `${'{{#if t}}'.repeat(depth)}x${'{{/if}}'.repeat(depth)}`;

test.for(TEMPLATE_DIALECTS)('blocks nest 200 deep: %s', (dialect) => {
  expect(render(nested(200), dialect)).toBe('x');
  expect(limitOf(() => render(nested(201), dialect))).toBe('nesting 200');
  expect(limitOf(() => render(nested(100_000), dialect))).toBe('nesting 200');
});

test('links of an else chain count as nested blocks', () => {
  const chain = (links: number): string => `{{#if f}}${'{{else if f}}'.repeat(links)}{{else}}x{{/if}}`;
  expect(render(chain(199), 'documented')).toBe('x');
  expect(limitOf(() => render(chain(200), 'documented'))).toBe('nesting 200');
});

test('blocks side by side are not nested', () => {
  expect(render('{{#if t}}x{{/if}}'.repeat(1_000), 'documented')).toBe('x'.repeat(1_000));
});

test.for(TEMPLATE_DIALECTS)('parentheses nest 200 deep: %s', (dialect) => {
  const text = (depth: number): string => `{{strConcat ${'(strConcat "x" '.repeat(depth)}${')'.repeat(depth)}}}`;
  expect(render(text(201), dialect)).toBe('x'.repeat(201));
  expect(limitOf(() => render(text(202), dialect))).toBe('nesting 200');
  expect(limitOf(() => render(text(100_000), dialect))).toBe('nesting 200');
});

test('literals nest 200 deep', () => {
  const text = (depth: number): string => `{{len ${'['.repeat(depth)}${']'.repeat(depth)}}}`;
  expect(render(text(128), 'documented')).toBe('1');
  expect(limitOf(() => render(text(300), 'documented'))).toBe('nesting 200');
});

test('a tag has at most 1,000 arguments', () => {
  const text = (count: number): string => `{{strConcat${' "x"'.repeat(count)}}}`;
  expect(render(text(1_000), 'documented')).toHaveLength(1_000);
  expect(limitOf(() => render(text(1_001), 'documented'))).toBe('tagArguments 1000');
});

test.for(TEMPLATE_DIALECTS)('partials that include each other end: %s', (dialect) => {
  const renderer = createRenderer({ dialect });
  renderer.register('a', '{{> b}}');
  renderer.register('b', '{{> a}}');
  expect(limitOf(() => renderer.render('a', empty))).toBe('partialDepth 100');
  renderer.register('c', '{{#if t}}{{> c}}{{/if}}');
  expect(limitOf(() => renderer.render('c', toConfigTable({ t: true })))).toBe('partialDepth 100');
});

test('a chain of partials as long as the limit is rendered', () => {
  const renderer = createRenderer({ limits: { partialDepth: 3 } });
  for (const [name, next] of ['ab', 'bc', 'cd', 'de'].map((pair) => [pair[0] ?? '', pair[1]] as const)) {
    renderer.register(name, `${name}{{> ${next}}}`);
  }
  renderer.register('e', 'e');
  expect(renderer.render('b', empty)).toBe('bcde');
  expect(limitOf(() => renderer.render('a', empty))).toBe('partialDepth 3');
});

test('deep blocks within deep partials end before the stack does', () => {
  const renderer = createRenderer();
  renderer.register('a', `${'{{#if t}}'.repeat(190)}{{> a}}${'{{/if}}'.repeat(190)}`);
  expect(limitOf(() => renderer.render('a', toConfigTable({ t: true })))).toBe('nesting 500');
});

test.for(TEMPLATE_DIALECTS)('a tree of partials that repeats itself costs steps: %s', (dialect) => {
  const renderer = createRenderer({ dialect, limits: { steps: 10_000 } });
  for (let level = 0; level < 40; level++) renderer.register(`p${level}`, `{{> p${level + 1}}}{{> p${level + 1}}}`);
  renderer.register('p40', 'x');
  expect(limitOf(() => renderer.render('p0', empty))).toBe('steps 10000');
});

test('steps are counted for each tag', () => {
  expect(render('{{#each list}}{{this}}{{/each}}', 'documented', { steps: 4 })).toBe('123');
  expect(limitOf(() => render('{{#each list}}{{this}}{{/each}}', 'documented', { steps: 3 }))).toBe('steps 3');
});

test.for(TEMPLATE_DIALECTS)('the text of a rendering has an end: %s', (dialect) => {
  const limits = { outputCharacters: 12 };
  expect(render('{{#each list}}abc{{this}}{{/each}}', dialect, limits)).toBe('abc1abc2abc3');
  expect(limitOf(() => render('{{#each list}}abc{{this}}{{/each}}.', dialect, limits))).toBe('outputCharacters 12');
});

test.for(TEMPLATE_DIALECTS)('items are counted for each loop, also when nothing is done with them: %s', (dialect) => {
  const text = '{{#each list}}{{#each list}}{{/each}}{{/each}}{{#each list}}{{/each}}';
  expect(render(text, dialect, { work: 6 })).toBe('');
  expect(limitOf(() => render(text, dialect, { work: 5 }))).toBe('work 5');
});

const big = toConfigTable({ list: Array.from({ length: 1_000 }, (_, i) => i), text: 'x'.repeat(16_000) });

test.for([
  '{{#each list}}{{#each @root.list}}{{/each}}{{/each}}',
  '{{#each list}}{{#each ../list}}{{/each}}{{/each}}',
  '{{#each list}}{{#if (toJson ../list)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (eq ../list ../list)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (not ../list)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (lookup ../list 0)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (len ../text)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (strReplace ../text "x" "")}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (strConcat ../text)}}{{/if}}{{/each}}',
  '{{#each list}}{{log ../list}}{{/each}}',
  '{{#*inline "p"}}{{/inline}}{{#each list}}{{#> p}}{{@root.text}}{{/p}}{{/each}}',
  '{{#*inline "p"}}{{/inline}}{{#each list}}{{> p @root.list a=1}}{{/each}}',
])('work that prints nothing has an end: %s', (text) => {
  expect(limitOf(() => renderTemplate(text, big, { limits: { work: 100_000 } }))).toBe('work 100000');
});

test.for([
  '{{#each list}}{{#each ../list}}{{/each}}{{/each}}',
  '{{#each list}}{{#if (toJson ../list)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (lookup ../list 0)}}{{/if}}{{/each}}',
  '{{#each list}}{{#if (strReplace ../text "x" "")}}{{/if}}{{/each}}',
])('so it has in legacy: %s', (text) => {
  const options = { dialect: 'legacy', limits: { work: 100_000 } } as const;
  expect(limitOf(() => renderTemplate(text, big, options))).toBe('work 100000');
});

test.for([
  '{{strReplace text "" text}}',
  '{{strReplace text "x" text}}',
  '{{strJoin list text}}',
  `{{strConcat${' text'.repeat(1_000)}}}`,
])('a text that is too long is not made: %#', (helper) => {
  for (const dialect of TEMPLATE_DIALECTS) {
    const options = { dialect, limits: { outputCharacters: 1_000_000 } };
    expect(limitOf(() => renderTemplate(helper, big, options))).toBe('outputCharacters 1000000');
  }
});

test('as long as allowed it is', () => {
  const limits = { outputCharacters: 32_000 };
  expect(renderTemplate('{{strConcat text text}}', big, { limits })).toHaveLength(32_000);
  expect(renderTemplate('{{strReplace text "x" "yy"}}', big, { limits })).toHaveLength(32_000);
  expect(limitOf(() => renderTemplate('{{strConcat text text "z"}}', big, { limits }))).toBe('outputCharacters 32000');
});

test.for(TEMPLATE_DIALECTS)('own keys only: %s', (dialect) => {
  const text =
    '[{{__proto__}}{{constructor}}{{o.__proto__.x}}{{o.constructor.name}}{{lookup o "constructor"}}{{toString}}{{o.get}}{{o.size}}]';
  const context = toConfigTable({ o: { a: 1 } });
  expect(renderTemplate(text, context, { dialect })).toBe('[]');
  const named = new Map([
    [
      'o',
      new Map([
        ['__proto__', 'p'],
        ['constructor', 'c'],
      ]),
    ],
  ]);
  expect(renderTemplate('{{o.__proto__}}{{o.constructor}}', named, { dialect })).toBe('pc');
});
