import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import { debianSource, upstreamArchive } from '../../scripts/debian.ts';
import { checkout, freePort, Root, run } from './harness.ts';

/** Builds a plan folder with its `{source}` filled in. @returns the artifact. */
async function build(root: Root, folder: string, source?: string, env: Record<string, string> = {}): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  chmodSync(work, 0o777);
  cpSync(folder, work, { recursive: true });
  const plan = join(work, 'plan.sh');
  const url = source === undefined ? '' : pathToFileURL(source).href;
  writeFileSync(plan, readFileSync(plan, 'utf8').replaceAll('{source}', url));
  const output = join(work, 'results');
  await root.ok(['pkg', 'build', work], { env: { HAB_ORIGIN: 'example', HAB_OUTPUT_PATH: output, ...env }, cwd: work });
  const [artifact = ''] = readdirSync(output).filter((file) => file.endsWith('.hart'));
  expect(artifact).not.toBe('');
  return join(output, artifact);
}

async function freshRoot(): Promise<Root> {
  const root = new Root();
  root.env['HOME'] = mkdtempSync(join(tmpdir(), 'hab-home-'));
  await root.ok(['origin', 'key', 'generate', 'example']);
  return root;
}
const source = (name: string): string => upstreamArchive(debianSource(name));

test('GNU hello: configure, make, its own tests, install', async () => {
  await using root = await freshRoot();
  const cache = root.path('cache/src');
  mkdirSync(cache, { recursive: true });
  cpSync(source('hello'), join(cache, 'hello-2.10.tar.gz'));
  const artifact = await build(root, join(checkout, 'examples/hello'), undefined, { DO_CHECK: '1' });
  await root.ok(['pkg', 'uninstall', 'example/hello']);
  await root.ok(['pkg', 'install', artifact]);
  const hello = await root.ok(['pkg', 'exec', 'example/hello', 'hello', '--greeting', 'built from source']);
  expect(hello.stdout).toBe('built from source\n');
});

test('nginx on a zlib that was built just before: linked to it, run, reconfigured', async () => {
  await using root = await freshRoot();
  const zlib = await build(root, join(checkout, 'e2e/plans/zlib'), source('zlib'));
  const nginx = await build(root, join(checkout, 'e2e/plans/nginx'), source('nginx/bookworm'));
  const [zlibPath, nginxPath] = [
    await root.ok(['pkg', 'path', 'example/zlib']),
    await root.ok(['pkg', 'path', 'example/nginx']),
  ];
  const onHost = (path: string): string => path.trim().replace(/^\/hab/, root.directory);
  const dynamic = await run('readelf', ['-d', join(onHost(nginxPath.stdout), 'sbin/nginx')]);
  expect(dynamic.stdout).toContain(`[${zlibPath.stdout.trim()}/lib]`);
  expect(readFileSync(join(onHost(nginxPath.stdout), 'DEPS'), 'utf8')).toContain('example/zlib/1.2.13/');

  // A clean root gets both from a folder of artifacts.
  await using clean = await freshRoot();
  const key = await root.ok(['origin', 'key', 'export', 'example']);
  await clean.ok(['origin', 'key', 'import'], { input: key.stdout });
  const shelf = mkdtempSync(join(tmpdir(), 'hab-shelf-'));
  for (const artifact of [zlib, nginx]) cpSync(artifact, join(shelf, basename(artifact)));
  const port = await freePort();
  mkdirSync(clean.path('user/nginx/config'), { recursive: true });
  writeFileSync(clean.path('user/nginx/config/user.toml'), `[http]\nport = ${port}\n`);
  const supervisor = await clean.supervisor(['--artifacts', shelf, 'example/nginx']);
  const greeting = (): Promise<string | null> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      (answer) => answer.headers.get('x-greeting'),
      () => null,
    );
  await supervisor.until(async () => (await greeting()) === 'hello', 'nginx');
  const pid = readFileSync(clean.path('svc/nginx/PID'), 'utf8');
  await clean.ok(['config', 'apply', 'nginx.default', '1', '-r', supervisor.remote], {
    input: 'greeting = "bonjour"\n',
  });
  await supervisor.until(async () => (await greeting()) === 'bonjour', 'the new configuration');
  expect(readFileSync(clean.path('svc/nginx/PID'), 'utf8')).toBe(pid);
  expect(await supervisor.stop()).toBe(0);
  expect(await greeting()).toBeNull();
});

