import { thrownBy } from '@hab/core/testing';
import { describe, expect, test } from 'vitest';
import { exposedPorts, parseDefaultConfig } from '../src/exposed-ports.ts';
import { checkIdentity, checkVersion, startVersion } from '../src/identity.ts';
import { checkPlan } from '../src/plan-check.ts';
import { planFacts } from '../src/plan-variables.ts';
import { facts, variables, ZEE } from './support/plans.ts';

type Values = Parameters<typeof variables>[0];
const check = (values: Values, more: Partial<Parameters<typeof checkPlan>[0]> = {}): readonly string[] => {
  const all = variables({ ...ZEE, ...values });
  return checkPlan({
    facts: planFacts(all),
    variables: all,
    planText: '',
    context: '/src',
    hooks: [],
    defaultToml: undefined,
    ownConfiguration: false,
    ...more,
  });
};

describe('identity', () => {
  test.for(['pkg_name', 'pkg_origin'])('%s must be set', (name) => {
    expect(thrownBy(() => checkIdentity(facts({ [name]: '' })))).toMatchObject({
      message: `Failed to build. '${name}' must be set.`,
      details: { status: 1, variable: name },
    });
  });

  test.for(['a b', 'a/b', 'a.b', 'ä', '..', '-n\n'])('%j is no name', (value) => {
    expect(thrownBy(() => checkIdentity(facts({ pkg_name: value })))).toMatchObject({
      message: `Failed to build. Package pkg_name '${value}' contains invalid characters.`,
    });
  });

  test('a version, a function, or neither', () => {
    expect(startVersion(facts(), false)).toBe('1.2.13');
    expect(startVersion(facts({ pkg_version: '' }), true)).toBe('__pkg__version__unset__');
    expect(thrownBy(() => startVersion(facts({ pkg_version: '' }), false))).toMatchObject({
      code: 'BUILD_VERSION',
      details: { status: 1 },
    });
  });

  const real = ['1.0.2zl', '11.0.13+8', '0+bzr726', '2023-11-01T01-57-10Z', 'v1.2.0', '7.9p1', '_set_from_file_'];
  test.for(real)('%s is a version', (version) => {
    expect(() => checkVersion(version)).not.toThrow();
  });

  test.for(['1 2/3', '1:2', '', '..', "1'2", '$(id)', '1\n2', 'x'.repeat(129)])('%j is none', (version) => {
    expect(thrownBy(() => checkVersion(version))).toMatchObject({ code: 'BUILD_METADATA_INVALID' });
  });
});

