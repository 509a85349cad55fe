import { expect, test } from 'vitest';

import { readBashPlan } from '../src/index.ts';

const read = (text: string, name: string): unknown => readBashPlan(text).settings.get(name)?.value;

test('what stands before an unterminated quote is read, and the place is told', () => {
  const reading = readBashPlan('pkg_name=x\npkg_origin=y\npkg_description="never\n');
  expect(reading.settings.get('pkg_name')?.value).toBe('x');
  expect(reading.problems[0]).toMatchObject({ code: 'PLAN_SYNTAX', span: { file: '/src/plan.sh' } });
  expect(reading.problems[0]?.span.start).toBeGreaterThan(10);
});

test.each([
  ['an if without an end', 'pkg_name=x\nif true; then\n'],
  ['a stray end', 'pkg_name=x\nfi\npkg_version=1\n'],
  ['a list without an end', 'pkg_name=x\npkg_deps=(a b\n'],
  ['a function without an end', 'pkg_name=x\ndo_build() {\n  make\n'],
  ['a substitution without an end', 'pkg_name=x\npkg_version=$(echo 1\n'],
])('%s', (_what, text) => {
  const reading = readBashPlan(text);
  expect(reading.settings.get('pkg_name')?.value).toBe('x');
  expect(reading.problems.length).toBeGreaterThan(0);
  for (const { span } of reading.problems) expect(span.start).toBeLessThanOrEqual(text.length);
});

test('zero bytes are told', () => {
  const reading = readBashPlan('pkg_name=x\npkg_version=1\0\n');
  expect(reading.problems[0]).toMatchObject({ code: 'PLAN_BINARY', span: { start: 24, end: 25 } });
  expect(reading.settings.get('pkg_name')?.value).toBe('x');
});

test('bytes of a program', () => {
  let seed = 1;
  const bytes = Uint8Array.from({ length: 200_000 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % 256;
  });
  expect(readBashPlan(new TextDecoder('latin1').decode(bytes)).problems.length).toBeGreaterThan(0);
});

test('lines that end in CR LF are what bash takes them for', () => {
  expect(read('pkg_name=x\r\npkg_version=1\r\n', 'pkg_name')).toBe('x\r');
});

test('the longest text that is read, and one character more', () => {
  const limit = 4_000_000;
  const text = `pkg_name=x\n#${'y'.repeat(limit - 12)}`;
  expect(text.length).toBe(limit);
  expect(readBashPlan(text).settings.get('pkg_name')?.value).toBe('x');
  expect(readBashPlan(`${text}z`)).toMatchObject({ problems: [{ code: 'PLAN_TOO_LARGE' }] });
});

test.each([
  ['braces', (n: number) => `pkg_name=x\n${'{ '.repeat(n)}:;${' }'.repeat(n)}`],
  ['substitutions', (n: number) => `pkg_name=x\npkg_a=${'$(echo '.repeat(n)}1${')'.repeat(n)}`],
  ['expansions', (n: number) => `pkg_name=x\npkg_a=${'${x:-'.repeat(n)}1${'}'.repeat(n)}`],
  ['arithmetic', (n: number) => `pkg_name=x\npkg_a=$((${'('.repeat(n)}1${')'.repeat(n)}))`],
  ['tests', (n: number) => `pkg_name=x\n[[ ${'( '.repeat(n)}-n x${' )'.repeat(n)} ]]`],
  ['conditions', (n: number) => `pkg_name=x\n${'if true; then '.repeat(n)}:;${' fi;'.repeat(n)}`],
])('deep nesting of %s', (_what, make) => {
  for (const depth of [100, 5000]) expect(() => readBashPlan(make(depth))).not.toThrow();
  expect(readBashPlan(make(50)).settings.get('pkg_name')?.value).toBe('x');
});

test('files that read each other come to an end', () => {
  const files: Record<string, string> = {
    '/a/plan.sh': 'source ../b/plan.sh; pkg_version=1',
    '/b/plan.sh': 'source ../a/plan.sh',
  };
  const text = 'pkg_name=x\nsource ../b/plan.sh\npkg_version=1\n';
  const reading = readBashPlan(text, { path: '/a/plan.sh', readFile: (path) => files[path] });
  expect(reading.settings.get('pkg_name')?.value).toBe('x');
  expect(reading.settings.get('pkg_version')?.value).toBe('1');
  expect(reading.problems).toMatchObject([{ code: 'PLAN_SOURCE_LOOP', span: { start: 0 } }]);
});

