import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { Root } from './harness.ts';
import { DEFAULT, install, Site, siteOf, traced, WEB } from './site.ts';

const ODD = {
  'default.toml': DEFAULT,
  'config/odd.conf': [
    'port {{cfg.port}}',
    'keys {{cfg.__proto__}} {{cfg.constructor}} {{cfg.toString}}',
    '{{#eachAlive cfg.peers as |peer| ~}}',
    'peer {{peer.name}}',
    '{{/eachAlive ~}}',
    '{{#if cfg.loop}}{{> loop/one}}{{/if}}',
    '{{#if cfg.list}}{{strJoin cfg.list ","}}{{/if}}',
    '{{#if cfg.text}}{{toUppercase cfg.text}}{{/if}}',
    '{{#if cfg.dep}}{{pkgPathFor cfg.dep}}{{/if}}',
    '',
  ].join('\n'),
  'config/loop/one': '{{#if cfg.loop}}{{> loop/two}}{{/if}}',
  'config/loop/two': '{{#if cfg.loop}}{{> loop/one}}{{/if}}',
  'hooks/reconfigure': traced('reconfigure'),
};

const GOOD = 'port 80\nkeys   \n\n\n\n\n';

test('what a template cannot render leaves the files in force, with the reason and its place, until something else comes', async () => {
  await using root = new Root();
  install(root, 'web', ODD);
  const site = await siteOf(root);
  await site.load('web');
  const bad: readonly [string, RegExp][] = [
    ['peers = [{ name = "x", alive = "yes" }]', /odd\.conf, line 3, column 1[\s\S]*eachAlive.*alive/],
    ['loop = true', /loop\/(?:one|two)[\s\S]*partials/],
    ['list = { a = 1 }', /line 7[\s\S]*strJoin.*must be a list, found a table/],
    ['text = 5', /line 8[\s\S]*toUppercase.*must be a text, found the integer 5/],
    ['dep = "not/an/ident/at/all"', /line 9[\s\S]*pkgPathFor/],
  ];
  let version = 0;
  for (const [text, reason] of bad) {
    await site.apply(++version, `port = 81\n${text}\n`);
    const stays = async (): Promise<boolean> => {
      const { stderr } = await site.ok(['svc', 'status']);
      return reason.test(stderr);
    };
    await site.supervisor.until(stays, `${reason} to show`);
    expect([site.file('web/config/odd.conf'), existsSync(root.path('svc/web/var/trace'))]).toEqual([GOOD, false]);
  }
  // What does not even parse never becomes a layer.
  const deep = `a = ${'['.repeat(200)}${']'.repeat(200)}`;
  for (const text of ['port = ', 'port = 9223372036854775808', deep, '[a]\n[a]', 'a = "\\ud800"']) {
    expect(
      await root.hab(['config', 'apply', 'web.default', '99', '-r', site.supervisor.remote], { input: text }),
    ).toMatchObject({
      code: 1,
    });
  }
  expect(
    await root.hab(['config', 'apply', 'web.default', '99', '-r', site.supervisor.remote], {
      input: Uint8Array.of(0x61, 0xff),
    }),
  ).toMatchObject({ code: 1 });
  await site.apply(++version, '__proto__ = "p"\nconstructor = "c"\n');
  await site.become('web/config/odd.conf', GOOD.replace('keys  ', 'keys p c'));
  expect((await site.ok(['svc', 'status'])).stderr).toBe('');
  expect(site.file('web/var/trace')).toBe('reconfigure\n');
}, 120_000);

