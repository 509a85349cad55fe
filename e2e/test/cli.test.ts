import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { checkout, habProgram, Root, run } from './harness.ts';

interface OutputCase {
  readonly args: readonly string[];
  readonly exit: number;
  readonly stdout?: string;
  readonly json?: Readonly<Record<string, unknown>>;
}
const vectors = JSON.parse(readFileSync(join(checkout, 'vectors/cli/output.json'), 'utf8')) as {
  output: OutputCase[];
  status: OutputCase[];
};
const recorded = join(checkout, 'vectors/plan-build/original');
const INSTALLED = ['zee', 'greeter', 'front', 'tools'];

const root = new Root();
const temporary = mkdtempSync(join(tmpdir(), 'hab-cli-'));
const releases = new Map<string, string>();

beforeAll(async () => {
  for (const file of readdirSync(join(checkout, 'vectors/keys/original'))) {
    const key = readFileSync(join(checkout, 'vectors/keys/original', file));
    if (file.startsWith('acme-')) await root.ok(['origin', 'key', 'import'], { input: key });
    if (file.startsWith('crew-')) await root.ok(['ring', 'key', 'import'], { input: key });
  }
  for (const name of INSTALLED) {
    mkdirSync(join(temporary, name));
    const [file = ''] = readdirSync(join(recorded, name)).filter((entry) => entry.endsWith('.hart'));
    cpSync(join(recorded, name, file), join(temporary, name, file));
    releases.set(name, /-(\d{14})-x86_64/.exec(file)?.[1] ?? '');
    await root.ok(['pkg', 'install', join(temporary, name, file)]);
  }
});
afterAll(async () => {
  await root[Symbol.asyncDispose]();
});

/** Things that are not here: the two packages, and commands of later parts of the product. */
const ELSEWHERE = /acme\/local|acme\/arch|binlink|cli setup/;
const fill = (text: string): string =>
  text
    .replaceAll('{out}', temporary)
    .replaceAll('{tmp}', temporary)
    .replace(/\{release:(\w+)\}/g, (_, name) => releases.get(name) ?? '?');
