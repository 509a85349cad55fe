import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

import {
  artifactName,
  compareByParts,
  comparePartial,
  compareTotal,
  compareVersions,
  compareVersionsTotal,
  formatBind,
  formatIdent,
  formatServiceGroup,
  isFullyQualified,
  isIdentError,
  isOriginName,
  isUploadableIdent,
  parseBind,
  parseIdent,
  parseServiceGroup,
  parseTarget,
  satisfies,
} from '../src/index.ts';

interface Vectors {
  versions: { a: string; b: string; compare?: number; error?: true }[];
  idents: {
    text: string;
    origin?: string;
    name?: string;
    version?: string | null;
    release?: string | null;
    fq?: boolean;
    valid?: boolean;
    archive?: string | null;
    error?: true;
  }[];
  order: {
    a: string;
    b: string;
    cmp?: number;
    partial?: number | null;
    by_parts?: number;
    satisfies?: boolean;
    panic?: string;
  }[];
  groups: { text: string; service?: string; group?: string; org?: string | null; error?: true }[];
  binds: { text: string; name?: string; group?: string; error?: true }[];
  origins: { text: string; valid: boolean }[];
  targets: { text: string; error?: true }[];
}
const file = new URL('../../../vectors/ident/ident.json', import.meta.url);
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors;

test('the vectors are whole', () => {
  const { versions, idents, order, groups, binds, origins, targets } = vectors;
  const counts = [versions, idents, order, groups, binds, origins, targets].map((list) => list.length);
  expect(counts).toEqual([450, 24, 17, 20, 10, 18, 13]);
});

describe('versions', () => {
  test.for(vectors.versions)('%j', ({ a, b, compare }) => {
    if (compare === undefined) return expect(() => compareVersions(a, b)).toThrow('Version cannot be compared');
    expect(compareVersions(a, b)).toBe(compare);
    expect(compareVersionsTotal(a, b)).toBe(compare);
    expect(compareVersionsTotal(b, a)).toBe(0 - compare);
  });
});

describe('idents', () => {
  test.for(vectors.idents)('%j', (wanted) => {
    if (wanted.error) return expect(() => parseIdent(wanted.text)).toThrow('Invalid package identifier');
    const ident = parseIdent(wanted.text);
    expect({ version: null, release: null, ...ident }).toEqual({
      origin: wanted.origin,
      name: wanted.name,
      version: wanted.version,
      release: wanted.release,
    });
    expect(formatIdent(ident)).toBe(wanted.text);
    expect(isFullyQualified(ident)).toBe(wanted.fq);
    expect(isUploadableIdent(ident)).toBe(wanted.valid);
    if (wanted.fq) expect(artifactName(ident, 'x86_64-linux')).toBe(wanted.archive);
    else expect(() => artifactName(ident, 'x86_64-linux')).toThrow('Fully-qualified');
  });
});

describe('order', () => {
  test.for(vectors.order)('%j', (wanted) => {
    const [a, b] = [parseIdent(wanted.a), parseIdent(wanted.b)];
    if (wanted.panic !== undefined) {
      expect(compareTotal(a, b)).toBe(0 - compareTotal(b, a));
      expect(compareByParts(a, b)).toBe(0 - compareByParts(b, a));
      return;
    }
    expect(compareTotal(a, b)).toBe(wanted.cmp);
    expect(comparePartial(a, b) ?? null).toBe(wanted.partial);
    expect(compareByParts(a, b)).toBe(wanted.by_parts);
    expect(satisfies(a, b)).toBe(wanted.satisfies);
    expect(satisfies(b, a)).toBe(wanted.satisfies);
  });
});

describe('service groups', () => {
  test.for(vectors.groups)('%j', ({ text, service, group, org, error }) => {
    if (error) return expect(() => parseServiceGroup(text)).toThrow('Invalid service group');
    const parsed = parseServiceGroup(text);
    expect({ organization: null, ...parsed }).toEqual({ service, group, organization: org });
    expect(formatServiceGroup(parsed)).toBe(text.replace(/^.*#/, ''));
  });
});

describe('binds', () => {
  test.for(vectors.binds)('%j', ({ text, name, group, error }) => {
    if (error) {
      return expect(() => parseBind(text)).toThrow(
        expect.toSatisfy(
          (e: unknown) => isIdentError(e, 'IDENT_BIND_INVALID') || isIdentError(e, 'IDENT_SERVICE_GROUP_INVALID'),
        ),
      );
    }
    const bind = parseBind(text);
    expect({ name: bind.name, group: formatServiceGroup(bind.serviceGroup) }).toEqual({ name, group });
    expect(formatBind(bind)).toBe(text);
  });
});

describe('origins', () => {
  test.for(vectors.origins)('%j', ({ text, valid }) => expect(isOriginName(text)).toBe(valid));
});

describe('targets', () => {
  test.for(vectors.targets)('%j', ({ text, error }) => {
    if (error) expect(() => parseTarget(text)).toThrow('Invalid package target');
    else expect(parseTarget(text)).toBe(text);
  });
});
