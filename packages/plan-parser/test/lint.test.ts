import { expect, test } from 'vitest';

import { readBashPlan } from '../src/index.ts';
import { type LintPlanInput, lintPlan, type PlanFinding } from '../src/lint/index.ts';
import { loadPowerShellReader } from '../src/node/index.ts';

const PATH = '/src/plan.sh';
const GOOD = `pkg_name=a
pkg_origin=acme
pkg_version=1
pkg_maintainer=me
pkg_license=(MIT)
pkg_description=thing
pkg_upstream_url=http://x
`;

function lint(text: string, more: Partial<LintPlanInput> = {}): readonly PlanFinding[] {
  return lintPlan({ reading: readBashPlan(text, { path: PATH }), text, path: PATH, ...more });
}
const rules = (text: string, more: Partial<LintPlanInput> = {}): string[] => lint(text, more).map(({ rule }) => rule);

test('a good plan has no findings', () => {
  const text = `${GOOD}pkg_source=http://x/y.tgz\npkg_shasum=1\npkg_deps=(core/b)\npkg_build_deps=(core/make)\npkg_exports=([p]=a.p)\npkg_exposes=(p)
do_build() { "$(pkg_path_for core/b)/x"; pkg_path_for elsewhere; }
pkg_distname=own; pkg_dirname="$pkg_distname"\n`;
  expect(lint(text, { hasDefault: (path) => path === 'a.p', judgeLicences: () => [] })).toEqual([]);
});

test.each([
  ['unknown-setting', `${GOOD}pkg_licenses=(MIT)\n`.replace('pkg_license=(MIT)\n', '')],
  ['unknown-setting', `${GOOD}pkg_shasums=1\n`],
  ['wrong-type', `${GOOD}pkg_svc_user=(root)\npkg_svc_group=root\n`],
  ['wrong-type', `${GOOD}pkg_deps="core/a core/b"\n`],
  ['spaced-pairs', `${GOOD}pkg_binds=( [database] = "port" )\n`],
  ['expose-without-export', `${GOOD}pkg_exposes=(port)\n`],
  ['bind-twice', `${GOOD}pkg_binds=([a]=b)\npkg_binds_optional=([a]=b)\n`],
  ['dependency-twice', `${GOOD}pkg_deps=(core/a)\npkg_build_deps=(core/a/1)\n`],
  ['build-tool-at-run-time', `${GOOD}pkg_deps=(core/cmake)\n`],
  ['undeclared-dependency', `${GOOD}do_build() { pkg_path_for core/c; }\n`],
  [
    'unused-dependency',
    `${GOOD}pkg_build_deps=(core/gcc)\ndo_build() { return 0; }\ndo_install() { cp a "$pkg_prefix/"; }\n`,
  ],
  ['unquoted-expansion', `${GOOD}do_install() { rm -r $pkg_prefix/x; }\n`],
  ['unquoted-expansion', `${GOOD}do_install() { [ -n $x ] || f $@; }\n`],
  ['group-without-user', `${GOOD}pkg_svc_group=root\n`],
  ['source-without-checksum', `${GOOD}pkg_source=http://x/y.tgz\n`],
  ['plan-syntax', `${GOOD}do_build() {\n`],
])('%s', (rule, text) => {
  expect(rules(text)).toContain(rule);
  for (const { message, hint, span } of lint(text)) {
    expect([message, hint].join('')).not.toContain('undefined');
    expect(span.end).toBeLessThanOrEqual(text.length);
    expect(span.start).toBeLessThanOrEqual(span.end);
  }
});

test('what is missing', () => {
  expect(lint('').map(({ message, severity }) => `${severity}: ${message}`)).toEqual([
    'error: The plan has no pkg_name',
    'error: The plan has no pkg_origin',
    'error: The plan has no pkg_version',
    'warning: The plan has no pkg_maintainer',
    'warning: The plan has no pkg_license',
    'warning: The plan has no pkg_description',
    'warning: The plan has no pkg_upstream_url',
  ]);
  expect(rules('pkg_version() { echo 1; }\n')).toHaveLength(6);
});

test('defaults, where they are there to compare with', () => {
  const text = `${GOOD}pkg_exports=([port]=srv.port)\n`;
  expect(rules(text)).toEqual([]);
  expect(rules(text, { hasDefault: () => false })).toEqual(['export-without-default']);
});

test('licences: each, or one finding for a whole text', () => {
  const judge = (licences: readonly string[]): readonly string[] => licences.map((licence) => `no ${licence}`);
  expect(lint(GOOD, { judgeLicences: judge }).map(({ message }) => message)).toEqual(['no MIT']);
  const long = GOOD.replace('(MIT)', `(${'word '.repeat(40)})`);
  expect(lint(long, { judgeLicences: judge })).toMatchObject([{ message: expect.stringContaining('40 values') }]);
});

