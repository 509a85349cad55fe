import { loadPowerShellReader } from '@hab/plan-parser/node';
import { expect, test } from 'vitest';

import { createPlanSources, lintPlan, type PlanFinding } from '../src/index.ts';

const PLAN = `pkg_name=web
pkg_origin=acme
pkg_version=1.0
pkg_maintainer=me
pkg_license=(MIT)
pkg_description=web
pkg_upstream_url=https://example.com
pkg_deps=(core/jre8)
pkg_exports=([port]=srv.port)
pkg_binds=([db]="host port")
pkg_exposes=(port)
`;
const tell = (findings: readonly PlanFinding[]): readonly string[] =>
  findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`);

test('a plan in memory is read as one on disk: metadata, templates in order, hooks by their names', () => {
  const plan = createPlanSources([
    ['hooks/run.sh', '#!/bin/sh\n'],
    ['hooks/lib/more', 'no hook'],
    ['config/z.conf', 'z'],
    ['config/a/b.conf', 'b'],
    ['config_install/first', 'f'],
    ['README.md', 'x'],
    ['default.toml', '[srv]\nport = 1\n'],
    ['plan.sh', PLAN],
  ]);
  expect(plan.metadata).toMatchObject({ origin: 'acme', name: 'web', version: '1.0', exposes: ['port'] });
  expect(plan.metadata.deps).toEqual([{ origin: 'core', name: 'jre8' }]);
  expect(plan.metadata.exports).toEqual(new Map([['port', 'srv.port']]));
  expect(plan.metadata.binds).toEqual(new Map([['db', ['host', 'port']]]));
  expect([...plan.templates].map(([folder, all]) => [folder, all.map(({ name }) => name)])).toEqual([
    ['config', ['a/b.conf', 'z.conf']],
    ['config_install', ['first']],
    ['hooks', ['run']],
  ]);
  expect([plan.directory, plan.texts[0]?.path, plan.defaults]).toEqual(['/src', '/src/plan.sh', '[srv]\nport = 1\n']);
  expect(lintPlan(plan)).toEqual([]);
});

test('findings of every kind of text', () => {
  const plan = createPlanSources(
    new Map([
      ['plan.sh', `${PLAN}pkg_bin_dir=(bin)\n`],
      ['default.toml', 'port = \n'],
      ['config/web.conf', '{{bind.cache.first.cfg.port}}'],
      ['hooks/health_check', 'exit 0\n'],
    ]),
  );
  expect(tell(lintPlan(plan))).toEqual([
    'config/web.conf:1 deprecated-first',
    'config/web.conf:1 unknown-path',
    'default.toml:1 toml-syntax',
    'hooks/health_check:1 hook-name',
    'hooks/health_check:1 hook-shebang',
    'plan.sh:12 unknown-setting',
  ]);
});

test('the dialect decides what templates may say', () => {
  const plan = createPlanSources([
    ['default.toml', 'port = 1\n'],
    ['config/web.conf', '{{#if cfg.port}}{{else if cfg.port}}x{{/if}}\n'],
  ]);
  expect(tell(lintPlan(plan))).toEqual([]);
  expect(tell(lintPlan(plan, { dialect: 'legacy' }))).toEqual(['config/web.conf:1 else-if']);
});

test('texts alone, without a plan', () => {
  const plan = createPlanSources([['config/web.conf', '{{cfg.x}}\n{{/if}}']]);
  expect(plan.metadata.source).toBeUndefined();
  expect(tell(lintPlan(plan))).toEqual(['config/web.conf:2 syntax']);
});

test('what a plan reads: unknown without a reader, and never a finding of this plan', () => {
  const text = 'source ../base/plan.sh\npkg_name=web\n';
  const asked: string[] = [];
  const alone = createPlanSources([['plan.sh', text]]);
  const together = createPlanSources([['plan.sh', text]], {
    directory: '/plans/web/',
    readFile: (path) => {
      asked.push(path);
      return `${PLAN}pkg_bin_dir=(bin)\n`;
    },
  });
  expect([alone.metadata.version, together.metadata.version]).toEqual([undefined, '1.0']);
  expect(asked).toEqual(['/plans/base/plan.sh']);
  expect(tell(lintPlan(together))).toEqual([]);
});

test('a plan.ps1 with its reader; its hooks are not for a shell of Linux', async () => {
  const readPowerShell = await loadPowerShellReader();
  const plan = createPlanSources(
    [
      ['plan.ps1', '$pkg_name="web"\n$pkg_bin_dir=@("bin")\n'],
      ['hooks/run', 'web.exe\r\n'],
    ],
    { readPowerShell },
  );
  expect(plan.metadata.name).toBe('web');
  const found = tell(lintPlan(plan));
  expect(found).toContain('plan.ps1:2 unknown-setting');
  expect(found.filter((one) => one.startsWith('hooks/'))).toEqual([]);
});