test('a release whose templates cannot be used does not start; the files of the one before stay', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root);
  await site.load('web');
  const before = site.file('web/config/web.conf');
  const nested = `${'{{#if cfg.port}}'.repeat(100_000)}x${'{{/if}}'.repeat(100_000)}`;
  const bad: readonly [string, string | Uint8Array, RegExp][] = [
    ['config/web.conf', 'x'.repeat(10 * 1024 * 1024 + 1), /web\.conf.*10485760/],
    ['config/web.conf', nested, /web\.conf[\s\S]*nested deeper than 200/],
    ['config/web.conf', Uint8Array.of(0x61, 0xff), /web\.conf.*UTF-8/],
    ['config/web.conf', '{{#if cfg.port}}', /web\.conf, line 1, column 1/],
    ['hooks/reconfigure', '{{', /reconfigure, line 1, column 3/],
    ['default.toml', 'port = no\n', /default\.toml, line 1, column \d+ is not TOML/],
  ];
  for (const [index, [name, content, reason]] of bad.entries()) {
    const release = `2026030${index}000000`;
    const base = install(root, 'web', WEB, release);
    writeFileSync(`${base}/${name}`, content);
    await site.ok(['svc', 'load', 'acme/web', '--force', '--shutdown-timeout', String(index + 10)]);
    const refused = async (): Promise<boolean> => reason.test((await site.ok(['svc', 'status'])).stderr);
    await site.supervisor.until(refused, `${reason} to show`);
    expect(site.file('web/config/web.conf')).toBe(before);
    rmSync(base, { recursive: true });
  }
  const unreadable = install(root, 'web', WEB, '20260401000000');
  writeFileSync(`${unreadable}/default.toml`, Uint8Array.of(0x70, 0xff));
  const refused = await root.hab(['svc', 'load', 'acme/web', '--force', '-r', site.supervisor.remote]);
  expect([refused.code, /default\.toml.*UTF-8/.test(refused.stderr)]).toEqual([1, true]);
  rmSync(unreadable, { recursive: true });
  await site.ok(['svc', 'load', 'acme/web', '--force']);
  await site.up('web');
}, 120_000);

test('a user.toml that cannot be read leaves the configuration in force', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root);
  await site.load('web');
  const user = root.path('user/web/config/user.toml');
  mkdirSync(user, { recursive: true });
  await site.supervisor.line(/Reloading user-config failed: .*user\.toml cannot be read/);
  expect(await site.shown()).toMatchObject({ port: 80 });
  rmSync(user, { recursive: true });
  writeFileSync(user, 'port = 82\n');
  await site.become('web/config/web.conf', 'port 82\nname web\ncert dev.pem\n');
});

test('a Supervisor that is killed in the middle of a change: all files are of one configuration, and the service hears of it', async () => {
  await using root = new Root();
  const names = Array.from({ length: 24 }, (_, index) => `part-${index}.conf`);
  const parts = Object.fromEntries(names.map((name) => [`config/${name}`, '{{cfg.port}}']));
  const reconfigure = '#!/bin/sh\ncat {{pkg.svc_config_path}}/part-0.conf >> {{pkg.svc_var_path}}/heard\n';
  install(root, 'web', { ...parts, 'default.toml': 'port = 100\n', 'hooks/reconfigure': reconfigure });
  const site = await siteOf(root);
  await site.load('web');
  const pid = site.file('web/PID');
  const config = (): Set<string> => new Set(names.map((name) => site.file(`web/config/${name}`)));
  for (let version = 1; version <= 8; version++) {
    const port = String(100 + version);
    await site.apply(version, `port = ${port}\n`);
    // Some fall before the files change, some between two of them, some after.
    await new Promise((resolve) => setTimeout(resolve, version * 3));
    site.killSupervisor();
    const told = async (): Promise<boolean> =>
      existsSync(root.path('svc/web/var/heard')) && site.file('web/var/heard').endsWith(port);
    await site.supervisor.until(told, `the service to hear of ${port}`);
    await site.supervisor.until(async () => [...config()].join() === port, `all files to be of ${port}`);
    await site.up('web');
  }
  expect(site.file('web/PID')).toBe(pid);
  // Nothing is left beside the files once the last Supervisor has done its work.
  const tidy = async (): Promise<boolean> =>
    readdirSync(root.path('svc/web')).every((name) => !name.startsWith('.')) &&
    readdirSync(root.path('svc/web/config')).length === names.length;
  await site.supervisor.until(tidy, 'nothing to be left over');
}, 120_000);

test('what changes while no Supervisor runs is acted on by the next', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root);
  await site.load('web');
  const pid = site.file('web/PID');
  mkdirSync(root.path('user/web/config'), { recursive: true });
  site.killSupervisor('SIGSTOP');
  writeFileSync(root.path('user/web/config/user.toml'), 'port = 90\n');
  site.killSupervisor();
  await site.become('web/config/web.conf', 'port 90\nname web\ncert dev.pem\n');
  await site.become('web/var/trace', 'reconfigure\n');
  expect(site.file('web/PID')).toBe(pid);
});

