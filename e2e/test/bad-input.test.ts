import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

import { checkout, Root, run } from './harness.ts';

const recorded = join(checkout, 'vectors/plan-build/original');
const artifact = (name: string): string => {
  const [file = ''] = readdirSync(join(recorded, name)).filter((entry) => entry.endsWith('.hart'));
  return join(recorded, name, file);
};
const acmeKey = readFileSync(join(checkout, 'vectors/keys/original/acme-20261121114514.pub'));

async function rootWithKey(): Promise<Root> {
  const root = new Root();
  await root.ok(['origin', 'key', 'import'], { input: acmeKey });
  return root;
}
const noPackages = (root: Root): boolean =>
  !existsSync(root.path('pkgs/acme/zee/1.2.13')) || readdirSync(root.path('pkgs/acme/zee/1.2.13')).length === 0;

/** A service package written by hand into a root. */
function service(root: Root, name: string, files: Readonly<Record<string, string>>): void {
  const base = root.path('pkgs/acme', name, '1.0/20260101000000');
  const all = {
    IDENT: `acme/${name}/1.0/20260101000000\n`,
    TARGET: 'x86_64-linux\n',
    SVC_USER: 'root\n',
    SVC_GROUP: 'root\n',
    'hooks/run': '#!/bin/sh\nexec sleep 1000\n',
    ...files,
  };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(base, path)), { recursive: true });
    writeFileSync(join(base, path), text, { mode: 0o755 });
  }
}

test('a missing key, a wrong key, a damaged and a truncated artifact install nothing', async () => {
  await using bare = new Root();
  const missing = await bare.hab(['pkg', 'install', artifact('zee')]);
  expect(missing).toMatchObject({ code: 1 });
  expect(missing.stderr).toContain('Key not found in cache');
  expect(noPackages(bare)).toBe(true);

  await using wrong = new Root();
  await wrong.ok(['origin', 'key', 'generate', 'acme']);
  const other = (await wrong.ok(['origin', 'key', 'export', 'acme'])).stdout.split('\n')[3];
  await using root = new Root();
  await root.ok(['origin', 'key', 'import'], { input: `SIG-PUB-1\nacme-20261121114514\n\n${other}` });
  expect((await root.hab(['pkg', 'install', artifact('zee')])).stderr).toContain('Verification failed');
  expect(noPackages(root)).toBe(true);

  await using good = await rootWithKey();
  const folder = mkdtempSync(join(tmpdir(), 'hab-bad-'));
  const bytes = readFileSync(artifact('zee'));
  const altered = join(folder, 'altered.hart');
  writeFileSync(altered, bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1));
  expect((await good.hab(['pkg', 'install', altered])).stderr).toMatch(
    /hashes don't match \(expected: [0-9a-f]{64}, computed: [0-9a-f]{64}\)/,
  );
  writeFileSync(altered, Buffer.concat([bytes, Buffer.from('x')]));
  expect(await good.hab(['pkg', 'install', altered])).toMatchObject({ code: 1 });
  truncateSync(altered, bytes.length - 100);
  expect(await good.hab(['pkg', 'install', altered])).toMatchObject({ code: 1 });
  writeFileSync(altered, `HART-1\n${'x'.repeat(10_000_000)}`);
  expect(await good.hab(['pkg', 'header', altered])).toMatchObject({ code: 1 });
  expect(noPackages(good)).toBe(true);
});

test('a dependency that is nowhere is named', async () => {
  await using root = await rootWithKey();
  const folder = mkdtempSync(join(tmpdir(), 'hab-lonely-'));
  const lonely = join(folder, 'greeter.hart');
  writeFileSync(lonely, readFileSync(artifact('greeter')));
  const result = await root.hab(['pkg', 'install', lonely]);
  expect(result.code).toBe(1);
  expect(result.stderr).toContain('acme/zee/1.2.13');
  expect(existsSync(root.path('pkgs/acme/greeter/0.1.0/20261121115100'))).toBe(false);
});

