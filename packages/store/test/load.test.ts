import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rejectionOf } from '@hab/core/testing';
import { formatIdent, parseFullIdent, parseIdent } from '@hab/ident';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox[Symbol.asyncDispose]());

const put = (...idents: string[]) => sandbox.put(...idents.map((ident) => ({ ident })));
const loaded = async (text: string) => formatIdent((await sandbox.store.load(parseIdent(text))).ident);

describe('load', () => {
  test('the newest release, by version and then by release', async () => {
    await put('a/x/1.10/2', 'a/x/1.9/3', 'a/x/1.10/10', 'a/x/1.10-rc1/9', 'a/y/9/9', 'b/x/9/9');
    expect(await loaded('a/x')).toBe('a/x/1.10/2');
    expect(await loaded('a/x/1.9')).toBe('a/x/1.9/3');
    expect(await loaded('a/x/1.10/10')).toBe('a/x/1.10/10');
  });

  test('versions that cannot be compared are compared as bytes', async () => {
    await put('a/x/master/1', 'a/x/1.0/9');
    expect(await loaded('a/x')).toBe('a/x/master/1');
  });

  test('a package of another target does not exist', async () => {
    await sandbox.put(
      { ident: 'a/x/1/1' },
      { ident: 'a/x/2/1', target: 'x86_64-linux-kernel2' },
      { ident: 'a/x/3/1', files: { TARGET: 'nonsense\n' } },
    );
    await mkdir(join(sandbox.layout.packages, 'a/x/4/1'), { recursive: true });
    expect(await loaded('a/x')).toBe('a/x/1/1');
    expect(await rejectionOf(sandbox.store.load(parseIdent('a/x/2/1')))).toMatchObject({
      code: 'STORE_PACKAGE_NOT_FOUND',
      message: 'Cannot find package: a/x/2/1',
    });
  });

  test('what is not there', async () => {
    expect(await sandbox.store.list()).toEqual([]);
    expect(await sandbox.store.list({ origin: 'a' })).toEqual([]);
    expect(await sandbox.store.tryLoad(parseIdent('a/x'))).toBeUndefined();
    expect(await rejectionOf(sandbox.store.load(parseIdent('a/x')))).toMatchObject({
      message: 'Cannot find a release of package: a/x',
    });
  });

  test('identifiers that are no paths find nothing', async () => {
    await put('a/x/1/1');
    for (const text of ['a/..', '../a', 'a/x/../x', '//', 'a/x/1/']) {
      expect(await sandbox.store.tryLoad(parseIdent(text))).toBeUndefined();
    }
  });

  test('staging, files and links in the tree are passed over or followed', async () => {
    await put('a/x/1/1');
    const version = join(sandbox.layout.packages, 'a/x/1');
    await sandbox.put({ ident: 'a/x/1/.hab-pkg-install-2abcdef' });
    await writeFile(join(version, 'file'), '');
    await symlink('1', join(version, '2'));
    await symlink('nowhere', join(version, '3'));
    expect((await sandbox.store.list()).map(formatIdent)).toEqual(['a/x/1/1', 'a/x/1/2']);
  });
});

test('a listing is sorted by parts and can be of an origin or an identifier', async () => {
  await put('b/x/1/1', 'a/y/10/1', 'a/y/9/1', 'a/x/1/2', 'a/x/1/1');
  const list = async (filter = {}) => (await sandbox.store.list(filter)).map(formatIdent);
  expect(await list()).toEqual(['a/x/1/1', 'a/x/1/2', 'a/y/9/1', 'a/y/10/1', 'b/x/1/1']);
  expect(await list({ origin: 'a' })).toHaveLength(4);
  expect(await list(parseIdent('a/y'))).toEqual(['a/y/9/1', 'a/y/10/1']);
  expect(await list(parseIdent('a/y/10'))).toEqual(['a/y/10/1']);
});

