import { expect, test } from 'vitest';

import {
  type ConfigTable,
  createRenderer,
  parseJson,
  readsChanged,
  TEMPLATE_DIALECTS,
  type TemplateRead,
  toConfigTable,
} from '../src/index.ts';
import { overlayContext } from '../src/offline/index.ts';

const table = (json: string): ConfigTable => parseJson(json) as ConfigTable;

const base = table(
  `{"cfg": {"port": 80, "name": "web", "tls": {"cert": "c", "key": "k"}, "list": ["a", "b"]},
    "pkg": {"deps": [], "name": "x"},
    "svc": {"members": [{"alive": true, "sys": {"ip": "1"}, "cfg": {"p": 1}}, {"alive": false, "sys": {"ip": "2"}, "cfg": {"p": 2}}]}}`,
);

function track(template: string): readonly TemplateRead[] {
  const renderer = createRenderer();
  renderer.register('part', '{{name}}{{key}}');
  renderer.register('t', template);
  const { text, reads } = renderer.renderTracked('t', base);
  expect(text).toBe(renderer.render('t', base));
  return reads;
}

/** Whether a change of the context would make the template render again. */
const reacts = (template: string, change: string): boolean =>
  readsChanged(track(template), base, overlayContext(base, table(change)));

test.for<[string, string, boolean]>([
  ['{{cfg.port}}', '{"cfg": {"port": 81}}', true],
  ['{{cfg.port}}', '{"cfg": {"name": "x"}, "svc": {"members": []}}', false],
  ['{{cfg.port}}', '{"cfg": {"port": 80.0}}', true],
  ['{{cfg.new}}', '{"cfg": {"new": 1}}', true],
  ['{{cfg.new.deep}}', '{"cfg": {"new": {"deep": 1}}}', true],
  ['{{#if cfg.tls}}on{{/if}}', '{"cfg": {"tls": {"cert": "other"}}}', false],
  ['{{#if cfg.tls}}on{{/if}}', '{"cfg": {"tls": null}}', true],
  ['{{#if cfg.name}}{{cfg.port}}{{/if}}', '{"cfg": {"port": 1}}', true],
  ['{{#unless cfg.name}}{{cfg.port}}{{/unless}}', '{"cfg": {"port": 1}}', false],
  ['{{toJson cfg.tls}}', '{"cfg": {"tls": {"cert": "other"}}}', true],
  ['{{#with cfg.tls}}{{cert}}{{/with}}', '{"cfg": {"tls": {"cert": "other"}}}', true],
  ['{{#with cfg.tls}}{{cert}}{{/with}}', '{"cfg": {"tls": {"key": "other"}}}', false],
  ['{{#with cfg.tls}}{{../cfg.port}}{{@root.cfg.name}}{{/with}}', '{"cfg": {"name": "other"}}', true],
  ['{{#with cfg.tls as |t|}}{{t.key}}{{/with}}', '{"cfg": {"tls": {"key": "other"}}}', true],
  ['{{#each cfg.list}}x{{/each}}', '{"cfg": {"list": ["c", "d"]}}', false],
  ['{{#each cfg.list}}x{{/each}}', '{"cfg": {"list": ["c"]}}', true],
  ['{{#each cfg.list}}{{this}}{{/each}}', '{"cfg": {"list": ["a", "d"]}}', true],
  ['{{#each cfg.tls}}{{@key}}{{/each}}', '{"cfg": {"tls": {"key": "other"}}}', false],
  ['{{#each cfg.tls}}{{@key}}{{/each}}', '{"cfg": {"tls": {"more": 1}}}', true],
  [
    '{{#eachAlive svc.members as |m|}}{{m.sys.ip}}{{/eachAlive}}',
    '{"svc": {"members": [{"alive": true, "sys": {"ip": "1"}, "cfg": {"p": 9}}, {"alive": false, "sys": {"ip": "9"}, "cfg": {}}]}}',
    false,
  ],
  [
    '{{#eachAlive svc.members as |m|}}{{m.sys.ip}}{{/eachAlive}}',
    '{"svc": {"members": [{"alive": true, "sys": {"ip": "1"}}, {"alive": true, "sys": {"ip": "2"}}]}}',
    true,
  ],
  ['{{lookup cfg.tls "cert"}}', '{"cfg": {"tls": {"cert": "other"}}}', true],
  ['{{#if (eq cfg.name "web")}}{{/if}}', '{"cfg": {"name": "x"}}', true],
  ['{{> part cfg}}', '{"cfg": {"name": "x"}}', true],
  ['{{> part cfg}}', '{"cfg": {"port": 1}}', false],
  ['{{> part cfg key="v"}}', '{"cfg": {"name": "x"}}', true],
  [
    '{{pkgPathFor "core/x"}}',
    '{"pkg": {"deps": [{"origin": "core", "name": "x", "version": "1", "release": "2"}]}}',
    true,
  ],
  ['{{pkgPathFor "core/x"}}', '{"pkg": {"name": "y"}}', false],
  ['nothing', '{"cfg": null}', false],
])('%s after %s: %s', ([template, change, wanted]) => {
  expect(reacts(template, change)).toBe(wanted);
});