test('a post-run that has not succeeded goes on under the next Supervisor; one that has does not', async () => {
  await using root = new Root();
  const postRun = (more: string): string => `#!/bin/sh\necho post-run >> {{pkg.svc_var_path}}/trace\n${more}`;
  install(root, 'web', { ...WEB, 'hooks/post-run': postRun('') });
  install(root, 'slow', { 'hooks/post-run': postRun('test -e {{pkg.svc_var_path}}/go\n') });
  const site = await siteOf(root);
  await site.load('web');
  await site.load('slow');
  await site.become('web/var/trace', 'post-run\n');
  await site.supervisor.until(async () => existsSync(root.path('svc/slow/var/trace')), 'post-run to fail');
  site.killSupervisor();
  await site.supervisor.line(/Reattaching to web\.default/);
  writeFileSync(root.path('svc/slow/var/go'), '');
  await site.supervisor.until(async () => !existsSync(root.path('svc/slow/.post-run')), 'post-run to succeed');
  expect(site.file('web/var/trace')).toBe('post-run\n');
});

test('hooks that take long hold nothing up', async () => {
  await using root = new Root();
  const stuck = '#!/bin/sh\necho {{pkg.name}} >> {{pkg.svc_var_path}}/trace\nexec sleep 300\n';
  install(root, 'web', {
    ...WEB,
    'hooks/reconfigure': stuck,
    'hooks/file-updated': stuck,
    'hooks/health-check': stuck,
  });
  install(root, 'other', { ...WEB, 'hooks/reconfigure': traced('reconfigure') });
  const site = new Site(root, await root.supervisor());
  await site.load('web');
  await site.load('other');
  await site.apply(1, 'port = 81\n');
  const upload = root.path('upload.txt');
  writeFileSync(upload, 'sent');
  await site.ok(['file', 'upload', 'web.default', '1', upload]);
  await site.become('web/var/trace', 'web\nweb\nweb\n');
  await site.ok(['config', 'apply', 'other.default', '1'], 'port = 82\n');
  await site.become('other/var/trace', 'reconfigure\n');
  // A service whose hooks hang is stopped all the same, with everything that they started.
  await site.ok(['svc', 'stop', 'acme/web']);
  await site.supervisor.until(async () => !existsSync(root.path('svc/web/PID')), 'web to end');
});

test('a folder given with --config-from takes the place of configuration, templates and hooks of the package', async () => {
  await using root = new Root();
  install(root, 'web', { ...WEB, 'config/other.conf': 'of the package\n' });
  const from = root.path('development');
  for (const folder of ['config', 'hooks']) mkdirSync(`${from}/${folder}`, { recursive: true });
  writeFileSync(`${from}/default.toml`, 'port = 4000\n');
  writeFileSync(`${from}/config/web.conf`, 'mine {{cfg.port}} {{pkg.ident}}\n');
  writeFileSync(`${from}/hooks/run`, '#!/bin/sh\nexec sleep 1000\n');
  const site = await siteOf(root);
  await site.load('web', '--config-from', '/hab/development');
  expect(site.file('web/config/web.conf')).toBe('mine 4000 acme/web/1.0/20260101000000\n');
  expect([readdirSync(root.path('svc/web/config')), readdirSync(root.path('svc/web/hooks'))]).toEqual([
    ['web.conf'],
    ['run'],
  ]);
  const { stdout } = await site.ok(['config', 'show', 'web.default', '--source']);
  expect(stdout).toContain('default, /hab/development/default.toml');
});

test('what a service puts in place of its own files neither holds the Supervisor up nor ends it', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  install(root, 'other', WEB);
  const site = await siteOf(root);
  await site.load('web');
  await site.load('other');
  rmSync(root.path('svc/web/config/web.conf'));
  spawnSync('mkfifo', [root.path('svc/web/config/web.conf')]);
  mkdirSync(root.path('svc/web/files/upload.txt/full'), { recursive: true });
  spawnSync('mkfifo', [root.path('svc/web/files/pipe.txt')]);
  await site.apply(1, 'port = 81\n');
  for (const [version, name] of ['upload.txt', 'pipe.txt'].entries()) {
    writeFileSync(root.path(name), 'sent');
    await site.ok(['file', 'upload', 'web.default', `${version + 1}`, root.path(name)]);
    await site.become(`web/files/${name}`, 'sent');
  }
  await site.supervisor.until(() => Promise.resolve(statSync(root.path('svc/web/config/web.conf')).isFile()), 'a file');
  expect(site.file('web/config/web.conf')).toContain('port 81\n');
  await site.ok(['config', 'apply', 'other.default', '1'], 'port = 82\n');
  await site.supervisor.until(
    async () => site.file('other/config/web.conf').includes('port 82\n'),
    'the other service',
  );
});
