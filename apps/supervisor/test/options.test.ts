import { HOOK_TIMEOUT_MS } from '@hab/services';
import { CommanderError } from 'commander';
import { expect, test } from 'vitest';

import { parseAddress, parseOptions } from '../src/options.ts';

function parse(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const written = { out: '', err: '' };
  const write = {
    out: (text: string): void => {
      written.out += text;
    },
    err: (text: string): void => {
      written.err += text;
    },
  };
  try {
    return { options: parseOptions(words, env, write), code: undefined, ...written };
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { options: undefined, code: error.code, ...written };
  }
}

test('addresses have a host; a port when it is not the usual one', () => {
  expect(parseAddress('0.0.0.0', 9638)).toEqual({ host: '0.0.0.0', port: 9638 });
  expect(parseAddress('db.example:1', 9638)).toEqual({ host: 'db.example', port: 1 });
  expect(parseAddress('[::1]:80', 9638)).toEqual({ host: '::1', port: 80 });
  for (const text of ['', ':80', '::1', 'a:b', 'a:65536', '[::1', 'a:1:2'])
    expect(() => parseAddress(text, 1)).toThrow();
});

test('a word on the command line wins over the environment, which wins over what is usual', () => {
  expect(parse([]).options).toMatchObject({
    listenGossip: { host: '0.0.0.0', port: 9638 },
    listenHttp: { host: '0.0.0.0', port: 9631 },
    listenCtl: { host: '127.0.0.1', port: 9632 },
    channel: 'stable',
    artifacts: [],
    configPrecedence: 'default',
    templateDialect: 'documented',
    service: undefined,
  });
  const env = { HAB_LISTEN_HTTP: '1.1.1.1:1', HAB_LISTEN_CTL: '', HAB_BLDR_CHANNEL: 'dev', HAB_ARTIFACTS: '/a:/b' };
  expect(parse([], env).options).toMatchObject({
    listenHttp: { host: '1.1.1.1', port: 1 },
    listenCtl: { host: '127.0.0.1', port: 9632 },
    channel: 'dev',
    artifacts: ['/a', '/b'],
  });
  const words = ['--listen-http', '2.2.2.2:2', '--channel', 'x', '--artifacts', '/c', '--artifacts', '/d'];
  expect(parse(words, env).options).toMatchObject({
    listenHttp: { host: '2.2.2.2', port: 2 },
    channel: 'x',
    artifacts: ['/c', '/d'],
  });
});

test('the first service has its options', () => {
  const words = ['acme/web', '--bind', 'db:pg.default', '--bind', 'cache:redis.x', '-t', 'leader', '-i', '7'];
  expect(parse([...words, '--shutdown-timeout', '3', '--service-max-backoff-period', '9']).options).toMatchObject({
    policy: { minBackoffMs: 0, maxBackoffMs: 9000, cooldownMs: 300_000 },
    service: {
      package: 'acme/web',
      topology: 'leader',
      binds: [{ name: 'db' }, { name: 'cache' }],
      healthCheckIntervalSec: 7,
      shutdownTimeoutSec: 3,
    },
  });
});

test.for([
  [['--topology', 'star'], 'standalone, leader'],
  [['--bind', 'nonsense'], 'bind'],
  [['--listen-http', 'nowhere:99999'], 'HOST:PORT'],
  [['--service-min-backoff-period', '-1'], 'number of seconds'],
  [['--frobnicate'], 'unknown option'],
  [['a/b', 'c/d'], 'too many arguments'],
] as const)('%s is refused with its reason', ([words, reason]) => {
  const refused = parse(words);
  expect(refused.code).toMatch(/^commander\./);
  expect(refused.err).toContain(reason);
});

test('a variable that makes no sense is told of, and what is usual counts', () => {
  const env = {
    HAB_LISTEN_HTTP: 'x:99999',
    HAB_HOOK_TIMEOUTS: 'init',
    HAB_TEMPLATE_DIALECT: '3.0',
    HAB_CONFIG_PRECEDENCE: 'none',
  };
  const { options, err } = parse([], env);
  expect(options).toMatchObject({
    listenHttp: { host: '0.0.0.0', port: 9631 },
    hookTimeoutsMs: HOOK_TIMEOUT_MS,
    templateDialect: 'documented',
    configPrecedence: 'default',
  });
  for (const name of Object.keys(env)) expect(err).toContain(`${name} is not used`);
});

test('limits of hooks add to those of the environment', () => {
  const words = ['--hook-timeout', 'init=5', '--hook-timeout', 'reload=6'];
  expect(parse(words, { HAB_HOOK_TIMEOUTS: 'init=1,install=2' }).options?.hookTimeoutsMs).toEqual({
    ...HOOK_TIMEOUT_MS,
    init: 5000,
    reload: 6000,
    install: 2000,
  });
  expect(parse(['--hook-timeout', 'run=5']).err).toContain('run has no limit');
});

test('help names every variable that it reads', () => {
  const { out, code } = parse(['--help']);
  expect(code).toBe('commander.helpDisplayed');
  for (const name of ['GOSSIP', 'HTTP', 'CTL']) expect(out).toContain(`HAB_LISTEN_${name}`);
  expect(out).toContain('(default: 127.0.0.1:9632)');
});