test('each path is noted once, a whole value wins over its shape', () => {
  expect(track('{{#if cfg.port}}{{cfg.port}}{{cfg.port}}{{/if}}')).toEqual([{ path: ['cfg', 'port'], use: 'value' }]);
});

test.for(['{{toToml cfg}}', '{{toJson cfg.t}}', '{{#each cfg}}{{@key}}{{/each}}'])(
  'another order of keys shows: %s',
  (template) => {
    const [before, after] = ['{"a": 1, "b": 2}', '{"b": 2, "a": 1}'].map((t) =>
      table(`{"cfg": {"t": ${t}, ${t.slice(1)}}`),
    );
    const renderer = createRenderer();
    renderer.register('t', template);
    const { text, reads } = renderer.renderTracked('t', before ?? base);
    expect(renderer.render('t', after ?? base)).not.toBe(text);
    expect(readsChanged(reads, before ?? base, after ?? base)).toBe(true);
  },
);

test.for(TEMPLATE_DIALECTS)('a rendering that looks very often depends on everything: %s', (dialect) => {
  const list = Array.from({ length: 100_001 }, (_, i) => i);
  const [before, after] = [toConfigTable({ list, other: 1 }), toConfigTable({ list, other: 2 })];
  const renderer = createRenderer({ dialect });
  renderer.register('t', '{{#each list}}{{this}}{{/each}}');
  const { reads } = renderer.renderTracked('t', before);
  expect(reads).toEqual([{ path: [], use: 'value' }]);
  renderer.register('few', '{{#each list}}{{#if @first}}{{this}}{{/if}}{{/each}}');
  expect(renderer.renderTracked('few', before).reads).toHaveLength(2);
  expect([readsChanged(reads, before, after), readsChanged(reads, before, before)]).toEqual([true, false]);
});

test.for(TEMPLATE_DIALECTS)('no change that shows is missed: %s', (dialect) => {
  const templates = [
    '{{#each cfg.list as |x|}}{{x}}{{../cfg.port}}{{/each}}',
    '{{#with cfg.tls}}{{cert}}{{/with}}{{cfg.name}}',
    '{{#eachAlive svc.members as |m|}}{{m.cfg.p}}{{/eachAlive}}',
    '{{toToml cfg.tls}}{{strJoin cfg.list ","}}',
  ];
  const changes = [
    '{"cfg": {"port": 1}}',
    '{"cfg": {"name": "other"}}',
    '{"cfg": {"tls": {"cert": 5}}}',
    '{"cfg": {"list": ["q"]}}',
    '{"svc": {"members": []}}',
    '{"svc": {"members": [{"alive": true, "cfg": {"p": 7}}]}}',
  ];
  const renderer = createRenderer({ dialect });
  for (const template of templates) {
    renderer.register('t', template);
    const { text, reads } = renderer.renderTracked('t', base);
    for (const change of changes) {
      const after = overlayContext(base, table(change));
      if (!readsChanged(reads, base, after)) expect(renderer.render('t', after)).toBe(text);
    }
  }
});