/** Lines about packages that are not installed here. */
const here = (text: string): string =>
  fill(text)
    .split('\n')
    .filter((line) => !/^acme\/(local|arch)\//.test(line))
    .join('\n');
const wanted = (cases: readonly OutputCase[]): OutputCase[] =>
  cases.filter(({ args }) => !ELSEWHERE.test(args.join(' ')));

test.for(wanted(vectors.output))('$args: the recorded output', async ({ args, exit, stdout, json }) => {
  const result = await root.hab(args.map(fill));
  expect(result.code, result.stderr).toBe(exit);
  if (json !== undefined) expect(JSON.parse(result.stdout)).toMatchObject(JSON.parse(fill(JSON.stringify(json))));
  // Decoration that the originals print before the data is no part of it.
  else expect(result.stdout).toBe(here(stdout ?? ''));
});

/** Statuses that this project decided otherwise. See spec/cli 5.1 and decisions 5, 7. */
const OURS: Readonly<Record<string, number>> = {
  'sup status': 3,
};

test.for(wanted(vectors.status))('$args: exit status', async ({ args, exit }) => {
  const result = await root.hab(args.map(fill));
  expect(result.code, result.stdout + result.stderr).toBe(OURS[args.join(' ')] ?? exit);
});

test.for([
  [['pkg', 'lits'], /Did you mean list\?/],
  [['svc', 'stats'], /Did you mean one of stat, status\?/],
  [['frobnicate'], /unknown command 'frobnicate'/],
  [['pkg', 'install', '--frobnicate', 'acme/x'], /unknown option '--frobnicate'/],
  [['config', 'apply', 'nonsense', '1'], /Invalid/],
  [['config', 'apply', 'a.b', '-1'], /unknown option|not a number/],
  [['svc', 'load', 'acme/zee', '--topology', 'beelzebub'], /none of standalone, leader/],
  [['svc', 'load', 'acme/zee', '--bind', 'nonsense'], /Invalid binding/],
] as const)('%s is a usage error that helps', async ([args, pattern]) => {
  const result = await root.hab(args);
  expect(result.code).toBe(2);
  expect(result.stderr).toMatch(pattern);
});

test('help and version go to standard output', async () => {
  for (const args of [['--help'], ['pkg', '--help'], ['pkg', 'install', '--help'], ['help'], ['--version']]) {
    const result = await root.hab(args);
    expect(result, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).not.toBe('');
  }
  expect((await root.hab(['--version'])).stdout).toMatch(/^hab \d+\.\d+\.\d+\/\w+\n$/);
});

test('short forms mean the same', async () => {
  const long = await root.ok(['pkg', 'path', 'acme/zee']);
  for (const args of [
    ['p', 'pa', 'acme/zee'],
    ['package', 'path', 'acme/zee'],
  ])
    expect(await root.ok(args)).toEqual(long);
});

test('queries answer in JSON, with nothing else on standard output', async () => {
  const queries = [
    ['pkg', 'list', '--all'],
    ['pkg', 'path', 'acme/zee'],
    ['pkg', 'env', 'acme/greeter'],
    ['pkg', 'dependencies', 'acme/front'],
    ['pkg', 'provides', 'zee-sh'],
    ['pkg', 'config', 'acme/greeter'],
    ['pkg', 'binds', 'acme/front'],
    ['pkg', 'header', join(temporary, 'zee', readdirSync(join(temporary, 'zee'))[0] ?? '')],
    ['pkg', 'verify', join(temporary, 'zee', readdirSync(join(temporary, 'zee'))[0] ?? '')],
  ];
  for (const args of queries) {
    const { stdout } = await root.ok([...args, '--json']);
    expect(() => JSON.parse(stdout), `${args.join(' ')}: ${stdout}`).not.toThrow();
  }
});

test('a whole circle of queries: sign, verify, hash', async () => {
  const signed = join(temporary, 'signed.hart');
  await root.ok(['pkg', 'sign', '--origin', 'acme', join(checkout, 'LICENSE'), signed]);
  const verified = await root.ok(['pkg', 'verify', signed]);
  expect(verified.stdout).toMatch(/✓ Verified checksum [0-9a-f]{64} signed with acme-20261121114514/);
  const listed = await root.ok(['pkg', 'hash'], { input: `${signed}\n${join(checkout, 'LICENSE')}\n` });
  expect(listed.stdout.split('\n')).toHaveLength(3);
});

test('nothing is coloured that does not go to a terminal', async () => {
  const result = await root.hab(['pkg', 'path', 'acme/none'], { env: { TERM: 'xterm-256color' } });
  expect(result.stderr).not.toContain('\u001b');
  expect((await root.hab(['pkg', 'path', 'acme/none'], { env: { HAB_COLOR: 'always' } })).stderr).toContain('\u001b');
});

test('a plan is started, nothing is overwritten, and it builds', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hab-init-'));
  const first = await root.ok(['plan', 'init', 'thing', '--origin', 'acme'], {
    cwd: folder,
    env: { pkg_version: '2.0', pkg_license: "('MIT' 'Apache-2.0')" },
  });
  expect(first.stdout).toContain('Creating file: thing/plan.sh');
  const plan = readFileSync(join(folder, 'thing/plan.sh'), 'utf8');
  expect(plan).toContain("pkg_license=('MIT' 'Apache-2.0')");
  expect(plan).toContain('pkg_version="2.0"');
  expect(plan).toMatch(/^# .*heart/m);
  const again = await root.ok(['plan', 'init', 'thing', '--origin', 'acme', '--min'], { cwd: folder });
  expect(again.stdout).toContain('Using existing file: thing/plan.sh');
  expect(readFileSync(join(folder, 'thing/plan.sh'), 'utf8')).toBe(plan);
});

test.runIf(process.geteuid?.() === 0)('nothing that runs is kept in a home that is not ours', async () => {
  const kept = async (owner: number): Promise<boolean> => {
    const home = mkdtempSync(join(tmpdir(), 'hab-home-'));
    chownSync(home, owner, owner);
    const { code } = await run(habProgram, ['plan', 'explain', 'pkg_name'], { env: { HOME: home } });
    expect(code).toBe(0);
    return existsSync(join(home, '.hab/cache/compile'));
  };
  expect([await kept(0), await kept(65534)]).toEqual([true, false]);
});
