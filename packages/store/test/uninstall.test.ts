import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { rejectionOf, thrownBy } from '@hab/core/testing';
import { type FullIdent, formatIdent, parseFullIdent, parseIdent } from '@hab/ident';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createDependencyGraph, planUninstall, type UninstallRules } from '../src/index.ts';
import type { UninstallOptions } from '../src/node/index.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

const full = (name: string): FullIdent => parseFullIdent(`a/${name}/1/1`);

/** Packages as `name: deps`, all of origin a, version and release 1. */
function graphOf(packages: Record<string, string>) {
  return createDependencyGraph(
    Object.entries(packages).map(([name, deps]) => ({
      ident: full(name),
      deps: deps.split(' ').filter(Boolean).map(full),
    })),
  );
}

function plan(packages: Record<string, string>, target: string, rules: Partial<UninstallRules> = {}): string[] {
  const all = { exclude: [], isLoaded: () => false, withDependencies: true, ...rules };
  return planUninstall(graphOf(packages), [full(target)], all).map((decision) =>
    decision.type === 'remove' ? `-${decision.ident.name}` : `${decision.ident.name}: ${decision.reason}`,
  );
}

describe('what goes', () => {
  const app = { app: 'web lib', web: 'lib base', lib: 'base', base: '', other: 'base' };

  test('a package and what only it needs', () => {
    expect(plan(app, 'app')).toEqual(['-app', '-lib', '-web', 'base: needed']);
  });

  test('alone, when dependencies are to stay', () => {
    expect(plan(app, 'app', { withDependencies: false })).toEqual(['-app']);
  });

  test('what is excluded stays, with everything that it needs', () => {
    expect(plan({ app: 'web', web: 'lib', lib: 'base', base: '' }, 'app', { exclude: [parseIdent('a/web')] })).toEqual([
      '-app',
      'web: excluded',
      'lib: needed',
      'base: needed',
    ]);
  });

  test('what is loaded stays, as a target with all of its dependencies', () => {
    const isLoaded = (ident: FullIdent) => ident.name === 'app' || ident.name === 'lib';
    expect(plan(app, 'app', { isLoaded })).toEqual(['app: loaded']);
    expect(plan({ app: 'lib', lib: 'base', base: '' }, 'app', { isLoaded: (ident) => ident.name === 'lib' })).toEqual([
      '-app',
      'lib: loaded',
      'base: needed',
    ]);
  });

  test('what others need is an error that names them', () => {
    expect(thrownBy(() => plan(app, 'lib'))).toMatchObject({
      code: 'STORE_STILL_NEEDED',
      message: "Can't remove package: a/lib/1/1. It is a dependency of 2 packages",
      details: { dependents: ['a/web/1/1', 'a/app/1/1'] },
    });
  });

  test('hab itself stays', () => {
    const rules = { exclude: [], isLoaded: () => false, withDependencies: true };
    for (const origin of ['core', 'chef']) {
      const ident = parseFullIdent(`${origin}/hab/1/1`);
      const graph = createDependencyGraph([{ ident, deps: [] }]);
      expect(planUninstall(graph, [ident], rules)).toEqual([{ type: 'keep', ident, reason: 'tool' }]);
    }
  });

  test('dependencies that are not installed are no decision', () => {
    expect(plan({ app: 'gone' }, 'app')).toEqual(['-app']);
  });
});

describe('on disk', () => {
  let sandbox: Sandbox;
  beforeEach(async () => {
    sandbox = await createSandbox();
    await sandbox.put(
      { ident: 'a/x/1/1', deps: ['a/lib/1/1'] },
      { ident: 'a/x/1/2', deps: ['a/lib/1/1'] },
      { ident: 'a/x/2/1', deps: ['a/lib/1/2'] },
      { ident: 'a/lib/1/1' },
      { ident: 'a/lib/1/2' },
    );
  });
  afterEach(() => sandbox[Symbol.asyncDispose]());

  const uninstall = async (text: string, options: UninstallOptions = {}) => {
    const { decisions } = await sandbox.store.uninstall(parseIdent(text), options);
    return decisions.flatMap((decision) => (decision.type === 'remove' ? [formatIdent(decision.ident)] : []));
  };
  const listed = async () => (await sandbox.store.list()).map(formatIdent);

  test('a request without release means the latest, or what is chosen', async () => {
    expect(await uninstall('a/x', { dryRun: true })).toEqual(['a/x/2/1', 'a/lib/1/2']);
    expect(await uninstall('a/x', { dryRun: true, choose: 'oldest' })).toEqual(['a/x/1/1']);
    expect(await uninstall('a/x/1', { dryRun: true, choose: 'all' })).toEqual(['a/x/1/1', 'a/x/1/2', 'a/lib/1/1']);
    expect(await uninstall('a/x', { dryRun: true, choose: { keepLatest: 1 } })).toEqual([
      'a/x/1/1',
      'a/x/1/2',
      'a/lib/1/1',
    ]);
    expect(await uninstall('a/x', { dryRun: true, choose: { keepLatest: 3 } })).toEqual([]);
    expect(await listed()).toHaveLength(5);
  });

  test('removes packages and the directories that become empty', async () => {
    expect(await uninstall('a/x', { choose: 'all' })).toHaveLength(5);
    expect(await readdir(sandbox.layout.packages)).toEqual([]);
  });

  test('keeps directories that others use', async () => {
    await uninstall('a/x/1/1');
    expect(await listed()).toEqual(['a/lib/1/1', 'a/lib/1/2', 'a/x/1/2', 'a/x/2/1']);
    expect(await readdir(join(sandbox.layout.packages, 'a/x/1'))).toEqual(['2']);
  });

  test('the hook runs for the last release of a package only, before it goes', async () => {
    const ran: string[] = [];
    const beforeRemove: UninstallOptions['beforeRemove'] = async (pkg) => {
      ran.push(formatIdent(pkg.ident));
      expect(await listed()).toContain(formatIdent(pkg.ident));
    };
    await uninstall('a/x', { choose: 'all', beforeRemove });
    expect(ran).toEqual(['a/x/2/1', 'a/lib/1/2']);
  });

  test('a hook that fails keeps its package', async () => {
    const beforeRemove = () => Promise.reject(new Error('exit 3'));
    await uninstall('a/x/1', { choose: 'all', withDependencies: false });
    expect(await rejectionOf(uninstall('a/x', { beforeRemove }))).toMatchObject({ message: 'exit 3' });
    expect(await listed()).toContain('a/x/2/1');
  });

  test('what is not installed, and what is still needed', async () => {
    expect(await rejectionOf(uninstall('a/none'))).toMatchObject({ code: 'STORE_PACKAGE_NOT_FOUND' });
    expect(await rejectionOf(uninstall('a/lib'))).toMatchObject({ code: 'STORE_STILL_NEEDED' });
    expect(await listed()).toHaveLength(5);
  });
});