describe('before anything is downloaded', () => {
  test('a sound plan passes without a word', () => {
    const values = { pkg_deps: ['core/zlib'], pkg_distname: 'x', pkg_binds: { database: 'port' }, HAB_ENV_X_TYPE: 'y' };
    expect(check(values, { hooks: ['init', 'run.sh', 'health-check'] })).toEqual([]);
  });

  const slips: [string, Values, string][] = [
    ['a list for one value', { pkg_svc_user: ['root'], pkg_svc_group: 'root' }, 'using the first one'],
    ['pkg_licenses', { pkg_licenses: ['MIT'] }, 'did you mean pkg_license?'],
    ['pkg_maintainers', { pkg_maintainers: 'x' }, 'did you mean pkg_maintainer?'],
    ['pkg_bin_dir', { pkg_bin_dir: ['bin'] }, 'did you mean pkg_bin_dirs?'],
    ['pkg_builddeps', { pkg_builddeps: ['x'] }, 'did you mean pkg_build_deps?'],
    ['a user without its group', { pkg_svc_user: 'root' }, "pkg_svc_group still 'hab'"],
    ['a signal in lower case', { pkg_shutdown_signal: 'term' }, "'term' is none of"],
    ['a timeout in words', { pkg_shutdown_timeout_sec: 'ten' }, 'not a number of seconds'],
    ['a bind twice', { pkg_binds: { db: 'p' }, pkg_binds_optional: { db: 'p' } }, 'both required and optional'],
  ];
  test.for(slips)('warns of %s', ([, values, text]) => {
    expect(check(values).join('\n')).toContain(text);
  });

  test('warns of files that are no hooks', () => {
    const warnings = check({}, { hooks: ['health_check', 'start.sh'] });
    expect(warnings[0]).toContain('the hook is called health-check');
    expect(warnings[1]).toContain('hooks/start.sh is no hook');
  });

  test('warns when the context is a habitat directory with local sources', () => {
    const context = { context: '/project/habitat' };
    expect(check({}, context)[0]).toContain('give /project instead');
    expect(check({ pkg_source: 'https://x/y.tar.gz' }, context)).toEqual([]);
  });

  test('warns of defaults that do not parse', () => {
    expect(check({}, { defaultToml: 'a = 1\nb = ' })[0]).toContain(
      'default.toml is not valid TOML: line 2: unexpected end',
    );
    expect(check({}, { defaultToml: 'a = 1\n\nb = ?' })[0]).toContain('line 3: unexpected "?"');
    expect(check({}, { defaultToml: 'a = 1\na = 2' })[0]).toContain("line 2: Cannot redefine existing key 'a'");
  });

  test('warns of exports that default.toml does not have', () => {
    const values = { pkg_exports: { port: 'srv.port', host: 'srv.host' } };
    expect(check(values, { defaultToml: '[srv]\nport = 1' })).toEqual([
      'pkg_exports: host stands for srv.host, which default.toml does not have',
    ]);
    expect(check(values, { defaultToml: '[srv]\nport = 1', ownConfiguration: true })).toEqual([]);
    expect(check(values)).toHaveLength(2);
  });

  test('warns before the build of ports that nothing gives a number', () => {
    const [warning] = check({ pkg_exports: { port: 'srv.port' }, pkg_exposes: ['port'] });
    expect(warning).toContain('srv.port');
    expect(warning).toContain('There is no default.toml');
  });

  const errors: [string, Values, string, string][] = [
    ['several values for one', { pkg_maintainer: ['a', 'b'] }, '', 'pkg_maintainer'],
    ['a list for pairs', { pkg_exports: ['a'] }, '', 'pkg_exports'],
    ['pairs for a list', { pkg_deps: { a: 'b' } }, '', 'pkg_deps'],
    ['another type', { pkg_type: 'meta' }, '', 'pkg_type'],
    ['spaces around =, new bash', { pkg_binds: { '[database]': '=', port: '' } }, '', 'pkg_binds'],
    ['spaces around =, older bash', { pkg_binds: {} }, 'pkg_binds=( [database] = "port" )', 'pkg_binds'],
    ['a space behind =', { pkg_exports: {} }, 'pkg_exports=(\n  [port]= server.port\n)', 'pkg_exports'],
    ['bytes that are no text', { pkg_description: 'a\ufffdb' }, '', 'pkg_description'],
    ['a file in a variable', { pkg_description: 'x'.repeat(1024 * 1024 + 1) }, '', 'pkg_description'],
  ];
  test.for(errors)('refuses %s', ([, values, planText, variable]) => {
    expect(thrownBy(() => check(values, { planText }))).toMatchObject({
      code: 'BUILD_METADATA_INVALID',
      details: { status: 1, variable },
    });
  });

  test('takes the longest value that is allowed', () => {
    expect(check({ pkg_description: 'x'.repeat(1024 * 1024) })).toEqual([]);
  });

  test('refuses two files for one hook', () => {
    expect(thrownBy(() => check({}, { hooks: ['run', 'run.sh'] }))).toMatchObject({
      message: 'Multiple hook files found for run hook. No more than one hook file permitted per lifecycle hook.',
    });
    expect(check({}, { hooks: ['run', 'run.sh'], ownConfiguration: true })).toEqual([]);
  });

  test('a plan text without end is searched in no time', () => {
    const planText = `pkg_binds=(${' [a'.repeat(200_000)}`;
    expect(check({ pkg_binds: {} }, { planText })).toEqual([]);
  });
});

describe('exposed ports', () => {
  const config = parseDefaultConfig('port = 8080\ntext = "081"\nbig = 65536\nzero = 0\nlist = [1]\n[a.b]\nc = 1\n');
  const exports = new Map(
    Object.entries({ port: 'port', text: 'text', big: 'big', zero: 'zero', deep: 'a.b.c', list: 'list', table: 'a' }),
  );

  test('are found through exports', () => {
    expect(exposedPorts(['port', 'deep', 'text'], exports, config)).toEqual(['8080', '1', '81']);
  });

  test('an exposed name that is not exported', () => {
    expect(thrownBy(() => exposedPorts(['nope'], exports, config))).toMatchObject({
      message: 'Bad value in pkg_exposes; No pkg_export found matching key: nope',
      details: { status: 1, key: 'nope' },
    });
  });

  test.for(['big', 'zero', 'list', 'table'])('%s is no port', (key) => {
    expect(thrownBy(() => exposedPorts([key], exports, config))).toMatchObject({ code: 'BUILD_EXPOSES_INVALID' });
  });

  test('says which key has which value', () => {
    expect(thrownBy(() => exposedPorts(['big'], exports, config))).toMatchObject({
      message:
        'Bad pkg_export in pkg_exposes; Value of key "big" does not contain a valid TCP or UDP port number: 65536',
    });
  });

  test('a key that is inherited by every object is not a value', () => {
    expect(thrownBy(() => exposedPorts(['x'], new Map([['x', 'constructor.length']]), config))).toMatchObject({
      code: 'BUILD_EXPOSES_INVALID',
    });
  });

  test('no defaults at all', () => {
    expect(thrownBy(() => exposedPorts(['port'], exports, undefined))).toMatchObject({ details: { key: 'port' } });
  });

  test('are judged before the build when the plan has defaults', () => {
    const values = { pkg_exports: { port: 'srv.port' }, pkg_exposes: ['port'] };
    expect(thrownBy(() => check(values, { defaultToml: 'srv = 1' }))).toMatchObject({ code: 'BUILD_EXPOSES_INVALID' });
    expect(check(values, { defaultToml: 'srv = 1', ownConfiguration: true })).toEqual([]);
    expect(check(values, { defaultToml: '[srv]\nport = 80\n' })).toEqual([]);
  });
});
