import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { Root } from './harness.ts';
import { DEFAULT, install, PROXY, Site, siteOf, traced, WEB } from './site.ts';

test('each value and the layer that it comes from', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  mkdirSync(root.path('user/web/config'), { recursive: true });
  writeFileSync(root.path('user/web/config/user.toml'), '[tls]\ncert = "host.pem"\n');
  const site = await siteOf(root, { HAB_WEB: '{"tls": {"on": true}}' });
  await site.load('web');
  await site.apply(3, 'port = 7000\n');
  const plain = await site.ok(['config', 'show', 'web.default']);
  expect(plain.stdout).toBe('port = 7000\nname = "web"\n\n[tls]\non = true\ncert = "host.pem"\n');
  const { stdout } = await site.ok(['config', 'show', 'web.default', '--source']);
  const lines = stdout.split('\n').map((line) => line.split(/ +# /));
  expect(lines).toEqual([
    ['port = 7000', 'gossip, hab config apply version 3'],
    ['name = "web"', 'default, /hab/pkgs/acme/web/1.0/20260101000000/default.toml'],
    ['tls.on = true', 'environment, HAB_WEB'],
    ['tls.cert = "host.pem"', 'user, /hab/user/web/config/user.toml'],
    [''],
  ]);
  const json = JSON.parse((await site.ok(['config', 'show', 'web.default', '--source', '--json'])).stdout);
  expect(json).toMatchObject({
    service_group: 'web.default',
    precedence: 'default',
    problem: null,
    sources: { port: 'gossip', name: 'default', tls: { on: 'environment', cert: 'user' } },
    layers: [{ name: 'default' }, { name: 'user' }, { name: 'gossip', version: 3 }, { name: 'environment' }],
  });
  expect(await site.supervisor.json('/services/web/default/config/sources')).toMatchObject({ sources: json.sources });
  expect((await site.ok(['config', 'show', 'acme/web'])).stdout).toBe(DEFAULT);
  const none = await root.hab(['config', 'show', 'db.default', '-r', site.supervisor.remote]);
  expect([none.code, none.stderr.includes('No service of the group db.default')]).toEqual([1, true]);
});

test('a configuration is replaced, merged and taken apart; an old version changes nothing', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root);
  await site.load('web');
  await site.apply(1, 'port = 81\n[tls]\non = true\n');
  await site.apply(2, 'name = "two"\n[tls]\ncert = "c"\n', '--merge');
  expect(await site.shown()).toEqual({ port: 81, name: 'two', tls: { on: true, cert: 'c' } });
  await site.become('web/config/web.conf', 'port 81\nname two\ncert c\n');

  const removal = await site.apply(3, '', '--delete', 'tls.cert', '--delete', 'none.such');
  expect(removal.stderr).toContain('none.such was not applied to web.default');
  expect(removal.stderr).toContain('tls.cert: "c" -> nothing');
  expect(await site.shown()).toEqual({ port: 81, name: 'two', tls: { on: true, cert: 'dev.pem' } });

  const both = await site.apply(4, 'port = 82\n', '--merge', '--delete', 'tls.on', '--dry-run');
  expect(both.stdout).toContain('port: 81 -> 82\n');
  expect(both.stdout).toContain('tls: { on = true } -> nothing\n');

  for (const version of [3, 1]) {
    const stale = await site.apply(version, 'port = 1\n');
    expect(stale.stderr).toContain('Nothing changed: web.default has version 3');
    expect(stale.stdout).not.toContain('Applied configuration');
  }
  const json = await site.apply(2, 'port = 1\n', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ outcome: 'stale', version: 2, current_version: 3 });
  expect(await site.shown()).toMatchObject({ port: 81 });

  const typo = await site.apply(4, 'prot = 1\n');
  expect(typo.stderr).toContain('prot is not in the default.toml');
  expect(await site.shown()).toMatchObject({ port: 80, prot: 1 });
});

test('what the environment hides has no effect, and that is said', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root, { HAB_WEB: 'port = 99' });
  await site.load('web');
  const { stderr } = await site.apply(1, 'port = 81\n');
  expect(stderr).toContain('port has no effect: the environment layer sets it too');
  expect(await site.shown()).toMatchObject({ port: 99 });
});