test('at least: not below the request; a given version restricts to that version', async () => {
  await put('a/x/1.0/5', 'a/x/1.0/7', 'a/x/2.0/1');
  const atLeast = async (text: string) => {
    const pkg = sandbox.store.loadAtLeast(parseIdent(text));
    return await pkg.then((found) => formatIdent(found.ident)).catch((error: { code: string }) => error.code);
  };
  expect(await atLeast('a/x')).toBe('a/x/2.0/1');
  expect(await atLeast('a/x/1.0')).toBe('a/x/1.0/7');
  expect(await atLeast('a/x/1.0/5')).toBe('a/x/1.0/5');
  expect(await atLeast('a/x/3.0')).toBe('STORE_PACKAGE_NOT_FOUND');
});

describe('metafiles', () => {
  test('of a service', async () => {
    await sandbox.put({
      ident: 'a/svc/1/1',
      deps: ['a/x/1/1'],
      files: {
        EXPORTS: 'port=server.port\nhost=server.host\n',
        EXPOSES: '80 443\n',
        BINDS: 'db=port host\n',
        BINDS_OPTIONAL: 'cache=port\n',
        SVC_USER: 'hab\n',
        SVC_GROUP: 'hab\n',
        SHUTDOWN_SIGNAL: 'INT\n',
        SHUTDOWN_TIMEOUT: '12\n',
        RUNTIME_ENVIRONMENT: 'PATH=/old\nJAVA_HOME=/j\n',
        PACKAGE_TYPE: 'native\n',
        'default.toml': 'a = 1\n',
        'hooks/run': 'exec x\n',
      },
    });
    const pkg = await sandbox.store.load(parseIdent('a/svc'));
    expect([...(await pkg.exports())]).toEqual([
      ['port', 'server.port'],
      ['host', 'server.host'],
    ]);
    expect(await pkg.exposes()).toEqual([80, 443]);
    expect(await pkg.binds()).toEqual([{ name: 'db', exports: ['port', 'host'] }]);
    expect(await pkg.bindsOptional()).toEqual([{ name: 'cache', exports: ['port'] }]);
    expect([await pkg.svcUser(), await pkg.svcGroup()]).toEqual(['hab', 'hab']);
    expect([await pkg.shutdownSignal(), await pkg.shutdownTimeoutSec()]).toEqual(['INT', 12]);
    expect([await pkg.packageType(), await pkg.compositeType()]).toEqual(['native', 'standalone']);
    expect(await pkg.defaultToml()).toBe('a = 1');
    expect(await pkg.isRunnable()).toBe(true);
    expect(await pkg.deps()).toEqual([parseFullIdent('a/x/1/1')]);
    expect(await pkg.hook('run')).toBe(join(pkg.directory, 'hooks/run'));
    expect(await pkg.hook('init')).toBeUndefined();
    expect(pkg.prefix).toBe('/hab/pkgs/a/svc/1/1');
  });

  test('of a library: nothing is there', async () => {
    await put('a/lib/1/1');
    const pkg = await sandbox.store.load(parseIdent('a/lib'));
    expect([await pkg.exposes(), await pkg.binds(), await pkg.tdeps(), await pkg.services()]).toEqual([[], [], [], []]);
    expect([await pkg.svcUser(), await pkg.defaultToml(), await pkg.installHookStatus()]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect([await pkg.shutdownSignal(), await pkg.shutdownTimeoutSec()]).toEqual(['TERM', 8]);
    expect([await pkg.isRunnable(), await pkg.recordedRuntimePath()]).toEqual([false, undefined]);
    expect((await pkg.exports()).size).toBe(0);
  });

  test('of a composite', async () => {
    await sandbox.put({
      ident: 'a/all/1/1',
      files: {
        TYPE: 'composite\n',
        SERVICES: 'a/web\n',
        RESOLVED_SERVICES: 'a/web/1/1\n',
        BIND_MAP: 'a/web=db:a/db\n',
      },
    });
    const pkg = await sandbox.store.load(parseIdent('a/all'));
    expect(await pkg.compositeType()).toBe('composite');
    expect(await pkg.services()).toEqual([parseIdent('a/web')]);
    expect(await pkg.resolvedServices()).toEqual([parseFullIdent('a/web/1/1')]);
    expect((await pkg.bindMap()).get('a/web')).toEqual([{ bind: 'db', satisfiedBy: parseIdent('a/db') }]);
  });

  test('a start script makes a package runnable, a directory of that name does not', async () => {
    await sandbox.put(
      { ident: 'a/one/1/1', files: { run: '#!/bin/sh\n' } },
      { ident: 'a/two/1/1', files: { 'run/x': '' } },
    );
    expect(await (await sandbox.store.load(parseIdent('a/one'))).isRunnable()).toBe(true);
    expect(await (await sandbox.store.load(parseIdent('a/two'))).isRunnable()).toBe(false);
  });
});

describe('environment', () => {
  const environment = async (text: string, hasSslCertFile?: boolean) =>
    Object.fromEntries(await sandbox.store.environment(await sandbox.store.load(parseIdent(text)), { hasSslCertFile }));

  test('without RUNTIME_PATH and PATH only what the package set, and no PATH', async () => {
    await sandbox.put({ ident: 'a/x/1/1', files: { RUNTIME_ENVIRONMENT: 'PATH=/x\nJAVA_HOME=/j\nFOO=bar\n' } });
    expect(await environment('a/x')).toEqual({ FOO: 'bar', JAVA_HOME: '/j' });
  });

  test('RUNTIME_PATH gives PATH, in order; an empty one gives none', async () => {
    await sandbox.put(
      {
        ident: 'a/x/1/1',
        files: { RUNTIME_PATH: '/hab/pkgs/b/bin:/hab/pkgs/a/bin\n', PATH: '/hab/pkgs/a/x/1/1/bin\n' },
      },
      { ident: 'a/y/1/1', files: { RUNTIME_PATH: '', PATH: '/hab/pkgs/a/y/1/1/bin\n' } },
    );
    expect(await environment('a/x')).toEqual({ PATH: '/hab/pkgs/b/bin:/hab/pkgs/a/bin' });
    expect(await environment('a/y')).toEqual({});
  });

  test('paths to be re-rooted override; a certificate file of the caller drops the package’s', async () => {
    await sandbox.put({
      ident: 'a/x/1/1',
      files: { RUNTIME_ENVIRONMENT: 'SSL_CERT_FILE=/c\nHOME_DIR=/old\n', RUNTIME_ENVIRONMENT_PATHS: 'HOME_DIR=/new\n' },
    });
    expect(await environment('a/x')).toEqual({ HOME_DIR: '/new', SSL_CERT_FILE: '/c' });
    expect(await environment('a/x', true)).toEqual({ HOME_DIR: '/new' });
  });

  test('packages older than RUNTIME_PATH: own, direct, then transitive dependencies, first occurrence kept', async () => {
    const p = (name: string, ...directories: string[]) =>
      `${directories.map((directory) => `/hab/pkgs/o/${name}/1/1/${directory}`).join(':')}\n`;
    const id = (name: string) => `o/${name}/1/1`;
    const old = (name: string, path: string | undefined, deps: string[] = [], tdeps: string[] = deps) => ({
      ident: id(name),
      deps: deps.map(id),
      tdeps: tdeps.map(id),
      files: (path === undefined ? {} : { PATH: path }) as Record<string, string>,
    });
    await sandbox.put(
      old(
        'alpha',
        p('alpha', 'sbin', '.gem/bin', 'bin'),
        ['charlie', 'hotel', 'beta'],
        ['beta', 'charlie', 'delta', 'echo', 'foxtrot', 'golf', 'hotel'],
      ),
      old('beta', p('beta', 'bin')),
      old('charlie', p('charlie', 'sbin')),
      old('delta', undefined),
      old('echo', undefined),
      old('foxtrot', p('foxtrot', 'bin')),
      old('golf', p('golf', 'bin')),
      old('hotel', p('hotel', 'bin')),
    );
    const names = (await sandbox.store.runtimePath(await sandbox.store.load(parseIdent('o/alpha')))).map((entry) =>
      entry.replace(/^\/hab\/pkgs\/o\/(\w+)\/1\/1/, '$1'),
    );
    expect(names).toEqual([
      'alpha/sbin',
      'alpha/.gem/bin',
      'alpha/bin',
      'charlie/sbin',
      'hotel/bin',
      'beta/bin',
      'foxtrot/bin',
      'golf/bin',
    ]);
  });

  test('foreign entries of PATH are dropped, missing dependencies of old packages are named', async () => {
    await sandbox.put({ ident: 'a/x/1/1', files: { PATH: '/usr/bin:/hab/pkgs/a/x/1/1/bin:/hab/pkgs/a/x/1/10/bin\n' } });
    expect(await environment('a/x')).toEqual({ PATH: '/hab/pkgs/a/x/1/1/bin' });
    await sandbox.put({ ident: 'a/y/1/1', deps: ['a/gone/1/1'], files: { PATH: '/hab/pkgs/a/y/1/1/bin\n' } });
    expect(await rejectionOf(environment('a/y'))).toMatchObject({ message: 'Cannot find package: a/gone/1/1' });
  });
});

test('provides: files, links and directories of that name at any depth, links not followed', async () => {
  await sandbox.put(
    { ident: 'a/x/1/1', files: { 'bin/tool': '', 'share/tool/readme': '' }, links: { 'lib/tool': '../bin' } },
    { ident: 'a/y/1/1', files: { 'bin/toolbox': '' }, links: { tool: '/' } },
  );
  const found = (await sandbox.store.provides('tool')).map(
    ({ ident, path }) => `${formatIdent(ident)} ${path.slice(sandbox.root.length)}`,
  );
  expect(found).toEqual([
    'a/x/1/1 /hab/pkgs/a/x/1/1/bin/tool',
    'a/x/1/1 /hab/pkgs/a/x/1/1/lib/tool',
    'a/x/1/1 /hab/pkgs/a/x/1/1/share/tool',
    'a/y/1/1 /hab/pkgs/a/y/1/1/tool',
  ]);
  expect(await sandbox.store.provides('bin/tool')).toEqual([]);
  expect(await rejectionOf(sandbox.store.provides('tool', { signal: AbortSignal.abort('enough') }))).toBe('enough');
});

test('install hooks: dependencies first, those that ran well left out', async () => {
  const hook = { 'hooks/install': 'true\n' };
  await sandbox.put(
    { ident: 'a/base/1/1', files: hook },
    { ident: 'a/done/1/1', files: hook },
    { ident: 'a/failed/1/1', files: hook },
    { ident: 'a/plain/1/1' },
    {
      ident: 'a/top/1/1',
      deps: ['a/failed/1/1'],
      tdeps: ['a/failed/1/1', 'a/plain/1/1', 'a/done/1/1', 'a/base/1/1'],
      files: hook,
    },
  );
  const load = (text: string) => sandbox.store.load(parseIdent(text));
  await sandbox.store.writeInstallHookStatus(await load('a/done'), 0);
  await sandbox.store.writeInstallHookStatus(await load('a/failed'), 7);
  const pending = await sandbox.store.pendingInstallHooks(parseFullIdent('a/top/1/1'));
  expect(pending.map((pkg) => pkg.ident.name)).toEqual(['base', 'failed', 'top']);
  const status = join((await load('a/failed')).directory, 'INSTALL_HOOK_STATUS');
  expect([await readFile(status, 'utf8'), (await stat(status)).mode & 0o777]).toEqual(['7', 0o644]);
  expect(await (await load('a/failed')).installHookStatus()).toBe(7);
});
