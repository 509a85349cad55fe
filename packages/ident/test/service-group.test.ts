import { thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';

import {
  DEFAULT_CHANNEL,
  formatBind,
  formatCompositeBind,
  formatHealthCheckInterval,
  formatServiceGroup,
  identPieces,
  isToolPackage,
  PACKAGE_TARGETS,
  parseApplicationEnvironment,
  parseBindingMode,
  parseCompositeBind,
  parseHealthCheckInterval,
  parseIdent,
  parseLegacyServiceGroup,
  parseServiceGroup,
  sameIdent,
  TOOL_PACKAGES,
  targetFor,
  targetPieces,
  toIdentRecord,
  withOrganization,
} from '../src/index.ts';

describe('service groups of 0.64', () => {
  test('keep and print application and environment', () => {
    const group = parseLegacyServiceGroup('oz.prod#foo.bar@baz');
    expect(group.applicationEnvironment).toEqual({ application: 'oz', environment: 'prod' });
    expect(formatServiceGroup(group)).toBe('oz.prod#foo.bar@baz');
    expect(formatServiceGroup(parseServiceGroup('oz.prod#foo.bar@baz'))).toBe('foo.bar@baz');
    expect(parseLegacyServiceGroup('foo.bar')).toEqual({ service: 'foo', group: 'bar' });
  });

  test.for(['oh-noes', 'only.one.period.allowed', '@not.allowed', 'not.allowed@', 'ats.not@allowed'])(
    '%s is no application and environment',
    (text) => {
      expect(thrownBy(() => parseApplicationEnvironment(text))).toMatchObject({
        code: 'IDENT_APPLICATION_ENVIRONMENT_INVALID',
      });
    },
  );

  test('check the prefix where 2.x does not', () => {
    expect(parseServiceGroup('anything#foo.bar').service).toBe('foo');
    expect(thrownBy(() => parseLegacyServiceGroup('anything#foo.bar'))).toMatchObject({
      code: 'IDENT_APPLICATION_ENVIRONMENT_INVALID',
    });
  });
});

test.for([
  'foo@baz',
  'not.allowed@',
  'only.one.period@allowed',
  'only#one#hash@allowed',
  '#cool.wings@',
  '#hash.tag',
  'oh-noes',
  'f#o#o.bar@baz',
])('%s is no service group', (text) => expect(() => parseServiceGroup(text)).toThrow(text));

test('an organization is set, not doubled', () => {
  expect(formatServiceGroup(withOrganization(parseServiceGroup('redis.default@old'), 'new'))).toBe('redis.default@new');
});

test('binds inside a composite have three parts', () => {
  const bind = parseCompositeBind('web:db:postgresql.default@acme');
  expect(bind).toEqual({
    service: 'web',
    name: 'db',
    serviceGroup: { service: 'postgresql', group: 'default', organization: 'acme' },
  });
  expect(formatCompositeBind(bind)).toBe('web:db:postgresql.default@acme');
  for (const text of ['db:postgresql.default', 'a:b:c:d.e', ''])
    expect(() => parseCompositeBind(text)).toThrow('binding');
});

test('a bind prints without application and environment', () => {
  expect(formatBind({ name: 'db', serviceGroup: parseLegacyServiceGroup('a.b#redis.default') })).toBe(
    'db:redis.default',
  );
});

test('binding modes and intervals', () => {
  expect([parseBindingMode('Strict'), parseBindingMode('RELAXED')]).toEqual(['strict', 'relaxed']);
  expect(() => parseBindingMode('loose')).toThrow('Invalid binding mode');
  expect(formatHealthCheckInterval(parseHealthCheckInterval('30'))).toBe('(30s)');
  expect(parseHealthCheckInterval('0')).toBe(0);
});

test('targets of machines', () => {
  expect(targetFor({ arch: 'x64', platform: 'linux' })).toBe('x86_64-linux');
  expect(targetFor({ arch: 'arm64', platform: 'darwin' })).toBe('aarch64-darwin');
  expect(targetFor({ arch: 'x86_64', platform: 'win32' })).toBe('x86_64-windows');
  expect(PACKAGE_TARGETS.map(targetPieces).filter((pieces) => pieces.variant !== undefined)).toEqual([
    { architecture: 'x86_64', system: 'linux', variant: 'kernel2' },
  ]);
});

test('tool packages are of core, their twins of chef are accepted', () => {
  expect(DEFAULT_CHANNEL).toBe('stable');
  for (const tool of Object.values(TOOL_PACKAGES)) expect(tool.origin).toBe('core');
  expect(isToolPackage(parseIdent('chef/hab-sup/1'), 'supervisor')).toBe(true);
  expect(isToolPackage(parseIdent('core/hab'), 'cli')).toBe(true);
  expect(isToolPackage(parseIdent('acme/hab'), 'cli')).toBe(false);
});

test('structured form, pieces and equality', () => {
  const ident = parseIdent('o/n/1');
  expect(toIdentRecord(ident)).toEqual({ origin: 'o', name: 'n', version: '1', release: null });
  expect(identPieces(ident)).toEqual(['o', 'n', '1']);
  expect(sameIdent(ident, parseIdent('o/n/1'))).toBe(true);
  expect(sameIdent(ident, parseIdent('o/n/1/2'))).toBe(false);
});