test('a Node.js service: installed, run, reconfigured by environment and by apply', async () => {
  await using root = await freshRoot();
  await build(root, join(checkout, 'examples/node-service'));
  const port = await freePort();
  const supervisor = await root.supervisor(['example/node-service'], { HAB_NODE_SERVICE: `port = ${port}` });
  const answer = (): Promise<string> =>
    fetch(`http://127.0.0.1:${port}/`).then(
      (response) => response.text(),
      () => '',
    );
  await supervisor.until(async () => (await answer()) === 'hello\n', 'the service');
  const apply = ['config', 'apply', 'node-service.default', '1', '-r', supervisor.remote];
  await root.ok(apply, { input: `greeting = "salut"\nport = 1\n` });
  await supervisor.until(
    async () => (await answer()) === 'salut\n',
    'the new greeting; the port of the environment stays',
  );
});

/** Recorded plans, and what the original built of them. */
const recorded = join(checkout, 'vectors/plan-build/original');
const original = (name: string): string => {
  const [file = ''] = readdirSync(join(recorded, name)).filter((entry) => entry.endsWith('.hart'));
  return join(recorded, name, file);
};

test('artifacts of the original are installed, run and reconfigured, by an ordinary user', async () => {
  // Its group does not exist on every machine; without the right to switch users nobody asks for it.
  await using root = new Root('ordinary');
  const key = readFileSync(join(checkout, 'vectors/keys/original/acme-20261121114514.pub'));
  await root.ok(['origin', 'key', 'import'], { input: key });
  await root.ok(['pkg', 'install', original('zee')]);
  await root.ok(['pkg', 'install', original('greeter')]);
  expect((await root.ok(['pkg', 'exec', 'acme/zee', 'zee-sh'])).stdout).toBe('zee\n');
  const supervisor = await root.supervisor();
  await root.ok(['svc', 'load', 'acme/greeter', '-r', supervisor.remote]);
  await supervisor.until(
    async () => (await supervisor.get('/services/greeter/default/health')).status === 200,
    'health',
  );
  const config = (): string => readFileSync(root.path('svc/greeter/config/greeter.conf'), 'utf8');
  expect(config()).toBe('\nlisten 0.0.0.0:8085\nword hello\nword bonjour\nbig 9007199254740993\n');
  expect(readFileSync(root.path('svc/greeter/config/nested/deep.ini'), 'utf8')).toBe('name=greeter\n');
  await root.ok(['config', 'apply', 'greeter.default', '1', '-r', supervisor.remote], { input: 'words = ["ciao"]\n' });
  await supervisor.until(async () => config().includes('word ciao'), 'the new word');
  await root.ok(['svc', 'unload', 'acme/greeter', '-r', supervisor.remote]);
  await supervisor.until(async () => !existsSync(root.path('svc/greeter/PID')), 'the end');
});

test('the recorded plans build here, and run, as an ordinary user', async () => {
  await using root = new Root('ordinary');
  await root.ok(['origin', 'key', 'generate', 'acme']);
  for (const name of ['zee', 'greeter'])
    await build(root, join(recorded, name, 'plan'), undefined, { HAB_ORIGIN: 'acme' });
  const supervisor = await root.supervisor(['acme/greeter']);
  await supervisor.until(
    async () => (await supervisor.get('/services/greeter/default/health')).status === 200,
    'health',
  );
  const view = await supervisor.json('/services/greeter/default');
  expect(view).toMatchObject({
    service_group: 'greeter.default',
    pkg: { shutdown_signal: 'INT', shutdown_timeout: 12 },
  });
});