test('a fix changes what it should, and nothing else', () => {
  const text = `${GOOD}pkg_binds=( [database] = "port" )\n`;
  const fix = lint(text)[0]?.fix;
  const fixed = text.slice(0, fix?.span.start) + fix?.text + text.slice(fix?.span.end);
  expect(fixed).toBe(`${GOOD}pkg_binds=( [database]="port" )\n`);
  expect(rules(fixed)).toEqual([]);
});

test('what is not known is not judged', () => {
  expect(rules(`${GOOD}pkg_source=$(uname)\npkg_deps=($(uname))\ndo_build() { pkg_path_for core/x; }\n`)).toEqual([]);
});

test.each([
  ['make', 'do_build() { make; }\ndo_install() { cp a b; }'],
  ['a program that may call one', 'do_build() { ./build.sh; }\ndo_install() { cp a b; }'],
  ['the build itself', 'do_install() { cp a b; }'],
  ['a command that is not known', 'do_build() { "$x"; }\ndo_install() { cp a b; }'],
  ['a compiler in a substitution', 'do_build() { echo "$(gcc --version)"; }\ndo_install() { cp a b; }'],
])('what %s calls is used', (_what, callbacks) => {
  expect(rules(`${GOOD}pkg_build_deps=(core/gcc core/make)\n${callbacks}\n`)).toEqual([]);
});

test.each([
  ['do_build() { rm -r "$pkg_prefix"/x; }'],
  ['do_build() { make $pkg_prefix; echo $pkg_name; }'],
  ['do_build() { cp $FILES "$pkg_prefix"; }'],
  ['do_build() { mkdir ../${pkg_name}-build; cp a-$pkg_version/* b; }'],
  ['pkg_source=https://acme.example/x\npkg_scaffolding=core/scaffolding-go'],
  ['do_build() { [[ -n $x ]] && (( $n )); for i in $list; do :; done; }'],
  ['do_build() { x=$pkg_prefix; local y=$x; }'],
])('%s parts nothing that must stay whole', (callback) => {
  expect(rules(`${GOOD}${callback}\n`)).toEqual([]);
});

test('a mended expansion is the same word, quoted', () => {
  const text = `${GOOD}do_install() { cp a $pkg_prefix/bin/\${pkg_name}; cp b* $pkg_prefix/*; }\n`;
  const [first, second] = lint(text).map(({ fix }) => fix);
  expect(text.slice(first?.span.start, first?.span.end)).toBe('$pkg_prefix/bin/${pkg_name}');
  expect([first?.text, second]).toEqual(['"$pkg_prefix/bin/${pkg_name}"', undefined]);
});

test('a plan of PowerShell: the same rules, said in its own words', async () => {
  const path = '/src/plan.ps1';
  const read = await loadPowerShellReader();
  const look = (text: string): readonly PlanFinding[] => lintPlan({ reading: read(text, { path }), text, path });
  const good = `$pkg_name="a"
$pkg_origin="acme"
$pkg_version="1"
$pkg_maintainer="me"
$pkg_license=("MIT")
$pkg_description="thing"
$pkg_upstream_url="http://x"
`;
  expect(look(`${good}$pkg_source="http://x"\n$pkg_own="x"\nfunction Invoke-Download { Get-Item $pkg_own }\n`)).toEqual(
    [],
  );
  const told = (text: string): unknown =>
    look(good + text).map(({ rule, hint, span }) => [rule, hint, span.start - good.length]);
  expect(told('$pkg_bin_dir=@("bin")\n')).toEqual([['unknown-setting', 'Did you mean pkg_bin_dirs?', 0]]);
  expect(told('$pkg_svc_run=@("a")\n')).toEqual([['wrong-type', 'Write $pkg_svc_run="...".', 0]]);
  expect(told('$pkg_deps="core/a core/b"\n')).toMatchObject([
    ['wrong-type', expect.stringContaining('$pkg_deps=@("...")'), 0],
  ]);
  expect(told('$pkg_source="http://x/y.zip"\n')).toMatchObject([['source-without-checksum', expect.anything(), 0]]);
  expect(told('$pkg_binds=@{ db="port" }\n$pkg_binds_optional=@{ db="port" }\n')).toMatchObject([
    ['bind-twice', expect.anything(), 26],
  ]);
  expect(told('$pkg_exposes=@("port")\n')).toEqual([['expose-without-export', 'Add port="..." to pkg_exports.', 0]]);
  expect(look('').map(({ hint }) => hint)).toContain('Add $pkg_name="...".');
});
