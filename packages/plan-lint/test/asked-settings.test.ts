import { expect, test } from 'vitest';

import { createPlanSources, lintPlan } from '../src/index.ts';

/** Places of findings of unknown paths in a template of a plan with these defaults. */
const unknown = (text: string, defaults = 'port = 1\nname = "x"\n[tls]\ncert = "c"\n'): readonly string[] =>
  lintPlan(
    createPlanSources([
      ['default.toml', defaults],
      ['config/web.conf', text],
    ]),
  ).flatMap(({ rule, column, line }) => (rule === 'unknown-path' ? [`${line}:${column}`] : []));

test.each([
  ['asked for', '{{#if cfg.perm}}{{cfg.perm}}{{/if}}', []],
  [
    'asked for in every way',
    '{{#unless cfg.aaaa}}{{/unless}}{{~#with cfg.bbbb}}{{/with}}{{#each cfg.cccc}}{{/each}}',
    [],
  ],
  ['asked for as one of several', '{{#if (and cfg.perm cfg.other)}}{{cfg.perm}}{{/if}}', []],
  ['asked for by a longer path', '{{#if cfg.perm.mode}}{{cfg.perm}}{{/if}}', []],
  ['asked for by a shorter path only', '{{#if cfg.perm}}{{cfg.permission}}{{/if}}', ['1:17']],
  ['asked for after it is used', '{{cfg.perm}}{{#if cfg.perm}}{{/if}}', []],
  ['not asked for', '{{#if cfg.port}}{{cfg.perm}}{{/if}}', ['1:17']],
  ['asked for in a comment of no block', '{{cfg.perm}} if cfg.perm', ['1:1']],
  ['misspelt', '{{#if cfg.prt}}x{{/if}}', ['1:7']],
  ['near to another that the template has too', '{{#if cfg.prt}}x{{/if}}{{cfg.port}}', []],
])('%s', (_what, text, found) => {
  expect(unknown(text)).toEqual(found);
});

test('near to a key that is no name', () => {
  const defaults = '"po rt" = 1\n';
  expect(unknown('{{#if cfg.po_rt}}x{{/if}}', defaults)).toEqual(['1:7']);
  expect(unknown('{{#if cfg.po_rt}}x{{/if}}{{cfg.[po rt]}}', defaults)).toEqual([]);
});