test('what the environment hides inside a table, and what is of another kind than its default, is said too', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root, { HAB_WEB: '[tls]\non = true' });
  await site.load('web');
  const { stderr } = await site.apply(1, 'port = "81"\n[tls]\non = false\ncert = "c"\n');
  expect(stderr).toContain('tls.on has no effect: the environment layer sets it too');
  expect(stderr).not.toContain('tls.cert has no effect');
  expect(stderr).toContain('port is a text here and a number in the default.toml of the package');
  const missing = await root.hab(['config', 'apply', 'web.default', '2', 'no/such.toml', '-r', site.supervisor.remote]);
  expect([missing.code, missing.stderr.includes('Cannot read no/such.toml')]).toEqual([1, true]);
});

test('a dry run shows every file and hook that a change reaches, here and in the services bound to it, and does nothing', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  install(root, 'proxy', PROXY);
  const site = await siteOf(root);
  await site.load('web');
  await site.load('proxy', '--bind', 'backend:web.default');
  await site.become('proxy/config/proxy.conf', 'server 80\n');
  const before = site.file('web/config/web.conf');
  const { stdout } = await site.apply(1, 'port = 81\n', '--dry-run');
  expect(stdout).toContain('port: nothing -> 81\n');
  expect(stdout).toContain(
    '--- web.default/config/web.conf\n+++ web.default/config/web.conf\n@@ -1,3 +1,3 @@\n-port 80\n+port 81\n name web\n cert dev.pem\n',
  );
  expect(stdout).toContain('web.default: 1 file change, the service runs on; hooks: reconfigure\n');
  expect(stdout).toContain('-server 80\n+server 81\n');
  expect(stdout).toContain('proxy.default: 1 file change, the service restarts; hooks: run\n');
  const json = JSON.parse((await site.apply(1, 'port = 81\n', '--dry-run', '--json')).stdout);
  expect(json).toMatchObject({ outcome: 'dry-run', current_version: null });
  expect(json.services.map((service: { hooks: string[] }) => service.hooks)).toEqual([['run'], ['reconfigure']]);
  expect([site.file('web/config/web.conf'), existsSync(root.path('svc/web/var/trace'))]).toEqual([before, false]);
  expect(await site.shown()).toMatchObject({ port: 80 });
  const none = await site.apply(1, 'other = 1\n', '--dry-run');
  expect(none.stdout).toContain('web.default: no file changes, no hook runs\n');
});

test('a configuration that its own check refuses replaces nothing; the status says why until a good one comes', async () => {
  await using root = new Root();
  const check =
    '#!/bin/sh\nif grep -q "port 99" {{pkg.svc_config_path}}/web.conf; then echo "99 is taken" >&2; exit 3; fi\n';
  install(root, 'web', { ...WEB, 'hooks/config-check': check });
  const site = await siteOf(root);
  await site.load('web');
  const before = site.file('web/config/web.conf');
  await site.apply(1, 'port = 99\n');
  await site.supervisor.line(
    /The configuration in force stays: the config-check hook of web.default ended with status 3/,
  );
  expect(site.file('web/config/web.conf')).toBe(before);
  const status = await site.ok(['svc', 'status']);
  expect(status.stderr).toContain('99 is taken');
  const [row] = JSON.parse((await site.ok(['svc', 'status', '--json'])).stdout);
  expect(row).toMatchObject({ group: 'web.default', state: 'up', problem: expect.stringContaining('99 is taken') });
  const view = await site.supervisor.json('/services/web/default');
  expect(view).toMatchObject({ config_problem: expect.stringContaining('99 is taken') });
  expect((await site.ok(['config', 'show', 'web.default'])).stderr).toContain('99 is taken');
  expect(existsSync(root.path('svc/web/staged'))).toBe(false);

  await site.apply(2, 'port = 98\n');
  await site.become('web/config/web.conf', 'port 98\nname web\ncert dev.pem\n');
  expect((await site.ok(['svc', 'status'])).stderr).toBe('');
});

