import { describe, expect, test } from 'vitest';
import { SessionEnded } from '../src/node/bash-session.ts';
import { assignListText, assignText, commandText, quoteWord } from '../src/shell-text.ts';
import { listOf, mapOf, textOf } from '../src/shell-variables.ts';
import { HelperSession } from './support/helper-session.ts';

const HOSTILE = [
  '',
  ' ',
  "'",
  "''\\''",
  '"',
  '$HOME',
  '$(touch /tmp/owned)',
  '`id`',
  '\\',
  '\\\n',
  'a\nb\n\nc\n',
  '\t\v\f\r\u0007\u001b[31m',
  '!!',
  '*',
  '~',
  '-n',
  '--',
  '#x',
  'a;b&c|d>e<f(g)h{i}j[k]',
  'ünïcödé ✓ 𝒳',
  '0:x',
  '.0',
  "x'; exit 7; '",
  'é'.normalize('NFD'),
  'x'.repeat(70_000),
];

describe('values survive the way to bash and back', () => {
  test.for(['C', 'C.UTF-8'])('as texts, in the locale %s', async (LC_ALL) => {
    await using bash = await HelperSession.start({ LC_ALL });
    for (const value of HOSTILE) {
      const variables = await bash.run(assignText('value', value), 'value');
      expect(textOf(variables, 'value')).toBe(value);
    }
  });

  test('as lists', async () => {
    await using bash = await HelperSession.start();
    const variables = await bash.run(assignListText('values', HOSTILE), 'values');
    expect(listOf(variables, 'values')).toEqual(HOSTILE);
  });

  test('as maps', async () => {
    await using bash = await HelperSession.start();
    const values = HOSTILE.filter((value) => value !== '');
    const assignments = values.map((value, at) => `key=${quoteWord(value)}; map[$key]=${at}`).join('\n');
    const variables = await bash.run(`declare -A map=()\n${assignments}`, 'map');
    expect(mapOf(variables, 'map')).toEqual(new Map(values.map((value, at) => [value, String(at)])));
  });

  test('as questions and answers', async () => {
    await using bash = await HelperSession.start();
    bash.answer = (_verb, args, tell) => {
      tell(assignListText('answer', args));
      return 0;
    };
    const variables = await bash.run(commandText('__hab_ask echo', ...HOSTILE), 'answer');
    expect(listOf(variables, 'answer')).toEqual(HOSTILE);
  });

  test('but not a NUL, which no shell has', () => {
    expect(() => quoteWord('a\0b', 'pkg_name')).toThrow('pkg_name contains a NUL character');
  });
});

test('variables of every kind, and those that are unset', async () => {
  await using bash = await HelperSession.start();
  const variables = await bash.run(
    'set -u; s=text; e=; a=(1 "2 3"); n=(); declare -A m=([k]=v [l]="w x"); declare -i i=7; declare -x x=out; unset nope',
    ...['s', 'e', 'a', 'n', 'm', 'i', 'x', 'nope'],
  );
  expect([...variables]).toEqual([
    ['s', { kind: 'string', value: 'text' }],
    ['e', { kind: 'string', value: '' }],
    ['a', { kind: 'list', values: ['1', '2 3'] }],
    ['m', { kind: 'map', entries: expect.any(Map) }],
    ['i', { kind: 'string', value: '7' }],
    ['x', { kind: 'string', value: 'out' }],
  ]);
  expect(mapOf(variables, 'm')).toEqual(
    new Map([
      ['k', 'v'],
      ['l', 'w x'],
    ]),
  );
});

test('the status of an answer is the status of the helper, and its text runs first', async () => {
  await using bash = await HelperSession.start();
  bash.answer = async (_verb, _args, tell) => {
    tell('steps+=(one)');
    await Promise.resolve();
    tell('steps+=(two)');
    return 5;
  };
  const variables = await bash.run('steps=(); __hab_ask x || status=$?', 'steps', 'status');
  expect(listOf(variables, 'steps')).toEqual(['one', 'two']);
  expect(textOf(variables, 'status')).toBe('5');
});

test('subshells ask at the same time, each getting its own answer', async () => {
  await using bash = await HelperSession.start();
  const waiting: (() => void)[] = [];
  bash.answer = async (_verb, [name = ''], tell) => {
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      // The last to arrive lets everybody go, in reverse.
      if (waiting.length === 3) for (const go of waiting.reverse()) go();
    });
    tell(`echo "answer for ${name}" >${bash.directory}/${name}`);
    return name === 'b' ? 3 : 0;
  };
  const variables = await bash.run(
    '__hab_ask x a & __hab_ask x b & pid=$!; x=$(__hab_ask x c; echo done); wait $pid || status=$?; wait; got=$(cat a b c)',
    'x',
    'status',
    'got',
  );
  expect(textOf(variables, 'x')).toBe('done');
  expect(textOf(variables, 'status')).toBe('3');
  expect(textOf(variables, 'got')).toBe('answer for a\nanswer for b\nanswer for c');
});

test('a plan opens its outputs by name', async () => {
  const bash = await HelperSession.start();
  await bash.run('echo heard > /dev/stdout; echo seen > /dev/stderr');
  await bash[Symbol.asyncDispose]();
  expect(bash.output).toBe('heard\n');
  expect(bash.errors).toMatch(/^seen\n/);
});

test('a plan that uses descriptors 3 and 4 does not disturb the conversation', async () => {
  await using bash = await HelperSession.start();
  await bash.run('exec 3>out 4</dev/null; echo x >&3; exec 3>&- 4<&-');
  expect(textOf(await bash.run('v=1', 'v'), 'v')).toBe('1');
});

test('a plan that writes into the channel is stopped, not obeyed', async () => {
  await using bash = await HelperSession.start();
  const run = bash.session.run('builtin printf "evil\\0many\\0" >&"$__hab_out"');
  await expect(run).rejects.toBeInstanceOf(SessionEnded);
  const { status, error } = await bash.session.ended;
  expect(status).toBe(137);
  expect(error).toMatchObject({ code: 'BUILD_BASH_FAILED' });
});

test('bash gives up when the other side is gone', async () => {
  const bash = await HelperSession.start();
  bash.session.hangUp();
  expect((await bash.session.ended).status).toBe(1);
  expect(bash.errors).toContain('went away');
  await bash[Symbol.asyncDispose]();
});

test('a bash that cannot be started', async () => {
  const { BashSession } = await import('../src/node/bash-session.ts');
  const { BuildStdio } = await import('../src/node/stdio.ts');
  const session = new BashSession({
    bash: '/nonexistent/bash',
    cwd: '/',
    environment: {},
    stdio: await BuildStdio.open({ output: 'ignore', errors: 'ignore' }),
    handler: { answer: () => 0, note: () => undefined },
    programName: 'x',
  });
  const started = session.start().catch((error: unknown) => error);
  expect((await session.ended).error?.message).toContain('ENOENT');
  expect(await started).toBeInstanceOf(SessionEnded);
});
