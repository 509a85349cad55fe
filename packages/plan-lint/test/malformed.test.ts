import { thrownBy } from '@hab/core/testing';
import { expect, test } from 'vitest';

import { createPlanSources, isPlanLintError, lintPlan } from '../src/index.ts';

test.each(['', '/plan.sh', '../plan.sh', 'config/../../x', 'config//x', './plan.sh', 'config/', 'hooks/\0'])(
  '%j is no path below a folder',
  (path) => {
    const error = thrownBy(() => createPlanSources([[path, '']]));
    expect(error).toMatchObject({ code: 'PLAN_LINT_PATH_INVALID', details: { path } });
    expect(isPlanLintError(error, 'PLAN_LINT_PATH_INVALID')).toBe(true);
  },
);

test('names that objects know are names', () => {
  const plan = createPlanSources([
    ['config/__proto__', '{{cfg.__proto__.x}}'],
    ['hooks/constructor', '#!/bin/sh\n'],
  ]);
  expect(lintPlan(plan).map(({ file, rule }) => `${file} ${rule}`)).toContain('hooks/constructor hook-name');
});

test('as many texts as there may be, and one more', () => {
  const files = Array.from({ length: 10_000 }, (_, i) => [`config/${i}`, 'x'] as const);
  expect(createPlanSources([...files, ['config/0', 'y']]).templates.get('config')?.length).toBe(10_000);
  const error = thrownBy(() => createPlanSources([...files, ['config/more', 'x']]));
  expect(error).toMatchObject({ code: 'PLAN_LINT_LIMIT_EXCEEDED', details: { limit: 'files', max: 10_000 } });
});

test('as long texts as there may be, and one character more', () => {
  const half = 'x'.repeat(32 * 1_048_576);
  const files = [
    ['config/a', half],
    ['config/a', half],
    ['config/b', half],
  ] as const;
  expect(createPlanSources(files).templates.get('config')?.length).toBe(2);
  const error = thrownBy(() => createPlanSources([...files, ['config/c', 'x']]));
  expect(error).toMatchObject({ code: 'PLAN_LINT_LIMIT_EXCEEDED', details: { limit: 'characters', max: 67_108_864 } });
});

test('a plan.ps1 that nothing reads is an error that says what to give', () => {
  const error = thrownBy(() => createPlanSources([['plan.ps1', '']]));
  expect(error).toMatchObject({ code: 'PLAN_LINT_READER_MISSING', details: { path: 'plan.ps1' } });
});

const NASTY = [
  ['nothing', ''],
  ['zero bytes', 'pkg_name=a\0\n{{\0}}\r'],
  ['open ends', '{{#if cfg.a}}{{#each'],
  ['deep nesting', `${'{{#if a}}'.repeat(3000)}${'('.repeat(3000)}`],
  ['long words', `pkg_name=${'a'.repeat(300_000)}{{cfg.${'b'.repeat(300_000)}}}`],
  ['many asked for', `${'{{#if cfg.a}}{{cfg.a}}{{/if}}'.repeat(2000)}`],
  ['lone surrogates', '\ud800{{\udfff}}'],
] as const;

test.each(NASTY)('%s, as every text of a plan, throws nothing', (_what, text) => {
  const files = ['plan.sh', 'default.toml', 'config/a', 'config_install/a', 'hooks/run', 'hooks/init'];
  const plan = createPlanSources(files.map((file) => [file, text] as const));
  for (const { line, column, file } of lintPlan(plan)) {
    expect(files).toContain(file);
    expect(Math.min(line, column)).toBeGreaterThan(0);
  }
});