test('a configuration that is refused is told once, and not to the services that are bound to its group', async () => {
  await using root = new Root();
  const check = '#!/bin/sh\n! grep -q "port 99" {{pkg.svc_config_path}}/web.conf\n';
  const config = `${WEB['config/web.conf']}me {{svc.me.cfg.port}}\n`;
  install(root, 'web', { ...WEB, 'config/web.conf': config, 'hooks/config-check': check });
  install(root, 'proxy', PROXY);
  const site = await siteOf(root);
  await site.load('web');
  await site.load('proxy', '--bind', 'backend:web.default');
  await site.become('proxy/config/proxy.conf', 'server 80\n');
  await site.apply(1, 'port = 99\n');
  await site.supervisor.line(/The configuration in force stays/);
  await site.ok(['config', 'apply', 'other.default', '1'], 'port = 1\n');
  await site.apply(2, 'port = 98\n');
  await site.become('proxy/config/proxy.conf', 'server 98\n');
  expect(site.file('web/config/web.conf')).toBe('port 98\nname web\ncert dev.pem\nme 98\n');
  await site.supervisor.line(/Modified configuration file .*proxy\.conf/);
  const said = (pattern: RegExp): number => [...site.supervisor.output.matchAll(pattern)].length;
  expect(said(/Modified configuration file .*proxy\.conf/g)).toBe(1);
  expect(said(/Modified configuration file .*web\.conf/g)).toBe(1);
  expect(said(/The configuration in force stays/g)).toBe(1);
});

test('a service whose first configuration is refused does not start, and does when it is mended', async () => {
  await using root = new Root();
  const check = '#!/bin/sh\ngrep -q "port 80" {{pkg.svc_config_path}}/web.conf && exit 1; exit 0\n';
  install(root, 'web', { ...WEB, 'hooks/config-check': check, 'hooks/init': traced('init') });
  const site = await siteOf(root);
  await site.ok(['svc', 'load', 'acme/web']);
  await site.supervisor.line(/Unable to start web.default: the config-check hook/);
  expect(existsSync(root.path('svc/web/var/trace'))).toBe(false);
  expect(readdirSync(root.path('svc/web/config'))).toEqual([]);
  await site.apply(1, 'port = 81\n');
  await site.up('web');
  expect(site.file('web/var/trace')).toBe('init\n');
});

test('a user.toml that does not parse leaves the configuration in force, and the status says so until it is mended', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  const site = await siteOf(root);
  await site.load('web');
  mkdirSync(root.path('user/web/config'), { recursive: true });
  const user = root.path('user/web/config/user.toml');
  for (const bad of ['port = no\n', Uint8Array.of(0x70, 0xff)]) {
    writeFileSync(user, bad);
    const problem = async (): Promise<boolean> =>
      (await site.ok(['svc', 'status'])).stderr.includes('user-config failed');
    await site.supervisor.until(problem, 'the problem to show');
    expect(await site.shown()).toMatchObject({ port: 80 });
    writeFileSync(user, 'name = "mine"\n');
    await site.become('web/config/web.conf', 'port 80\nname mine\ncert dev.pem\n');
    await site.supervisor.until(async () => !(await problem()), 'the problem to be gone');
    rmSync(user);
    await site.become('web/config/web.conf', 'port 80\nname web\ncert dev.pem\n');
  }
});

test('a change during init is kept until the service runs', async () => {
  await using root = new Root();
  const init =
    '#!/bin/sh\ntouch {{pkg.svc_var_path}}/begun\nwhile ! test -e {{pkg.svc_var_path}}/go; do sleep 0.02; done\n';
  install(root, 'web', { ...WEB, 'hooks/init': init, 'hooks/file-updated': traced('file-updated') });
  const site = await siteOf(root);
  await site.ok(['svc', 'load', 'acme/web']);
  await site.supervisor.until(async () => existsSync(root.path('svc/web/var/begun')), 'init to begin');
  await site.apply(1, 'port = 81\n');
  await site.become('web/config/web.conf', 'port 81\nname web\ncert dev.pem\n');
  const upload = root.path('upload.txt');
  writeFileSync(upload, 'sent');
  await site.ok(['file', 'upload', 'web.default', '1', upload]);
  await site.become('web/files/upload.txt', 'sent');
  expect(existsSync(root.path('svc/web/var/trace'))).toBe(false);
  writeFileSync(root.path('svc/web/var/go'), '');
  await site.supervisor.until(async () => {
    const trace = existsSync(root.path('svc/web/var/trace')) ? site.file('web/var/trace') : '';
    return trace.includes('reconfigure') && trace.includes('file-updated');
  }, 'both hooks');
});

