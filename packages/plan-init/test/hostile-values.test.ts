import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { thrownBy } from '@hab/core/testing';
import { afterAll, expect, test } from 'vitest';

import { createPlanFiles, type PlanLanguage } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'hab-plan-init-'));
afterAll(() => rmSync(folder, { recursive: true }));

function planOf(name: string, value: string, language: PlanLanguage = 'bash'): string {
  const [plan] = createPlanFiles({ name: 'thing', origin: 'acme', language, variables: { [name]: value } });
  return plan?.text ?? '';
}

/** Has bash read a plan and print one of its settings. */
function sourced(plan: string, name: string): string {
  writeFileSync(join(folder, 'plan.sh'), plan);
  const script = `. ./plan.sh; printf '%s\\0' "\${${name}[@]}"`;
  const { status, stdout } = spawnSync('bash', ['--norc', '-eu', '-c', script], { cwd: folder, encoding: 'utf8' });
  expect([status, existsSync(join(folder, 'RUN'))]).toEqual([0, false]);
  return stdout;
}

test.for([
  'a"b',
  "a'b\nc\n\n",
  '$(touch RUN)',
  '`touch RUN`',
  '\\$(touch RUN)\\',
  '"; touch RUN; "',
  '${x:-$(touch RUN)}',
  '${pkg_name:-$(touch RUN)}',
  '${pkg_name[$(touch RUN)]}',
  '!! # * ~ $$ $ \r\t\u0001\u0085 é',
  '',
])('reading a plan gives the text %j back and runs nothing', (value) => {
  expect(sourced(planOf('pkg_description', value), 'pkg_description')).toBe(`${value}\0`);
});

test.for([
  ['(one \'two $(touch RUN)\' "thr\\"ee" fo\\ ur)', ['one', 'two $(touch RUN)', 'thr"ee', 'fo ur']],
  ['one\n two#2\tx[1]', ['one', 'two#2', 'x[1]']],
  ['("$pkg_name" a$pkg_origin/b)', ['thing', 'aacme/b']],
] as const)('a list of bash: %j', ([value, words]) => {
  expect(sourced(planOf('pkg_deps', value), 'pkg_deps')).toBe(words.map((word) => `${word}\0`).join(''));
});

test.for([
  '$(touch RUN)',
  '(a `touch RUN`)',
  '("$(touch RUN)")',
  '("`touch RUN`")',
  '(${x:=$(touch RUN)})',
  '(<(touch RUN))',
  '(>(touch RUN))',
  '([x[$(touch RUN)]]=1)',
  // Worked out as an expression, and with it what the version holds.
  '([pkg_version]=1)',
  "(a #'\n$(touch RUN) #'\n)",
  "($'a\\'; touch RUN')",
  '({1..1000000000})',
  '(/*/*/*/*)',
  '(a; b)',
  '(a && b)',
  '(a > b)',
  '(a\\)',
  '(a\0b)',
])('no list of bash: %j', (value) => {
  expect(thrownBy(() => planOf('pkg_deps', value))).toMatchObject({ code: 'PLAN_INIT_VALUE_INVALID' });
});

test.for([
  ['pkg_exports', '([port]=server.port ["a-b"]="c d")', true],
  ['pkg_exports', '([$(touch RUN)]=x)', false],
  ['pkg_exports', '([pkg_version[0]]=x)', false],
  ['pkg_exports', '([a]=$(touch RUN))', false],
  ['pkg_exports', '(port)', false],
] as const)('a table of bash: %s=%j', ([name, value, isTable]) => {
  const write = () => planOf(name, value);
  if (isTable) expect(write()).toContain(`${name}=${value}\n`);
  else expect(thrownBy(write)).toMatchObject({ code: 'PLAN_INIT_VALUE_INVALID' });
});

test.for([
  ['@("a", \'b\', "$pkg_name")', true],
  ['@{ port = "a.b"; host = @("x") }', true],
  ['@(1, 2\n"x")', true],
  ['@(touch RUN)', false],
  ['@("$(touch RUN)")', false],
  ['@("a"; & touch RUN)', false],
  ['@{ a = touch = 1 }', false],
  ['@{ a =\n touch = 1 }', false],
  // A typographic quote ends a text of PowerShell like any other.
  ['@("a\u201d; touch RUN; \u201cb")', false],
  [`${'@('.repeat(9)}${')'.repeat(9)}`, false],
] as const)('a list of PowerShell: %j', ([value, isList]) => {
  const write = () => planOf('pkg_deps', value, 'powershell');
  if (isList) expect(write()).toContain(`$pkg_deps=${value}\n`);
  else expect(thrownBy(write)).toMatchObject({ code: 'PLAN_INIT_VALUE_INVALID' });
});

test('typographic quotes in a text of PowerShell are characters of it', () => {
  const text = planOf('pkg_description', '\u201d; touch RUN; \u201c', 'powershell');
  expect(text).toContain('$pkg_description="`\u201d; touch RUN; `\u201c"\n');
});

test('a list is looked at in one go, however long it is', () => {
  for (const part of ["''", '\\a', '$pkg_a', 'a#', ' ', '"x"']) {
    expect(thrownBy(() => planOf('pkg_deps', `(${part.repeat(20_000)}$(`))).toMatchObject({
      code: 'PLAN_INIT_VALUE_INVALID',
    });
  }
  expect(planOf('pkg_deps', `(${'a '.repeat(20_000)})`).length).toBeGreaterThan(40_000);
});
