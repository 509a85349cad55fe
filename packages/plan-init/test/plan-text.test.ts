import { readBashPlan } from '@hab/plan-parser';
import { lintPlan } from '@hab/plan-parser/lint';
import { loadPowerShellReader } from '@hab/plan-parser/node';
import { expect, test } from 'vitest';

import { createPlanFiles, type PlanFacts } from '../src/index.ts';

const PATH = '/src/plan.sh';
const planOf = (facts: Partial<PlanFacts> = {}): string =>
  createPlanFiles({ name: 'thing', origin: 'acme', ...facts })[0]?.text ?? '';
const read = (facts: Partial<PlanFacts> = {}): Record<string, unknown> =>
  Object.fromEntries([...readBashPlan(planOf(facts)).settings].map(([name, { value }]) => [name, value]));
const readPowerShell = await loadPowerShellReader();

/** Every way to ask for a plan. */
const ALL_FACTS: readonly Partial<PlanFacts>[] = (['all', 'minimal'] as const).flatMap((extent) =>
  [undefined, true].flatMap((docs) =>
    [undefined, true].flatMap((callbacks) =>
      [undefined, 'core/scaffolding-go'].map((scaffolding) => ({ extent, docs, callbacks, scaffolding })),
    ),
  ),
);

test.for(ALL_FACTS)('nothing is to be said against %o, and all of it can be read', (facts) => {
  const text = planOf(facts);
  const reading = readBashPlan(text, { path: PATH });
  expect(reading.problems).toEqual([]);
  expect([...reading.settings.values()].filter(({ value }) => value === undefined)).toEqual([]);
  expect(lintPlan({ reading, text, path: PATH, hasDefault: () => false, judgeLicences: () => [] })).toEqual([]);
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test.for(ALL_FACTS)('a plan of PowerShell for %o can be read', (facts) => {
  const reading = readPowerShell(planOf({ ...facts, language: 'powershell' }));
  expect(reading.problems).toEqual([]);
  expect([...reading.settings.values()].filter(({ value }) => value === undefined)).toEqual([]);
  expect(reading.settings.get('pkg_name')?.value).toBe('thing');
  expect(reading.callbacks).toContain('Invoke-Build');
});

test('settings, in bash', () => {
  expect(read()).toEqual({
    pkg_name: 'thing',
    pkg_origin: 'acme',
    pkg_version: '0.1.0',
    pkg_maintainer: 'The Habitat Maintainers <humans@habitat.sh>',
    pkg_license: ['Apache-2.0'],
    pkg_shasum: 'TODO',
    pkg_deps: ['core/glibc'],
    pkg_build_deps: ['core/make', 'core/gcc'],
    pkg_description: 'Some description.',
    pkg_upstream_url: 'http://example.com/project-name',
  });
  expect(planOf()).toContain('# pkg_scaffolding="some/scaffolding"');
  expect(planOf()).toMatch(/^# .*\bheart\b/m);
});

test('every example can be used as it stands', () => {
  const uncommented = planOf().replaceAll(/^# (?=pkg_\w+=| {2}\[|\)$)/gm, '');
  const reading = readBashPlan(uncommented);
  expect(reading.problems).toEqual([]);
  expect(reading.settings.get('pkg_exports')?.value).toEqual(
    new Map([
      ['host', 'srv.address'],
      ['port', 'srv.port'],
      ['ssl-port', 'srv.ssl.port'],
    ]),
  );
  expect([...reading.settings.keys()].length).toBe(27);
  const windows = planOf({ language: 'powershell' }).replaceAll(/^# (?=\$pkg_\w+=| {2}"|\}$)/gm, '');
  expect(readPowerShell(windows).problems).toEqual([]);
  expect(readPowerShell(windows).settings.get('pkg_exposes')?.value).toEqual(['port', 'ssl-port']);
});

test('callbacks', () => {
  const eleven = 'begin build check clean download end install prepare strip unpack verify'.split(' ');
  expect(readBashPlan(planOf()).callbacks).toEqual(eleven.map((name) => `do_${name}`));
  expect(readBashPlan(planOf({ extent: 'minimal' })).callbacks).toEqual(['do_build', 'do_install']);
  expect(readBashPlan(planOf({ extent: 'minimal', callbacks: true })).callbacks).toHaveLength(11);
  const windows = readPowerShell(planOf({ language: 'powershell' })).callbacks;
  expect(windows).toEqual(
    eleven.filter((name) => name !== 'strip').map((name) => `Invoke-${name[0]?.toUpperCase()}${name.slice(1)}`),
  );
});

test('a minimal plan explains nothing, unless it is asked to', () => {
  const minimal = planOf({ extent: 'minimal' });
  expect(minimal).not.toMatch(/heart|^# [A-Z]/m);
  expect(minimal).not.toContain('pkg_svc_run');
  expect(minimal).toContain('# pkg_source=');
  expect(planOf({ extent: 'minimal', docs: true })).toMatch(/^# Required\./m);
  expect(planOf({ extent: 'minimal', scaffolding: 'core/scaffolding-go' })).toContain(
    'pkg_scaffolding="core/scaffolding-go"',
  );
});

test('what the environment gives', () => {
  const variables = {
    pkg_svc_user: 'someuser',
    pkg_deps: '(core/make core/coreutils)',
    pkg_license: "('MIT' 'Apache-2.0')",
    pkg_bin_dirs: '(bin sbin)',
    pkg_version: '1.0.0',
    pkg_description: 'foo',
    pkg_maintainer: 'you',
  };
  const text = planOf({ variables });
  for (const line of [
    'pkg_svc_user="someuser"',
    'pkg_deps=(core/make core/coreutils)',
    "pkg_license=('MIT' 'Apache-2.0')",
    'pkg_bin_dirs=(bin sbin)',
    'pkg_version="1.0.0"',
    'pkg_description="foo"',
    'pkg_maintainer="you"',
  ])
    expect(text.split('\n')).toContain(line);
  expect(planOf({ variables, extent: 'minimal' })).toContain('pkg_svc_user="someuser"');
  expect(planOf({ variables: { pkg_name: 'other', pkg_origin: 'elsewhere' } })).toMatch(
    /^pkg_name=other$.*^pkg_origin=elsewhere$/ms,
  );
});

test.each([
  ['pkg_description', 'say "hi" for $5 `now` \\o/ $(id) & <b>', undefined],
  ['pkg_source', 'http://x/${pkg_name}-$pkg_version.tgz', 'http://x/thing-0.1.0.tgz'],
  ['pkg_maintainer', "it's me\nand you", undefined],
  ['pkg_dirname', 'src', undefined],
  ['pkg_scaffolding', 'acme/own', undefined],
] as const)('%s=%s is a text, whatever it holds', (name, given, expected) => {
  expect(read({ variables: { [name]: given } })[name]).toBe(expected ?? given);
  const windows = readPowerShell(planOf({ language: 'powershell', variables: { [name]: given } }));
  expect(windows.settings.get(name)?.value).toBe(expected ?? given);
});

test.each([
  ['(core/a core/b)', ['core/a', 'core/b']],
  ['core/a core/b', ['core/a', 'core/b']],
  ['("core/a" \'b) c\')', ['core/a', 'b) c']],
  ['()', undefined],
  ['', undefined],
])('pkg_deps of %s', (given, expected) => {
  expect(read({ variables: { pkg_deps: given } })['pkg_deps']).toEqual(expected);
});

test('what is needed at run time is not named a second time for builds', () => {
  expect(read({ variables: { pkg_deps: '(core/make "core/x")' } })['pkg_build_deps']).toEqual(['core/gcc']);
});

test.each(['(a); touch b', '(a', 'a) b', '(a "b)', ')', "('a)"])(
  'pkg_deps of %s would be more than a list',
  (given) => {
    expect(() => planOf({ variables: { pkg_deps: given } })).toThrow(
      expect.objectContaining({ code: 'PLAN_INIT_VALUE_INVALID', details: { variable: 'pkg_deps', text: given } }),
    );
  },
);

test.each([
  ['@("core/a", "core/b")', ['core/a', 'core/b']],
  ['(core/a core/b)', ['core/a', 'core/b']],
  ["('core/a' 'core/b')", ['core/a', 'core/b']],
])('pkg_deps of %s, in PowerShell', (given, expected) => {
  const text = planOf({ language: 'powershell', variables: { pkg_deps: given } });
  expect(readPowerShell(text).settings.get('pkg_deps')?.value).toEqual(expected);
});

test.each([
  ['name', { name: 'a b' }, 'PLAN_INIT_NAME_INVALID'],
  ['name of the environment', { variables: { pkg_name: '../x' } }, 'PLAN_INIT_NAME_INVALID'],
  ['origin', { origin: 'A b' }, 'PLAN_INIT_ORIGIN_INVALID'],
  ['table', { language: 'powershell', variables: { pkg_exports: '@{} ; rm x' } }, 'PLAN_INIT_VALUE_INVALID'],
] as const)('a %s that cannot be', (_what, facts, code) => {
  expect(() => planOf(facts)).toThrow(expect.objectContaining({ code }));
});

test('the README asks all its questions', () => {
  const readme = createPlanFiles({ name: 'thing', origin: 'acme' }).find(({ path }) => path === 'README.md')?.text;
  expect(readme?.match(/^#.*$/gm)).toEqual([
    '# thing',
    '## Maintainers',
    '## Type of Package',
    '## Usage',
    '## Bindings',
    '## Topologies',
    '### Standalone',
    '### Leader-Follower',
    '## Update Strategies',
    '### Configuration Updates',
    '## Scaling',
    '## Monitoring',
    '## Notes',
  ]);
});

test('default.toml holds nothing but comments', () => {
  const defaults = createPlanFiles({ name: 'thing', origin: 'acme' }).find(({ path }) => path === 'default.toml')?.text;
  expect(defaults?.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([]);
});