test('a hook that takes too long is ended with everything it started', async () => {
  await using root = new Root();
  install(root, 'web', { ...WEB, 'hooks/reconfigure': '#!/bin/sh\nsleep 300 &\nwait\n' });
  const site = new Site(root, await root.supervisor(['--hook-timeout', 'reconfigure=1']));
  await site.load('web');
  await site.apply(1, 'port = 81\n');
  await site.supervisor.line(/reconfigure was ended: it ran longer than 1 s/);
  expect(await site.shown()).toMatchObject({ port: 81 });
});

test('files that a newer package no longer has are gone after its start, the service\u2019s own stay', async () => {
  await using root = new Root();
  install(root, 'web', { ...WEB, 'config/old.conf': 'old\n', 'hooks/post-run': traced('post-run') });
  const site = await siteOf(root);
  await site.load('web');
  writeFileSync(root.path('svc/web/config/own.key'), 'k');
  install(root, 'web', WEB, '20260202000000');
  await site.ok(['svc', 'stop', 'acme/web']);
  await site.supervisor.until(async () => {
    return JSON.parse((await site.supervisor.get('/services/web/default')).body).process.state === 'down';
  }, 'web to end');
  await site.ok(['svc', 'start', 'acme/web']);
  await site.supervisor.line(/Removed configuration file .*old\.conf/);
  await site.up('web');
  expect(readdirSync(root.path('svc/web/config')).sort()).toEqual(['own.key', 'web.conf']);
  expect(readdirSync(root.path('svc/web/hooks')).sort()).toEqual(['reconfigure', 'run']);
});

test('a forced load that changes nothing leaves a running service alone and names the newer release; one that waits takes it', async () => {
  await using root = new Root();
  install(root, 'web', WEB);
  install(root, 'bad', { 'config/a.conf': '{{toUppercase 5}}\n' });
  const site = await siteOf(root);
  await site.load('web');
  const pid = site.file('web/PID');
  const same = await site.ok(['svc', 'load', 'acme/web', '--force']);
  expect(same.stderr).not.toContain('runs on');
  install(root, 'web', { ...WEB, 'config/new.conf': 'new\n' }, '20260202000000');
  const { stderr } = await site.ok(['svc', 'load', 'acme/web', '--force']);
  expect(stderr).toContain('acme/web/1.0/20260101000000 runs on');
  expect(stderr).toContain('acme/web/1.0/20260202000000 is installed too');
  // The updater's part of a spec: no reason to restart either.
  await site.ok(['svc', 'load', 'acme/web', '--force', '--channel', 'other']);
  expect(site.file('web/PID')).toBe(pid);
  // Anything that needs a restart takes the newest release with it.
  await site.ok(['svc', 'load', 'acme/web', '--force', '--shutdown-timeout', '5']);
  await site.become('web/config/new.conf', 'new\n');

  await site.ok(['svc', 'load', 'acme/bad']);
  await site.supervisor.line(/Unable to start bad\.default/);
  install(root, 'bad', { 'config/a.conf': 'good\n' }, '20260202000000');
  await site.ok(['svc', 'load', 'acme/bad', '--force']);
  await site.up('bad');
});

