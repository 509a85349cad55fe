import { expect, test } from 'vitest';

import { createRenderer, parseToml, renderTemplate, toConfigTable } from '../src/index.ts';

const context = toConfigTable({
  cfg: { list: ['a', 1, 2.5, true, null, { k: 1 }, ['n', 'm']], web: { port: 80 }, q: 'a"b\\c\n', missing: undefined },
});

test.for([
  ['{{strJoin cfg.list "|"}}', 'a|1|2.5|true||[n, m]'],
  ['{{strConcat cfg.q cfg.nope 1.0}}', 'a"b\\c\n1.0'],
  ['{{strConcat cfg.list}}', 'a12.5true[n, m]'],
  ['{{toYaml cfg.web}}{{toYaml cfg.web}}', '---\nport: 80\nport: 80\n'],
  ['\n\t {{~toYaml cfg.web}}', '---\nport: 80\n'],
  ['web:\n{{toYaml cfg.web}}', 'web:\nport: 80\n'],
  ['{{#if cfg.web}}{{toYaml cfg.web}}{{/if}}', '---\nport: 80\n'],
  ['{{strReplace (toYaml cfg.web) "port" "p"}}', 'p: 80\n'],
  ['{{#> layout}}{{toYaml cfg.web}}{{/layout}}', 'web:\nport: 80\n'],
])('%s', ([template, expected]) => {
  const renderer = createRenderer();
  renderer.register('layout', 'web:\n{{> @partial-block}}');
  renderer.register('t', template ?? '');
  expect(renderer.render('t', context)).toBe(expected);
});

test('dates are text: printed, compared, in helpers, and dates again in TOML', () => {
  const dates = new Map([['d', parseToml('a = 2018-07-10\nb = 12:00:00.500\nc = 1979-05-27 07:32:00Z')]]);
  const template =
    '{{d.a}} {{d.b}} {{d.c}} {{eq d.a "2018-07-10"}} {{len d.a}} {{strReplace d.a "-" "/"}} {{strJoin d.a ","}}';
  expect(renderTemplate(template.replace(' {{strJoin d.a ","}}', ''), dates)).toBe(
    '2018-07-10 12:00:00.500 1979-05-27 07:32:00Z true 10 2018/07/10',
  );
  expect(
    renderTemplate('{{toToml d}}{{toYaml d.a}}{{toJson d.b}}{{d.a.x}}{{#each d.a}}x{{else}}none{{/each}}', dates),
  ).toBe('a = 2018-07-10\nb = 12:00:00.500\nc = 1979-05-27 07:32:00Z\n2018-07-10\n"12:00:00.500"none');
});
