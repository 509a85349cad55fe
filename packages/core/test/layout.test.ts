import { expect, test } from 'vitest';

import { createCallerLayout, createLayout, defaultPackagePrefix, formatRelease } from '../src/index.ts';

test('root owns /hab', () => {
  const layout = createLayout();
  expect(layout.keyCache).toBe('/hab/cache/keys');
  expect(layout.supervisor.lock).toBe('/hab/sup/default/LOCK');
  expect(layout.service('redis').hookLog('init', 'stdout')).toBe('/hab/svc/redis/logs/init.stdout.log');
  expect(layout.userConfig('redis')).toBe('/hab/user/redis/config/user.toml');
});

test('a prefix moves everything but what packages believe', () => {
  const layout = createLayout({ root: '/mnt/x/' });
  expect(layout.package('acme', 'zee', '1', '2')).toBe('/mnt/x/hab/pkgs/acme/zee/1/2');
  expect(layout.prefix('acme', 'zee', '1', '2')).toBe('/hab/pkgs/acme/zee/1/2');
});

test('another name for the tree moves what packages believe, too', () => {
  const layout = createLayout({ hab: '/opt/hab/' });
  expect(layout.keyCache).toBe('/opt/hab/cache/keys');
  expect(layout.package('acme', 'zee', '1', '2')).toBe('/opt/hab/pkgs/acme/zee/1/2');
  expect(layout.prefix('acme', 'zee', '1', '2')).toBe('/opt/hab/pkgs/acme/zee/1/2');
});

test('others keep caches and settings at home, whatever the root', () => {
  const layout = createLayout({ root: '/mnt/x', home: '/home/ann' });
  expect(layout.artifactCache).toBe('/home/ann/.hab/cache/artifacts');
  expect(layout.cliConfig).toBe('/home/ann/.hab/etc/cli.toml');
  expect(layout.packages).toBe('/mnt/x/hab/pkgs');
});

test('builds look alike for everybody: sources are below the tree', () => {
  for (const home of [undefined, '/home/ann']) {
    const { sourceCache, buildView } = createLayout({ home });
    expect([sourceCache, buildView]).toEqual(['/hab/cache/src', '/hab/cache/view']);
  }
});

test('a release is fourteen digits of UTC', () => {
  expect(formatRelease(Date.UTC(2018, 0, 2, 3, 4, 5))).toBe('20180102030405');
});

test('the default prefix is that of the default layout', () => {
  expect(defaultPackagePrefix('acme', 'zee', '1', '2')).toBe(createLayout().prefix('acme', 'zee', '1', '2'));
});

test('every program of a caller finds the same caches, inside a private root too', () => {
  const env = { FS_ROOT: '', HOME: '/home/ann' };
  expect(createCallerLayout(env, 0).keyCache).toBe('/hab/cache/keys');
  expect(createCallerLayout(env, 1000).keyCache).toBe('/home/ann/.hab/cache/keys');
  expect(createCallerLayout({ ...env, HAB_ROOT_CALLER: '1000' }, 0).keyCache).toBe('/home/ann/.hab/cache/keys');
  expect(createCallerLayout({ ...env, HAB_ROOT_CALLER: '0' }, 65_534).keyCache).toBe('/hab/cache/keys');
  expect(createCallerLayout({ HOME: '' }, 1000).keyCache).toBe('/hab/cache/keys');
});