test('install hooks run before the first start, dependencies first, and again until they succeed', async () => {
  await using root = new Root();
  const hook = (name: string, more = ''): string =>
    `#!/bin/sh\necho ${name} $(cat {{pkg.svc_config_install_path}}/a 2>/dev/null) >> /hab/install-trace\n${more}`;
  install(root, 'dep', { 'hooks/install': hook('dep') });
  const base = install(root, 'web', {
    ...WEB,
    TDEPS: 'acme/dep/1.0/20260101000000\n',
    'config_install/a': '{{cfg.port}}[{{svc.group}}]',
    'hooks/install': hook('web', 'test -e /hab/ready\n'),
    'hooks/uninstall': '#!/bin/sh\n',
  });
  const site = await siteOf(root);
  await site.ok(['svc', 'load', 'acme/web']);
  await site.supervisor.line(/Unable to start acme\/web, the install hook of acme\/web.* ended with status 1/);
  expect((await site.ok(['svc', 'status'])).stderr).toContain('the install hook of acme/web');
  expect(readFileSync(join(base, 'INSTALL_HOOK_STATUS'), 'utf8').trim()).toBe('1');

  writeFileSync(root.path('ready'), '');
  await site.ok(['svc', 'unload', 'acme/web']);
  await site.supervisor.until(async () => (await site.supervisor.get('/services')).body === '[]', 'web to be gone');
  await site.load('web');
  // What failed is tried again whenever the specs change; what succeeded never is.
  const [first, ...others] = readFileSync(root.path('install-trace'), 'utf8').trimEnd().split('\n');
  expect([first, new Set(others)]).toEqual(['dep', new Set(['web 80[]'])]);
  expect(readFileSync(join(base, 'INSTALL_HOOK_STATUS'), 'utf8').trim()).toBe('0');
  expect(readdirSync(root.path('svc/web/hooks')).sort()).toEqual(['install', 'reconfigure', 'run', 'uninstall']);
});

test('an installation runs them too, unless it is told not to; one that fails is tried again', async () => {
  await using root = new Root();
  const script =
    '#!/bin/sh\necho one >> /hab/install-trace\nif ! test -e /hab/ready; then echo not yet >&2; exit 4; fi\n';
  const base = install(root, 'web', { ...WEB, 'hooks/install': script });
  const ignored = await root.hab(['pkg', 'install', 'acme/web', '--ignore-install-hook']);
  expect([ignored.code, existsSync(root.path('install-trace'))]).toEqual([0, false]);
  const refused = await root.hab(['pkg', 'install', 'acme/web']);
  expect([refused.code, refused.stderr.includes('ended with status 4')]).toEqual([4, true]);
  expect(refused.stdout).toContain('web hook[install]:(HK): not yet');
  writeFileSync(root.path('ready'), '');
  for (let round = 0; round < 2; round++) await root.ok(['pkg', 'install', 'acme/web']);
  expect(readFileSync(root.path('install-trace'), 'utf8')).toBe('one\none\n');
  expect(readFileSync(join(base, 'INSTALL_HOOK_STATUS'), 'utf8').trim()).toBe('0');
});

test('hooks of an installation obey the settings of a Supervisor: limits, dialect, precedence', async () => {
  await using root = new Root();
  const script = '#!/bin/sh\necho "{{cfg.list}} {{cfg.port}}" >> /hab/trace\n';
  const files = { 'default.toml': 'list = [1, 2]\nport = 1\n', 'hooks/install': script, 'hooks/uninstall': script };
  install(root, 'web', files);
  mkdirSync(root.path('user/web/config'), { recursive: true });
  writeFileSync(root.path('user/web/config/user.toml'), 'port = 2\n');
  const env = { HAB_WEB: 'port = 3', HAB_TEMPLATE_DIALECT: 'legacy', HAB_CONFIG_PRECEDENCE: 'original' };
  await root.ok(['pkg', 'install', 'acme/web'], { env });
  await root.ok(['pkg', 'uninstall', 'acme/web', '--template-dialect', '2.1', '--config-precedence', 'default'], {
    env,
  });
  expect(readFileSync(root.path('trace'), 'utf8')).toBe('[1, 2, ] 2\n[1, 2] 3\n');

  install(root, 'web', { ...files, 'hooks/install': '#!/bin/sh\nsleep 300\n' });
  const limited = await root.hab(['pkg', 'install', 'acme/web'], { env: { HAB_HOOK_TIMEOUTS: 'install=1' } });
  expect([limited.code, limited.stderr.includes('was ended by a signal')]).toEqual([1, true]);
  expect(limited.stdout).toContain('install was ended: it ran longer than 1 s');
  const shorter = ['pkg', 'install', 'acme/web', '--hook-timeout', 'install=1'];
  const flag = await root.hab(shorter, { env: { HAB_HOOK_TIMEOUTS: 'nonsense' } });
  expect([flag.code, flag.stderr.includes('HAB_HOOK_TIMEOUTS is not used')]).toEqual([1, true]);
  expect(flag.stdout).toContain('install was ended: it ran longer than 1 s');
  expect(await root.hab(['pkg', 'install', 'acme/web', '--hook-timeout', 'run=1'])).toMatchObject({ code: 2 });
});

