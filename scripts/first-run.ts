// The guided first run behind `npm start`: from nothing to a running service, in a private root, leaving nothing running.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { debianSource, upstreamArchive } from './debian.ts';

const checkout = join(dirname(fileURLToPath(import.meta.url)), '..');
const hab = join(checkout, 'bin', 'hab');
const started = performance.now();
const work = mkdtempSync(join(tmpdir(), 'hab-first-run-'));
const buildRoot = join(work, 'build-root');
const runRoot = join(work, 'run-root');
const output = join(work, 'results');

let step = 0;
const bold = (text: string): string => (process.stdout.isTTY ? `\u001b[1m${text}\u001b[0m` : text);
function say(text: string): void {
  step += 1;
  console.log(`\n${bold(`${step}. ${text}`)}`);
}
const proved = (text: string): void => console.log(`   proved: ${text}`);

function env(root: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = Object.entries(process.env).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined && !entry[0].startsWith('HAB_');
  });
  // A home of its own for each root: an ordinary user's caches are there, and yours stay as they are.
  return { ...Object.fromEntries(inherited), HOME: `${root}-home`, HAB_ROOT: root, HAB_ORIGIN: 'example', ...more };
}

/** Runs a command and shows it; its output is returned. */
function run(
  root: string,
  args: readonly string[],
  options: { quiet?: boolean; input?: string; env?: Record<string, string> } = {},
): string {
  console.log(`   $ hab ${args.join(' ')}`);
  const result = spawnSync(hab, args, {
    cwd: checkout,
    env: env(root, options.env),
    input: options.input ?? '',
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const text = `${result.stdout}${result.stderr}`;
  if (!options.quiet) for (const line of text.trimEnd().split('\n').slice(-12)) console.log(`     ${line}`);
  if (result.status !== 0) throw new Error(`hab ${args.join(' ')} ended with ${result.status}:\n${text.slice(-4000)}`);
  return result.stdout;
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(`Not so: ${what}`);
  proved(what);
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Waited a minute in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function main(): Promise<void> {
  console.log('From nothing to a running service: Redis, from source, in a private root. Your /hab is not touched.');
  for (const directory of [buildRoot, runRoot, `${buildRoot}-home`, `${runRoot}-home`, output])
    mkdirSync(directory, { recursive: true });

  say('An origin key signs what we build');
  run(buildRoot, ['origin', 'key', 'generate', 'example']);
  const publicKey = run(buildRoot, ['origin', 'key', 'export', 'example'], { quiet: true });
  expect(
    publicKey.startsWith('SIG-PUB-1\nexample-'),
    'the key pair is in the key cache, and its public half can be shown to anybody',
  );

  say('The plan examples/redis is built: source, checksum, make, package, signature (about a minute)');
  provideSource();
  const built = run(buildRoot, ['pkg', 'build', 'examples/redis'], { env: { HAB_OUTPUT_PATH: output } });
  const artifact = join(output, readdirSync(output).find((file) => file.endsWith('.hart')) ?? 'none');
  expect(
    existsSync(artifact),
    `${artifact.slice(work.length + 1)} was built${built === '' ? '' : ' from upstream source'}`,
  );

  say('What an artifact says about itself');
  run(buildRoot, ['pkg', 'header', artifact]);
  run(buildRoot, ['pkg', 'verify', artifact]);
  const info = JSON.parse(run(buildRoot, ['pkg', 'info', '--json', artifact], { quiet: true }));
  console.log(`     ident ${info.ident}, target ${info.target}, ports ${info.exposes}, runs as ${info.svc_user}`);
  expect(
    info.is_a_service === true && info.exposes[0] === 6379,
    'its signature holds, and its metafiles make it a service on port 6379',
  );

  say('It is installed into a clean root, with nothing but the public key');
  run(runRoot, ['origin', 'key', 'import'], { input: publicKey, quiet: true });
  run(runRoot, ['pkg', 'install', artifact]);
  const ident = run(runRoot, ['pkg', 'list', 'example/redis'], { quiet: true }).trim();
  expect(ident === info.ident, `${ident} is installed`);

  say('The Supervisor runs it');
  const [redisPort, http, ctl] = [await freePort(), await freePort(), await freePort()];
  const remote = ['--remote-sup', `127.0.0.1:${ctl}`];
  mkdirSync(join(runRoot, 'user/redis/config'), { recursive: true });
  writeFileSync(join(runRoot, 'user/redis/config/user.toml'), `port = ${redisPort}\n`);
  const supervisor = startSupervisor(http, ctl);
  try {
    await until(
      () =>
        fetch(`http://127.0.0.1:${http}/services`).then(
          (answer) => answer.ok,
          () => false,
        ),
      'the HTTP gateway',
    );
    run(runRoot, ['svc', 'load', 'example/redis', ...remote]);
    const health = async (): Promise<string> => {
      const answer = await fetch(`http://127.0.0.1:${http}/services/redis/default/health`);
      return answer.status === 404 ? '' : ((await answer.json()) as { status: string }).status;
    };
    await until(async () => (await health()) === 'OK', 'a good health check');
    run(runRoot, ['svc', 'status', ...remote]);
    const cli = (...words: string[]): string =>
      run(runRoot, ['pkg', 'exec', 'example/redis', 'redis-cli', '-p', String(redisPort), ...words], {
        quiet: true,
      }).trim();
    expect(
      cli('ping') === 'PONG',
      `Redis answers the package's own redis-cli on port ${redisPort}, which user.toml gave it`,
    );

    say('Configuration changes while it runs');
    const pid = (): string => readFileSync(join(runRoot, 'svc/redis/PID'), 'utf8');
    const before = pid();
    run(runRoot, ['config', 'apply', 'redis.default', '1', ...remote], { input: 'maxmemory = "128mb"\n' });
    await until(() => cli('config', 'get', 'maxmemory').includes('134217728'), 'the new setting');
    const rendered = readFileSync(join(runRoot, 'svc/redis/config/redis.conf'), 'utf8');
    expect(rendered.includes('maxmemory 128mb'), 'redis.conf was rendered again, and the reconfigure hook told Redis');
    expect(pid() === before, `its process (${before}) was not restarted`);

    say('Things die');
    process.kill(Number(before), 'SIGKILL');
    await until(() => existsSync(join(runRoot, 'svc/redis/PID')) && pid() !== before, 'a new Redis');
    await until(() => cli('ping') === 'PONG', 'its answer');
    expect(pid() !== before, `Redis was killed: it is back as ${pid()}`);
    const survivor = pid();
    const [supPid] = spawnSync('pgrep', ['-P', String(supervisor.pid), '-f', 'hab-sup'], {
      encoding: 'utf8',
    }).stdout.split('\n');
    process.kill(Number(supPid), 'SIGKILL');
    await until(async () => (await health().catch(() => '')) === 'OK', 'the next Supervisor');
    expect(
      pid() === survivor && cli('ping') === 'PONG',
      `the Supervisor (${supPid}) was killed with -9: Redis (${survivor}) did not notice`,
    );

    say('It is unloaded, and everything stops');
    run(runRoot, ['svc', 'unload', 'example/redis', ...remote]);
    await until(() => !existsSync(join(runRoot, 'svc/redis/PID')), 'the end of Redis');
    const ended = new Promise((resolve) => supervisor.once('exit', resolve));
    run(runRoot, ['sup', 'term']);
    await ended;
    expect(supervisor.exitCode === 0, 'the Supervisor left with status 0, and nothing of it runs');
  } finally {
    if (supervisor.exitCode === null && supervisor.signalCode === null) {
      const ended = new Promise((resolve) => supervisor.once('exit', resolve));
      supervisor.kill('SIGTERM');
      await ended;
    }
  }
  console.log(`
All of it held, after ${Math.round((performance.now() - started) / 1000)} s. To continue by hand, in this folder:

  export HAB_ROOT=${runRoot} HOME=${runRoot}-home
  bin/hab sup run                       # then, in another terminal with the same HAB_ROOT:
  bin/hab svc load example/redis
  bin/hab svc status
  bin/hab pkg exec example/redis redis-cli -p ${redisPort} info server

The artifact is ${artifact}. Remove ${work} when you are done.`);
}

/** Debian's source package is the upstream archive: it saves the download, and works where only Debian can be reached. */
function provideSource(): void {
  try {
    const cache = process.getuid?.() === 0 ? join(buildRoot, 'cache') : join(`${buildRoot}-home`, '.hab', 'cache');
    const folder = join(cache, 'src');
    mkdirSync(folder, { recursive: true });
    copyFileSync(upstreamArchive(debianSource('redis')), join(folder, 'redis-7.0.15.tar.gz'));
    console.log('   the source comes from Debian; its checksum is checked all the same');
  } catch (error) {
    console.log(
      `   Debian's source is not to be had (${error instanceof Error ? error.message.split('\n')[0] : error}): it is downloaded from upstream`,
    );
  }
}

function startSupervisor(http: number, ctl: number): ChildProcess {
  const args = ['sup', 'run', '--listen-http', `127.0.0.1:${http}`, '--listen-ctl', `127.0.0.1:${ctl}`];
  console.log(`   $ hab ${args.join(' ')} &`);
  const child = spawn(hab, args, { cwd: checkout, env: env(runRoot), stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const line of text.trimEnd().split('\n')) console.log(`     | ${line}`);
  });
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => child.kill(name));
  return child;
}

try {
  await main();
} catch (error) {
  console.error(`\nIt stopped at step ${step}: ${error instanceof Error ? error.message : String(error)}`);
  console.error(`Everything is still in ${work}.`);
  process.exitCode = 1;
}
