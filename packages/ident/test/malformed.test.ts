import { thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';

import {
  artifactName,
  compareVersions,
  compareVersionsTotal,
  isOriginName,
  isPackageName,
  isPathSafeIdent,
  isPlanName,
  MAX_IDENT_LENGTH,
  MAX_SERVICE_GROUP_LENGTH,
  parseApplicationEnvironment,
  parseBind,
  parseBindingMode,
  parseCompositeBind,
  parseFullIdent,
  parseHealthCheckInterval,
  parseIdent,
  parseLegacyServiceGroup,
  parseServiceGroup,
  parseTarget,
  targetFor,
} from '../src/index.ts';

const codeOf = (action: () => unknown): unknown => (thrownBy(action) as { code?: unknown }).code;

describe('limits, at them and one past', () => {
  test('identifiers', () => {
    const text = `o/${'n'.repeat(MAX_IDENT_LENGTH - 2)}`;
    expect(parseIdent(text).name).toHaveLength(MAX_IDENT_LENGTH - 2);
    expect(codeOf(() => parseIdent(`${text}n`))).toBe('IDENT_INVALID');
  });

  test('versions', () => {
    const text = `1.${'0'.repeat(MAX_IDENT_LENGTH - 3)}1`;
    expect(compareVersions(text, '1.2')).toBe(-1);
    expect(codeOf(() => compareVersions(`${text}0`, '1.2'))).toBe('IDENT_VERSION_INVALID');
    expect(compareVersionsTotal(`${text}0`, '1.2')).toBe(-1);
  });

  test('service groups', () => {
    const text = `s.${'g'.repeat(MAX_SERVICE_GROUP_LENGTH - 2)}`;
    expect(parseServiceGroup(text).service).toBe('s');
    expect(codeOf(() => parseServiceGroup(`${text}g`))).toBe('IDENT_SERVICE_GROUP_INVALID');
    expect(codeOf(() => parseLegacyServiceGroup(`${text}g`))).toBe('IDENT_SERVICE_GROUP_INVALID');
    expect(codeOf(() => parseApplicationEnvironment(`${text}g`))).toBe('IDENT_APPLICATION_ENVIRONMENT_INVALID');
  });

  test('numbers of 64 bits', () => {
    expect(compareVersions('18446744073709551615', '18446744073709551614')).toBe(1);
    expect(codeOf(() => compareVersions('18446744073709551616', '1'))).toBe('IDENT_VERSION_INVALID');
  });

  test('seconds', () => {
    expect(parseHealthCheckInterval('9007199254740991')).toBe(Number.MAX_SAFE_INTEGER);
    expect(codeOf(() => parseHealthCheckInterval('9007199254740992'))).toBe('IDENT_HEALTH_CHECK_INTERVAL_INVALID');
  });
});

test('long hostile texts are refused at once', () => {
  const started = performance.now();
  for (const text of [
    'a#'.repeat(500_000),
    '.'.repeat(1_000_000),
    '/'.repeat(1_000_000),
    ':'.repeat(1_000_000),
    '1.'.repeat(500_000),
  ]) {
    for (const parse of [
      parseIdent,
      parseServiceGroup,
      parseBind,
      parseCompositeBind,
      parseTarget,
      parseBindingMode,
      parseHealthCheckInterval,
    ]) {
      expect(codeOf(() => parse(text))).toMatch(/^IDENT_/);
    }
    expect(codeOf(() => compareVersions(text, text))).toBe('IDENT_VERSION_INVALID');
    expect(compareVersionsTotal(text, text)).toBe(0);
    expect(isPackageName(text) || isPlanName(text) || isOriginName(text)).toBe(false);
  }
  expect(performance.now() - started).toBeLessThan(2000);
});

test('errors show a shortened, escaped text', () => {
  const error = thrownBy(() => parseIdent(`\u001b[31m${'x'.repeat(5000)}`)) as Error & { details: { text: string } };
  expect(error.message.length).toBeLessThan(200);
  expect(error.message).not.toContain('\u001b');
  expect(error.details.text.length).toBeLessThan(130);
});

test.for(['o/..', '../n', 'o/n/./1', 'o/n/1/', 'o/n\u0000', 'o/n\\x', 'o/n\n', `o/${'é'.repeat(128)}`])(
  '%j is no path',
  (text) => expect(isPathSafeIdent(parseIdent(text))).toBe(false),
);

test.for(['o/n', 'Core/X.y/1.0-rc1/20200101000000', 'o/a b', `o/${'n'.repeat(255)}`])('%j is a path', (text) =>
  expect(isPathSafeIdent(parseIdent(text))).toBe(true),
);

test('what must be fully qualified and is not', () => {
  expect(codeOf(() => parseFullIdent('o/n/1'))).toBe('IDENT_NOT_FULLY_QUALIFIED');
  expect(codeOf(() => artifactName(parseIdent('o/n'), 'x86_64-linux'))).toBe('IDENT_NOT_FULLY_QUALIFIED');
});

test.for(['uhoh', 'uhoh:this:is:bad', ''])('%j is no bind', (text) =>
  expect(codeOf(() => parseBind(text))).toBe('IDENT_BIND_INVALID'),
);

test('a bind to no service group names the group', () => {
  expect(thrownBy(() => parseBind('uhoh:nosuchservicegroup@nope'))).toMatchObject({
    code: 'IDENT_SERVICE_GROUP_INVALID',
    details: { text: 'nosuchservicegroup@nope' },
  });
});

test.for(['-1', '', '1.5', 'ten', '1e3', ' 3', '0x10'])('%j is no interval', (text) =>
  expect(codeOf(() => parseHealthCheckInterval(text))).toBe('IDENT_HEALTH_CHECK_INTERVAL_INVALID'),
);

test('machines that Habitat has no target for', () => {
  expect(codeOf(() => targetFor({ arch: 'riscv64', platform: 'linux' }))).toBe('IDENT_TARGET_INVALID');
  expect(codeOf(() => targetFor({ arch: 'x64', platform: 'freebsd' }))).toBe('IDENT_TARGET_INVALID');
});