test('an install hook that succeeded lets its service start, also where its status cannot be kept', async () => {
  await using root = new Root();
  const status = '/hab/pkgs/acme/web/1.0/20260101000000/INSTALL_HOOK_STATUS';
  install(root, 'web', { ...WEB, 'hooks/install': `#!/bin/sh\nmkdir -p ${status}/in-the-way\n` });
  const site = await siteOf(root);
  await site.load('web');
  await site.supervisor.line(/The install hook of acme\/web\/1\.0\/20260101000000 will run again/);
});

test('a package that is removed is asked before; one that refuses stays, unless it is not asked', async () => {
  await using root = new Root();
  const script = '#!/bin/sh\necho {{cfg.port}} >> /hab/trace\ntest -e /hab/ready || exit 3\n';
  const base = install(root, 'web', { ...WEB, 'hooks/uninstall': script });
  const refused = await root.hab(['pkg', 'uninstall', 'acme/web']);
  expect([refused.code, existsSync(base)]).toEqual([3, true]);
  expect(refused.stderr).toContain('The uninstall hook of acme/web/1.0/20260101000000 ended with status 3');
  expect((await root.ok(['pkg', 'uninstall', 'acme/web', '--dryrun'])).stdout).toContain('Would');
  expect(readFileSync(root.path('trace'), 'utf8')).toBe('80\n');
  await root.ok(['pkg', 'uninstall', 'acme/web', '--ignore-uninstall-hook']);
  expect([existsSync(base), readFileSync(root.path('trace'), 'utf8')]).toEqual([false, '80\n']);
  install(root, 'web', { ...WEB, 'hooks/uninstall': script });
  writeFileSync(root.path('ready'), '');
  await root.ok(['pkg', 'uninstall', 'acme/web']);
  expect([existsSync(base), readFileSync(root.path('trace'), 'utf8')]).toEqual([false, '80\n80\n']);
});

test('an installed package renders with made-up and with real data', async () => {
  await using root = new Root();
  install(root, 'web', { ...WEB, 'hooks/install': '#!/bin/sh\necho {{pkg.svc_config_install_path}}[{{svc.group}}]\n' });
  const made = JSON.parse((await root.ok(['pkg', 'render', 'acme/web', '--json'])).stdout);
  expect(Object.fromEntries(made.map(({ name, text }: { name: string; text: string }) => [name, text]))).toMatchObject({
    'config/web.conf': 'port 80\nname web\ncert dev.pem\n',
    'hooks/install': '#!/bin/sh\necho /hab/svc/web/config_install[]\n',
    'hooks/reconfigure': '#!/bin/sh\necho reconfigure >> /hab/svc/web/var/trace\n',
  });
  const site = await siteOf(root);
  await site.load('web');
  await site.apply(1, 'port = 4711\n');
  const mock = root.path('mock.toml');
  writeFileSync(mock, '[cfg.tls]\ncert = "mock.pem"\n');
  const target = root.path('out');
  await site.ok(['pkg', 'render', 'acme/web', '--from-sup', 'web.default', '-m', mock, '--render-dir', target]);
  expect(readFileSync(join(target, 'config/web.conf'), 'utf8')).toBe('port 4711\nname web\ncert mock.pem\n');
});
