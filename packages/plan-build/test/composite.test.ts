import { thrownBy } from '@hab/core/testing';
import { parseFullIdent } from '@hab/ident';
import { describe, expect, test } from 'vitest';
import { type CompositeService, checkComposite, checkMemberCount } from '../src/composite.ts';

const service = (written: string, ident: string, facts: Partial<CompositeService> = {}): CompositeService => ({
  written,
  ident: parseFullIdent(ident),
  prefix: `/hab/pkgs/${ident}`,
  runnable: true,
  binds: new Map(),
  bindsOptional: new Map(),
  exports: new Set(),
  ...facts,
});

const web = service('acme/web', 'acme/web/1.0/20200101000001', {
  binds: new Map([['database', 'port host']]),
  bindsOptional: new Map([['cache', 'port']]),
});
const db = service('acme/db/2.0', 'acme/db/2.0/20200101000002', { exports: new Set(['port', 'host']) });
const cache = service('acme/cache', 'acme/cache/2.0/20200101000003', { exports: new Set(['port']) });
const all = [web, db, cache];
const map = (entries: Record<string, string>) => new Map(Object.entries(entries));
const problemsOf = (services: readonly CompositeService[], binds: Record<string, string>): readonly string[] =>
  (thrownBy(() => checkComposite(services, map(binds))) as { details: { problems: string[] } }).details.problems;

test('at least two services', () => {
  expect(thrownBy(() => checkMemberCount(['acme/web']))).toMatchObject({
    code: 'BUILD_COMPOSITE_INVALID',
    details: { status: 1 },
    message:
      'A composite package should have at least two services specified in $pkg_services; otherwise just build a non-composite Habitat package',
  });
  expect(() => checkMemberCount(['a/b', 'c/d'])).not.toThrow();
});

describe('a bind map', () => {
  test('is kept as the plan writes its services', () => {
    const { bindMap, warnings } = checkComposite(all, map({ 'acme/web': 'database:acme/db/2.0 cache:acme/cache' }));
    expect([...bindMap]).toEqual([['acme/web', 'database:acme/db/2.0 cache:acme/cache']]);
    expect(warnings).toEqual([]);
  });

  test('may leave out the version of a pinned service', () => {
    const { bindMap } = checkComposite(all, map({ 'acme/web': 'database:acme/db' }));
    expect([...bindMap]).toEqual([['acme/web', 'database:acme/db/2.0']]);
  });

  test('may be empty: then whoever loads it gives the binds', () => {
    const { bindMap, warnings } = checkComposite(all, new Map());
    expect(bindMap.size).toBe(0);
    expect(warnings).toEqual(['acme/web needs --bind web:database:GROUP whenever it is loaded']);
  });

  test('that goes in a circle is worth a warning', () => {
    const a = service('acme/a', 'acme/a/1/1', { binds: map({ b: 'x' }), exports: new Set(['x']) });
    const b = service('acme/b', 'acme/b/1/1', { binds: map({ a: 'x' }), exports: new Set(['x']) });
    const { warnings } = checkComposite([a, b], map({ 'acme/a': 'b:acme/b', 'acme/b': 'a:acme/a' }));
    expect(warnings).toEqual(['These services wait for each other through their binds: acme/a, acme/b']);
  });
});

describe('problems', () => {
  test('a member that is no service', () => {
    const library = service('acme/lib', 'acme/lib/1/1', { runnable: false });
    expect(problemsOf([web, library], {})).toEqual([
      "'/hab/pkgs/acme/lib/1/1' is not a service. Only services are allowed in composite packages",
    ]);
  });

  test('a bind that the consumer does not have', () => {
    expect(problemsOf(all, { 'acme/web': 'queue:acme/db' })).toEqual([
      "The bind 'queue' specified in $pkg_bind_map for the package 'acme/web' does not exist in /hab/pkgs/acme/web/1.0/20200101000001.",
    ]);
  });

  test('an export that the producer does not have', () => {
    expect(problemsOf(all, { 'acme/web': 'database:acme/cache' })).toEqual([
      "acme/cache does not export 'host', which is required by the 'database' bind of /hab/pkgs/acme/web/1.0/20200101000001",
    ]);
  });

  test('a bind in both lists', () => {
    const both = service('acme/web', 'acme/web/1.0/20200101000001', {
      binds: map({ db: 'p' }),
      bindsOptional: map({ db: 'p' }),
    });
    const producer = service('acme/db', 'acme/db/1/1', { exports: new Set(['p']) });
    expect(problemsOf([both, producer], { 'acme/web': 'db:acme/db' })).toEqual([
      'The bind db has already been declared in pkg_binds for package acme/web, it cannot also be declared in pkg_binds_optional',
    ]);
  });

  test('are all told at once, unknown idents by name', () => {
    expect(problemsOf(all, { 'acme/nope': 'x:acme/db', 'acme/web': 'database:acme/other queue' })).toEqual([
      "pkg_bind_map names 'acme/nope', which is not in pkg_services",
      "pkg_bind_map names 'acme/other', which is not in pkg_services",
      "pkg_bind_map of 'acme/web': 'queue' is not of the form bind:origin/name",
    ]);
  });
});