test.for([
  ['without a name', 'pkg_origin=acme\npkg_version=1\n', /pkg_name/],
  ['without an origin', 'pkg_name=x\npkg_version=1\n', /pkg_origin/],
  ['without a version', 'pkg_name=x\npkg_origin=acme\n', /pkg_version/],
  [
    'with a wrong checksum',
    'pkg_name=x\npkg_origin=acme\npkg_version=1\npkg_source=file:///etc/hostname\npkg_shasum=00\n',
    /Expected: 00[\s\S]*Computed: [0-9a-f]{64}/,
  ],
  [
    'with an unknown dependency',
    'pkg_name=x\npkg_origin=acme\npkg_version=1\npkg_deps=(acme/nothing)\n',
    /Resolving 'acme\/nothing' failed/,
  ],
  [
    'with a failing step',
    'pkg_name=x\npkg_origin=acme\npkg_version=1\ndo_build() {\n  false\n}\n',
    /do_build failed with status 1[\s\S]*plan\.sh:5: false/,
  ],
  ['that is no bash', 'pkg_name=(\n', /plan\.sh/],
] as const)('a plan %s builds nothing and says why', async ([, plan, pattern]) => {
  await using root = new Root();
  await root.ok(['origin', 'key', 'generate', 'acme']);
  const folder = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  writeFileSync(join(folder, 'plan.sh'), plan);
  mkdirSync(join(folder, 'results'));
  writeFileSync(join(folder, 'results/keep.hart'), 'an earlier result');
  const result = await root.hab(['pkg', 'build', '.'], { cwd: folder });
  expect(result.code).not.toBe(0);
  expect(result.stdout + result.stderr).toMatch(pattern);
  const left = readdirSync(join(folder, 'results')).filter((file) => file.endsWith('.hart'));
  expect(left).toEqual(['keep.hart']);
});

test('no plan, and two of them', async () => {
  await using root = new Root();
  const folder = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  expect(await root.hab(['pkg', 'build', folder])).toMatchObject({ code: 42 });
  mkdirSync(join(folder, 'habitat'));
  for (const path of ['plan.sh', 'habitat/plan.sh']) writeFileSync(join(folder, path), 'pkg_name=x\n');
  expect(await root.hab(['pkg', 'build', folder])).toMatchObject({ code: 42 });
});

