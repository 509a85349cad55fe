import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { SettingValue } from '../src/index.ts';
import { loadPowerShellReader, readPlanFile } from '../src/node/index.ts';

const read = await loadPowerShellReader();
const valueIn = (text: string, name = 'pkg_x'): SettingValue | undefined => read(text).settings.get(name)?.value;

test.each<[string, SettingValue]>([
  ['$pkg_x="7zip"', '7zip'],
  ["$pkg_x = 'it''s $raw'", "it's $raw"],
  ['$PKG_X="any case"', 'any case'],
  ['$pkg_n="a"; $pkg_x="$pkg_n-${pkg_n}-$($pkg_n)"', 'a-a-a'],
  ['$pkg_v="1.2"; $pkg_x="v$($pkg_v.Replace(\'.\',\'_\')).zip"', 'v1_2.zip'],
  ['$pkg_v="Ab"; $pkg_x=($pkg_v).ToLower()', 'ab'],
  ['$pkg_x="a`tb`"c`$d""e"', 'a\tb"c$d"e'],
  ['$pkg_x=@("a", \'b\')', ['a', 'b']],
  ['$pkg_x=@(\n  "a", "b" # why\n  "c"\n)', ['a', 'b', 'c']],
  ['$pkg_x=("one")', 'one'],
  ['$pkg_x="a","b"', ['a', 'b']],
  ['$pkg_x=@("a")\n$pkg_x+=@("b")\n$pkg_x += "c"', ['a', 'b', 'c']],
  [
    '$pkg_x=@{ port="srv.port"; "a b"=\'c\'\n z = 1 }',
    new Map([
      ['port', 'srv.port'],
      ['a b', 'c'],
      ['z', '1'],
    ]),
  ],
  ['$pkg_x=@"\nline\n  two "quoted"\n"@', 'line\n  two "quoted"'],
  ["$pkg_x=@'\nraw $x\n'@", 'raw $x'],
  ['$pkg_x="a" + "b"', 'ab'],
  ['[string]$pkg_x = "t"', 't'],
  ['$pkg_x="first"\n$pkg_x="second"', 'second'],
  ['<# block\n comment #>\n$pkg_x="after" # line', 'after'],
  ['\ufeff$pkg_x="marked"', 'marked'],
  ['function Invoke-Build { $pkg_x="inside" }\n$pkg_x="outside"', 'outside'],
])('%s', (text, expected) => {
  expect(valueIn(text)).toEqual(expected);
});

test.each([
  ['$pkg_x=$env:FOO', 'machine'],
  ['$pkg_x=(Get-Date)', 'Get-Date'],
  ['$pkg_x="$(Get-Content version)"', 'Get-Content'],
  ['if ($a) { $pkg_x="1" }', 'if'],
  ['$pkg_x="$nowhere"', 'nowhere'],
  ['$pkg_x=$pkg_y.Substring(1)', 'pkg_y'],
  ['$pkg_x=1 + 2', 'sum'],
  ['$pkg_x="1"\n. ./other.ps1', 'other.ps1'],
])('%s is not told', (text, reason) => {
  expect(read(text).settings.get('pkg_x')?.value).toBeUndefined();
  expect(read(text).settings.get('pkg_x')?.reason).toContain(reason);
});

test('functions, callbacks and helpers', () => {
  const plan = read(
    'function Invoke-Install { Copy-Item "$(Get-HabPackagePath zlib)/x" . }\nfunction pkg_version { "1" }\nfunction My-Own { }\n',
  );
  expect(plan.callbacks).toEqual(['Invoke-Install', 'pkg_version']);
  expect([...plan.functions.values()].map(({ name }) => name)).toEqual(['Invoke-Install', 'pkg_version', 'My-Own']);
  expect(plan.helpers).toMatchObject([{ name: 'Get-HabPackagePath', words: ['zlib'] }]);
});

test('a plan that reads another, on this machine', async () => {
  const root = mkdtempSync(join(tmpdir(), 'hab-plan-'));
  for (const name of ['base', 'more']) mkdirSync(join(root, name));
  writeFileSync(join(root, 'base/plan.ps1'), '$pkg_name="base"\n$pkg_deps=@("core/a")\n');
  writeFileSync(join(root, 'more/plan.ps1'), '. "..\\base\\plan.ps1"\n$pkg_name="more"\n$pkg_deps+=@("core/b")\n');
  const plan = await readPlanFile(join(root, 'more/plan.ps1'));
  expect(plan.settings.get('pkg_name')?.value).toBe('more');
  expect(plan.settings.get('pkg_deps')?.value).toEqual(['core/a', 'core/b']);
});

test.each([
  ['nothing', ''],
  ['an unterminated text', '$pkg_x="a\n$pkg_y="b"'],
  ['an unterminated list', '$pkg_x=@("a"\n'],
  ['zero bytes', '$pkg_x="a"\0'],
  ['deep nesting', `$pkg_x=${'('.repeat(5000)}1${')'.repeat(5000)}`],
  ['deep blocks', `${'if ($a) {'.repeat(2000)}${'}'.repeat(2000)}`],
  ['no PowerShell at all', '\u{1f600}\x01\x02 <html> %%% @@@ }}}'],
])('%s does not throw', (_what, text) => {
  expect(() => read(text)).not.toThrow();
  expect(valueIn(`$pkg_x="still"\n`)).toBe('still');
});

test('the longest text that is read, and one character more', () => {
  const text = `$pkg_x="a"\n#${'y'.repeat(4_000_000 - 13)}\n`;
  expect(text.length).toBe(4_000_000);
  expect(valueIn(text)).toBe('a');
  expect(read(`${text}z`).problems).toMatchObject([{ code: 'PLAN_TOO_LARGE' }]);
});

test('what is not understood is told with its first words, and hides no function', () => {
  const text =
    'function Invoke-Unpack {\n  lessmsi x (Resolve-Path "a").Path\n}\n\nfunction Invoke-Install {\n  Copy-Item a b\n}\n';
  const { problems, callbacks } = read(text);
  expect(callbacks).toEqual(['Invoke-Install', 'Invoke-Unpack']);
  for (const { code, message } of problems) {
    expect(code).toBe('PLAN_SYNTAX');
    expect(message).toMatch(/^".+" is not understood: /);
  }
});
