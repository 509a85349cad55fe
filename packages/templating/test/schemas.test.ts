import { createLayout } from '@hab/core';
import { parseFullIdent } from '@hab/ident';
import { expect, test } from 'vitest';

import { installContext, parseJson, parseToml, toConfigTable } from '../src/index.ts';
import { overlayContext, sampleContext } from '../src/offline/index.ts';
import { checkContext, contextJsonSchema } from '../src/schemas/index.ts';

const sample = sampleContext({
  cfg: parseToml('port = 1\nwhen = 2018-07-10\n__proto__ = 1'),
  deps: [parseFullIdent('core/glibc/2.36/20260101000000')],
  binds: [['db', ['port']]],
  exposes: ['80'],
});

test('a context made by renderContext has no problems', () => {
  expect(checkContext(sample)).toEqual([]);
});

test('an install context has its own schema', () => {
  const context = installContext({
    cfg: parseToml(''),
    pkg: {
      ident: parseFullIdent('acme/web/1/2'),
      deps: [],
      env: [],
      exposes: [],
      exports: [],
      path: '/p',
      svcUser: 'hab',
      svcGroup: 'hab',
      layout: createLayout().service('web'),
    },
  });
  expect(checkContext(context, 'install')).toEqual([]);
  expect(checkContext(context)).not.toEqual([]);
  expect(checkContext(sample, 'install')).not.toEqual([]);
});

test.for<[string, (string | number)[]]>([
  ['{"sys": {"gossip_port": "9638"}}', ['sys', 'gossip_port']],
  ['{"sys": {"gossip_port": 70000}}', ['sys', 'gossip_port']],
  ['{"svc": {"me": {"alive": "yes"}}}', ['svc', 'me', 'alive']],
  ['{"svc": {"topology": "leader"}}', ['svc']],
  ['{"bind": {"db": {"members": [{}]}}}', ['bind', 'db', 'members', 0, 'member_id']],
  ['{"pkg": {"deps": [{"origin": "core"}]}}', ['pkg', 'deps', 0, 'name']],
])('finds what is wrong with %s', ([change, path]) => {
  const mock = parseJson(change);
  const context = overlayContext(sample, mock as never);
  expect(checkContext(context)[0]?.path).toEqual(path);
});

test('mock data may give any part of a context and no other', () => {
  expect(checkContext(toConfigTable({ cfg: { a: 1 }, svc: { me: {} } }), 'mock')).toEqual([]);
  expect(checkContext(toConfigTable({ config: {} }), 'mock')).toMatchObject([{ path: [] }]);
});

test('the JSON Schema names every field and closes every object but configuration', () => {
  const schema = contextJsonSchema() as {
    properties: Record<string, { additionalProperties?: unknown }>;
    required: string[];
  };
  expect(schema.required).toEqual(['sys', 'pkg', 'cfg', 'svc', 'bind']);
  expect(schema.properties['sys']?.additionalProperties).toBe(false);
  expect(schema.properties['cfg']?.additionalProperties).not.toBe(false);
  expect(JSON.parse(JSON.stringify(contextJsonSchema('install')))).toMatchObject({
    type: 'object',
    required: ['pkg', 'cfg'],
  });
});
