import { FakeClock, seededRandom } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { aliasesOf, expandTopWord } from '../src/abbreviations.ts';
import { runCli } from '../src/cli.ts';
import { splitRootOption } from '../src/root-option.ts';
import { readSettings } from '../src/settings.ts';
import { wantsColor } from '../src/ui.ts';

async function hab(words: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const written = { out: '', err: '' };
  const code = await runCli(words, {
    env,
    stdin: (async function* () {})(),
    stdout: { write: (text) => (written.out += text) },
    stderr: { write: (text) => (written.err += text) },
    cwd: '/',
    clock: new FakeClock(),
    random: seededRandom(1),
    signal: new AbortController().signal,
    effectiveUid: 1000,
  });
  return { code, ...written };
}

test('the root stands first, and words that a command passes on are never touched', () => {
  expect(splitRootOption(['--root', '/x', 'pkg'], undefined)).toEqual({ root: '/x', rest: ['pkg'] });
  expect(splitRootOption(['--root=/x', 'pkg'], '/y')).toEqual({ root: '/x', rest: ['pkg'] });
  expect(splitRootOption(['pkg', 'exec', 'a/b', 'c', '--root', '/x'], '/y')).toEqual({
    root: '/y',
    rest: ['pkg', 'exec', 'a/b', 'c', '--root', '/x'],
  });
  expect(splitRootOption(['pkg'], '').root).toBeUndefined();
  for (const words of [['--root'], ['--root', ''], ['--root=']]) {
    expect(() => splitRootOption(words, undefined)).toThrow('--root needs a directory');
  }
});

test('no abbreviation stands for two words', () => {
  const groups = {
    '': 'config file origin pkg plan ring svc user start install apply',
    svc: 'key load start status stop',
  };
  for (const [group, words] of Object.entries(groups)) {
    const forms = words.split(' ').flatMap((word) => [word, ...aliasesOf(group, word)]);
    expect(new Set(forms).size).toBe(forms.length);
  }
  expect(expandTopWord('inst')).toBe('install');
  expect(expandTopWord('nothing')).toBe('nothing');
});

test('empty variables are unset, and flags are on for two words alone', () => {
  const settings = readSettings({ HAB_ORIGIN: '', HAB_ORG: 'x', HAB_NOCOLORING: 'true', HAB_NONINTERACTIVE: 'yes' });
  expect(settings.HAB_ORIGIN).toBeUndefined();
  expect(settings).toMatchObject({ HAB_ORG: 'x', HAB_NOCOLORING: true, HAB_NONINTERACTIVE: false });
});

test('colours are for terminals that nobody silenced', () => {
  const terminal = { write: () => true, isTTY: true };
  expect(wantsColor(terminal, readSettings({ TERM: 'xterm' }))).toBe(true);
  expect(wantsColor({ write: () => true }, readSettings({ TERM: 'xterm' }))).toBe(false);
  expect(wantsColor(terminal, readSettings({ TERM: 'xterm', NO_COLOR: '1' }))).toBe(false);
  expect(wantsColor(terminal, readSettings({ TERM: 'xterm', HAB_NOCOLORING: '1' }))).toBe(false);
});

test('versions and help are answers; a word that is no command is a mistake', async () => {
  expect(await hab(['--version'])).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^hab \d+\.\d+\.\d+/),
    err: '',
  });
  for (const words of [['--help'], ['help'], ['help', 'svc'], ['svc', 'load', '--help']]) {
    expect(await hab(words)).toMatchObject({ code: 0, out: expect.stringContaining('Usage: hab'), err: '' });
  }
  for (const words of [[], ['svc'], ['frobnicate'], ['svc', 'frobnicate'], ['svc', 'load']]) {
    expect(await hab(words)).toMatchObject({ code: 2, out: '' });
  }
});

test('what fails says what to do next', async () => {
  const refused = await hab(['pkg', 'path', 'not an ident']);
  expect(refused).toMatchObject({ code: 2, out: '' });
  expect(refused.err).toContain('not an ident');
  const unreachable = await hab(['svc', 'status', '--remote-sup', '127.0.0.1:1'], { HAB_CTL_SECRET: 'x' });
  expect(unreachable.code).toBe(3);
});

test('what an error quotes of others steers no terminal', async () => {
  const { code, err } = await hab(['plan', 'explain', 'a\u001b[2J\u202eb']);
  expect([code, err.includes('"a\\u001b[2J\\u202eb"'), /[^\P{C}\n]/u.test(err)]).toEqual([1, true, false]);
});
