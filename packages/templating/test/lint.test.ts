import { parseIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import { isTemplatingError, parseToml, renderTemplate, toConfigTable } from '../src/index.ts';
import { type LintTemplateOptions, lintDefaults, lintTemplate, suggestIndexForm } from '../src/offline/index.ts';
import { tableCases } from './vectors.ts';

const defaults = parseToml(
  'port = 80\nname = "web"\nlist = [1]\nwhen = 2018-07-10\n[tls]\ncert = "c"\n[[servers]]\nhost = "h"',
);
const binds = new Map([['db', ['port']]]);
const options: LintTemplateOptions = {
  defaults,
  exports: ['port'],
  binds,
  deps: [parseIdent('core/jre8')],
  partials: ['a.conf'],
};

const rulesOf = (template: string, more: LintTemplateOptions = {}): string[] =>
  lintTemplate(template, { ...options, ...more }).map(({ rule, line, column }) => `${rule} ${line}:${column}`);

test.for<[string, string[], LintTemplateOptions?]>([
  ['{{cfg.port}} {{sys.ip}} {{pkg.svc_path}} {{svc.me.cfg.port}} {{bind.db.leader.cfg.port}}', []],
  ['{{#each cfg.servers}}{{host}}{{../cfg.port}}{{@index}}{{/each}}', []],
  [
    '{{#each cfg.servers as |s|}}{{s.host}}{{/each}}{{#with cfg.tls}}{{cert}}{{/with}}{{#each pkg.env}}{{@key}}={{this}}{{/each}}',
    [],
  ],
  ['{{#eachAlive bind.db.members as |m|}}{{m.sys.ip}}:{{m.cfg.port}}{{../cfg.name}}{{/eachAlive}}', []],
  ['{{#if (eq cfg.name "x")}}{{toUppercase cfg.name}}{{else if cfg.port}}{{> a.conf}}{{/if}}', []],
  ['{{#*inline "p"}}{{anything}}{{/inline}}{{> p cfg}}', []],
  ['x {{cfg.prot}}', ['unknown-path 1:3']],
  ['{{svc.topology}}\n  {{sys.adress}}', ['unknown-path 1:1', 'unknown-path 2:3']],
  ['{{#if cfg.missing}}{{/if}}', ['unknown-path 1:7']],
  ['{{bind.cache.leader}}', ['unknown-path 1:1']],
  ['{{#each cfg.servers}}{{cfg.port}}{{/each}}', ['unknown-path 1:22']],
  ['{{cfg.port 1}}', ['syntax 1:12']],
  ['{{toUper cfg.name}}{{#foreach cfg.list}}{{/foreach}}', ['unknown-helper 1:1', 'unknown-helper 1:20']],
  ['{{cfg.list.length}}', ['list-key 1:1']],
  ['{{cfg.tls}}', ['prints-object 1:1']],
  ['{{cfg.when}}', []],
  ['{{cfg.when}}', ['prints-object 1:1'], { dialect: '2.1' }],
  ['{{cfg.servers[0].host}}', ['bare-index 1:1']],
  ['{{cfg.servers[0].host}}', ['syntax 1:14', 'bare-index 1:14'], { dialect: '2.1' }],
  ['{{arr[0]}}', ['unknown-helper 1:1', 'bare-index 1:1'], { dialect: '2.1' }],
  ['{{#if cfg.port}}{{else if cfg.name}}x{{/if}}', ['else-if 1:17'], { dialect: 'legacy' }],
  ['a\n{{~#if cfg.port}}\nb\n{{/if}}\n', ['joined-lines 2:1'], { dialect: '2.1' }],
  ['a\n{{~#if cfg.port}}\nb\n{{/if}}\n', []],
  ['{{#eachAlive svc.members as |m|}}{{cfg.name}}{{/eachAlive}}', ['own-cfg-in-each-alive 1:34']],
  ['{{#with cfg.tls}}{{../../cfg.port}}{{/with}}', ['parent-too-deep 1:18']],
  ['{{#eachAlive svc.members}}{{@index}}{{/eachAlive}}', ['each-alive-index 1:27']],
  ['{{svc.first.sys.ip}} {{bind.db.first.cfg.port}}', ['deprecated-first 1:1', 'deprecated-first 1:22']],
  ['{{pkgPathFor "core/nginx"}}{{pkgPathFor "core/jre8"}}', ['undeclared-dependency 1:1']],
  ['{{> b.conf}}', ['missing-partial 1:1']],
  ['{{#if cfg.port ~}}\nx\n{/if ~}}\n', ['syntax 1:1', 'single-brace 3:1']],
  ['{{sys.ip}}{{pkg.svc_config_install_path}}', ['unknown-path 1:1'], { use: 'install' }],
])('finds in %s: %s', ([template, wanted, more]) => {
  expect(rulesOf(template, more)).toEqual(wanted);
});

test('a finding says where, what and what to write instead', () => {
  const [finding] = lintTemplate('port = {{cfg.prot}}\n', options);
  expect(finding).toEqual({
    rule: 'unknown-path',
    severity: 'warning',
    line: 1,
    column: 8,
    message: 'cfg.prot names nothing: there is no "prot"',
    hint: 'Did you mean "port"?',
    excerpt: 'port = {{cfg.prot}}\n       ^',
  });
});

test('without defaults any configuration may be meant', () => {
  expect(lintTemplate('{{cfg.anything.at.all}}{{bind.x.leader.cfg.y}}')).toEqual([]);
});

interface IndexCase {
  readonly in: string;
  readonly out: string;
}

test.for(tableCases('legacyIndexFix') as IndexCase[])('suggests for $in', (given) => {
  expect(suggestIndexForm(given.in)).toBe(given.out);
});

test('says what is wrong with defaults and how to write it', () => {
  expect(lintDefaults('port = 80\n')).toEqual([]);
  expect(lintDefaults('a = 1\n[repl]\ndisable-tcp-nodelay = no\n')).toMatchObject([
    { rule: 'toml-syntax', line: 3, message: 'no is no TOML value', hint: expect.stringContaining('"no"') },
  ]);
  expect(lintDefaults('[web]\n\n# two of them\n[[servers]]\nhost = "a"\n')).toMatchObject([
    { rule: 'table-left-empty', line: 1, hint: 'Write [[web.servers]] for items of web.' },
  ]);
  expect(lintDefaults('[web]\nport = 1\n[[servers]]\nhost = "a"\n')).toEqual([]);
  expect(lintDefaults('a = [1,\n')).toMatchObject([{ rule: 'toml-syntax' }]);
});

test('what the linter finds is what happens', () => {
  const context = toConfigTable({ cfg: { tls: { cert: 'c' }, list: [1] } });
  expect(renderTemplate('{{cfg.tls}}', context)).toBe('[object]');
  expect(renderTemplate('{{cfg.prot}}', context)).toBe('');
  let error: unknown;
  try {
    renderTemplate('{{cfg.list.length}}', context);
  } catch (thrown) {
    error = thrown;
  }
  expect(isTemplatingError(error, 'TEMPLATE_RENDER_FAILED')).toBe(true);
});