test.each([
  ['a loop without an end', 'while true; do pkg_a+=x; done; pkg_b=1'],
  ['a text that doubles', `a=x; ${'a=$a$a; '.repeat(60)}pkg_a=$a`],
  ['a list that doubles', `a=(x); ${'a=("${a[@]}" "${a[@]}"); '.repeat(60)}pkg_a=("\${a[@]}")`],
  ['braces that multiply', `pkg_a=(${'{1..90}'.repeat(9)})`],
  [
    'calls that multiply',
    `${Array.from({ length: 30 }, (_, i) => `f${i + 1}() { f${i}; f${i}; }`).join('\n')}\nf0() { pkg_a=1; }; f30`,
  ],
  ['a pattern with many stars', `a=${'x'.repeat(5000)}; pkg_a=\${a//${'*x'.repeat(50)}y}`],
  ['substitutions in a loop', 'while true; do a=$(echo $a$a x); done; pkg_a=$a'],
])('%s ends, and what it leaves is not told', (_what, text) => {
  const reading = readBashPlan(`pkg_name=x\n${text}\n`);
  expect(reading.settings.get('pkg_a')?.value === undefined || text.includes('*x')).toBe(true);
});

test('names that objects have anyway are names', () => {
  const reading = readBashPlan(
    'constructor() { :; }; pkg_exports[__proto__]=a; toString; hasOwnProperty x; pkg_a=$__proto__ pkg_b=1',
  );
  expect(reading.functions.has('constructor')).toBe(true);
  expect(reading.settings.get('pkg_exports')?.value).toEqual(new Map([['__proto__', 'a']]));
  expect(reading.settings.get('pkg_b')?.value).toBe('1');
});

test('a file that reads itself, by names that grow', () => {
  const text = 'pkg_name=x\nsource "$(dirname "${BASH_SOURCE[0]}")/../a/plan.sh"\npkg_version=1\n';
  const reading = readBashPlan(text, { path: '/a/plan.sh', readFile: () => text });
  expect(reading.settings.get('pkg_version')?.value).toBe('1');
  expect(reading.problems).toMatchObject([{ code: 'PLAN_SOURCE_LOOP' }]);
});

test('files that read each other twice at every place', () => {
  const text = 'source ./plan.sh\nsource ./plan.sh\npkg_version=1\n';
  const reading = readBashPlan(text, { path: '/a/plan.sh', readFile: () => text });
  expect(reading.problems).toMatchObject([{ code: 'PLAN_SOURCE_LOOP' }]);
});

test('ten megabytes are told, and not read', () => {
  const reading = readBashPlan(`pkg_name=x\n${'pkg_a=y\n'.repeat(1_310_720)}`);
  expect(reading.problems).toMatchObject([{ code: 'PLAN_TOO_LARGE', span: { start: 0, end: 10_485_771 } }]);
  expect(reading.settings.size).toBe(0);
});

test('lines that end in several ways', () => {
  const reading = readBashPlan('pkg_name=x\r\npkg_origin=y\npkg_deps=(core/a\r\n  core/b)\n\rpkg_version=1\n');
  expect(reading.settings.get('pkg_origin')?.value).toBe('y');
  expect(reading.settings.get('pkg_deps')?.value).toEqual(['core/a\r', 'core/b']);
});

test('a zero byte in the middle: the place is told, and what follows is read', () => {
  const reading = readBashPlan('pkg_name=x\0\npkg_version=1\n');
  expect(reading.problems).toMatchObject([{ code: 'PLAN_BINARY', span: { start: 10, end: 11 } }]);
  expect(reading.settings.get('pkg_version')?.value).toBe('1');
});

test('what follows a line that no shell reads is read', () => {
  for (const line of ['pkg_a=(', 'fi', ')', 'if then', 'pkg_a="']) {
    const reading = readBashPlan(`pkg_name=x\n${line}\npkg_version=1\n`);
    expect(reading.settings.get('pkg_name')?.value).toBe('x');
    expect(reading.problems[0]).toMatchObject({ code: 'PLAN_SYNTAX' });
    expect(reading.problems[0]?.span.start).toBeGreaterThanOrEqual(11);
  }
});