test('what a Supervisor is told must make sense', async () => {
  await using root = new Root();
  service(root, 'one', { 'default.toml': 'a = 1\n', 'config/a.conf': '{{cfg.a}}\n' });
  service(root, 'broken', { 'config/a.conf': 'x\n{{#if cfg.a}}\n' });
  service(root, 'wrong', { 'default.toml': 'a = = 1\n' });
  service(root, 'bound', { BINDS: 'db=port\n' });
  mkdirSync(root.path('pkgs/acme/lib/1/20260101000000'), { recursive: true });
  writeFileSync(root.path('pkgs/acme/lib/1/20260101000000/TARGET'), 'x86_64-linux\n');
  const supervisor = await root.supervisor([], { HAB_ONE: '' });
  const remote = ['-r', supervisor.remote];

  expect(await root.hab(['svc', 'load', 'acme/none', ...remote])).toMatchObject({ code: 1 });
  expect((await root.hab(['svc', 'load', 'acme/lib', ...remote])).stderr).toContain(
    'Package is not runnable: acme/lib',
  );
  expect((await root.hab(['svc', 'load', 'acme/bound', ...remote])).stderr).toContain('Missing required bind(s), db');
  const unknownBind = await root.hab(['svc', 'load', 'acme/bound', '--bind', 'db:x.y', '--bind', 'no:x.y', ...remote]);
  expect(unknownBind.stderr).toContain('Invalid bind(s), no');
  expect(existsSync(root.path('sup/default/specs/bound.spec'))).toBe(false);

  await root.ok(['svc', 'load', 'acme/broken', ...remote]);
  await supervisor.line(/Unable to start acme\/broken[\s\S]*a\.conf[\s\S]*line 2/);
  await root.ok(['svc', 'load', 'acme/wrong', ...remote]);
  await supervisor.line(/Unable to start acme\/wrong[\s\S]*default\.toml/);
  expect(existsSync(root.path('sup/default/specs/wrong.spec'))).toBe(true);

  await root.ok(['svc', 'load', 'acme/one', ...remote]);
  await supervisor.until(async () => existsSync(root.path('svc/one/PID')), 'the service');
  const again = await root.hab(['svc', 'load', 'acme/one', ...remote]);
  expect(again).toMatchObject({ code: 1 });
  const apply = (text: string): ReturnType<Root['hab']> =>
    root.hab(['config', 'apply', 'one.default', '1', ...remote], { input: text });
  expect(await apply('a = = 2')).toMatchObject({ code: 1 });
  expect((await apply(`a = "${'x'.repeat(70_000)}"`)).stderr).toContain('Maximum allowed is 65536 bytes');
  mkdirSync(root.path('user/one/config'), { recursive: true });
  writeFileSync(root.path('user/one/config/user.toml'), 'a = = 3\n');
  await supervisor.line(/Reloading user-config failed/);
  expect(readFileSync(root.path('svc/one/config/a.conf'), 'utf8')).toBe('1\n');

  expect(await root.hab(['svc', 'status', 'acme/one', ...remote])).toMatchObject({ code: 0 });
  expect(await root.hab(['svc', 'status', 'acme/none', ...remote])).toMatchObject({ code: 2 });
  for (const word of ['unload', 'stop', 'start']) {
    const result = await root.hab(['svc', word, 'acme/none', ...remote]);
    expect(result).toMatchObject({ code: 1 });
    expect(result.stderr).toContain('Service not loaded, acme/none');
  }
  await root.ok(['svc', 'stop', 'acme/one', ...remote]);
  await supervisor.until(async () => !existsSync(root.path('svc/one/PID')), 'the end');
  expect(await root.hab(['svc', 'status', 'acme/one', ...remote])).toMatchObject({ code: 4 });
  const stranger = await root.hab(['svc', 'status', ...remote], { env: { HAB_CTL_SECRET: 'wrong' } });
  expect(stranger.code).toBe(1);
  expect(stranger.stderr).toContain('secret key mismatch');
});

test('a broken environment layer keeps one service down, and says which variable', async () => {
  await using root = new Root();
  service(root, 'one', {});
  const supervisor = await root.supervisor(['acme/one'], { HAB_ONE: 'neither = = toml' });
  await supervisor.line(/Unable to start acme\/one[\s\S]*HAB_ONE/);
});

test('a second Supervisor on the same root, and a port in use', async () => {
  await using root = new Root();
  await root.supervisor();
  const second = await root.hab(['sup', 'run', '--listen-http', '127.0.0.1:0', '--listen-ctl', '127.0.0.1:0']);
  expect(second.code).toBe(86);
  expect(second.stdout).toContain('Is another Supervisor process running?');

  await using other = new Root();
  const squatter = createServer();
  const port = await new Promise<number>((resolve) => {
    squatter.listen(0, '127.0.0.1', () => {
      const address = squatter.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  const refused = await other.hab(['sup', 'run', '--listen-http', `127.0.0.1:${port}`, '--listen-ctl', '127.0.0.1:0']);
  expect(refused.code).toBe(86);
  expect(refused.stdout).toMatch(
    new RegExp(`unable to bind to address 127\\.0\\.0\\.1:${port}: the address is in use[\\s\\S]*--listen-http`),
  );
  squatter.close();
});

test('hab-sup alone says how it is started', async () => {
  const result = await run(join(checkout, 'bin/hab-sup'), ['run']);
  expect(result.code).toBe(86);
  expect(result.stdout).toContain('hab sup run');
  expect(await run(join(checkout, 'bin/hab-sup'), ['run', '--nonsense'])).toMatchObject({ code: 2 });
  expect((await run(join(checkout, 'bin/hab'), ['sup', 'run', '--help'])).stdout).toContain('--listen-ctl');
});
