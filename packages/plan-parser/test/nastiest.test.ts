import { expect, test } from 'vitest';

import { type PlanReading, readBashPlan, type SettingValue } from '../src/index.ts';

type Files = Readonly<Record<string, string>>;

function read(text: string, files: Files = {}, environment: Record<string, string> = {}): PlanReading {
  return readBashPlan(text, { path: '/plans/x/plan.sh', readFile: (path) => files[path], environment });
}
const told = (reading: PlanReading): Record<string, SettingValue | undefined> =>
  Object.fromEntries([...reading.settings].map(([name, { value }]) => [name, value]));

/** What real plans are made of, from the simplest on; each tier adds to the one before. See spec/plan-build 17. */
test('tier 1: literals, variables, lists, functions that are not entered', () => {
  const reading = read(
    'pkg_name=redis\npkg_version="7.0"\npkg_source=http://x/${pkg_name}-$pkg_version.tgz\npkg_deps=(\n  core/a # why\n  core/b\n)\ndo_build() { make; }\n',
  );
  expect(told(reading)).toEqual({
    pkg_name: 'redis',
    pkg_version: '7.0',
    pkg_source: 'http://x/redis-7.0.tgz',
    pkg_deps: ['core/a', 'core/b'],
  });
  expect(reading.callbacks).toEqual(['do_build']);
});

test.each([
  [{}, ['full']],
  [{ STUDIO_TYPE: 'stage1' }, ['small']],
])('tier 2: a test of the kind of Studio, %o', (environment, deps) => {
  const text = 'pkg_build_deps=(full)\nif [[ "$STUDIO_TYPE" = "stage1" ]]; then\n  pkg_build_deps=(small)\nfi\n';
  expect(told(read(text, {}, environment))).toEqual({ pkg_build_deps: deps });
});

test('tier 3: operators of parameters', () => {
  const text = 'pkg_version=1.2.3\npkg_a=${pkg_version%.*}\npkg_b=${pkg_version//./_}\npkg_c=${pkg_version:0:3}\n';
  expect(told(read(text))).toMatchObject({ pkg_a: '1.2', pkg_b: '1_2_3', pkg_c: '1.2' });
});

test('tier 4: here-documents in substitutions', () => {
  expect(told(read('pkg_description=$(cat << EOF\n  A line, with "quotes"\nand another\nEOF\n)\n'))).toEqual({
    pkg_description: '  A line, with "quotes"\nand another',
  });
});

test('tier 5: source, +=, spread, unset -f, export, shopt', () => {
  const files = { '/plans/y/plan.sh': 'pkg_name=y\npkg_deps=(core/a)\ndo_check() { :; }\n' };
  const reading = read(
    'shopt -s extglob\nsource "$(dirname "${BASH_SOURCE[0]}")/../y/plan.sh"\nexport pkg_name=x\npkg_build_deps=("${pkg_deps[@]}" core/b)\npkg_deps+=(core/c)\nunset -f do_check\n',
    files,
  );
  expect(told(reading)).toEqual({
    pkg_name: 'x',
    pkg_deps: ['core/a', 'core/c'],
    pkg_build_deps: ['core/a', 'core/b'],
  });
  expect(reading.callbacks).toEqual([]);
});

test('tier 6: programs that compute; those that ask the machine are told as such', () => {
  const reading = read(
    'pkg_a=$(echo 6.12.0.90 | cut -d"." -f 1-3)\npkg_b=$(basename /x/y.tgz .tgz)\npkg_c=$(git describe)\n',
  );
  expect(told(reading)).toEqual({ pkg_a: '6.12.0', pkg_b: 'y', pkg_c: undefined });
  expect(reading.settings.get('pkg_c')?.reason).toContain('git');
});

interface Nasty {
  readonly what: string;
  readonly text: string;
  readonly files?: Files;
  readonly settings: Record<string, unknown>;
  readonly callbacks?: readonly string[];
}

/** The twenty that are hardest, in the order of the chapter; the shape of each is that of a real plan. */
const NASTIEST: readonly Nasty[] = [
  {
    what: '1 ruby31: a program that is run at the top of a plan',
    text: 'pkg_name=ruby31\ngit update-index --assume-unchanged x >/dev/null\npkg_version=3.1\n',
    settings: { pkg_name: 'ruby31', pkg_version: '3.1' },
  },
  {
    what: '2 libgd: a whole text parted into the words of a list',
    text: 'pkg_license=($(cat << EOF\nCopyright (c) some,\nbody: "here"\nEOF\n))\n',
    settings: { pkg_license: ['Copyright', '(c)', 'some,', 'body:', '"here"'] },
  },
  {
    what: '3 icu, glib: a description with bullets, colons and slashes, within quotes and without',
    text: 'pkg_description=$(cat << EOF\nTools: a/b,\n  - one\nEOF\n)\npkg_more="$(cat <<EOF\n- two: *\nEOF\n)"\n',
    settings: { pkg_description: 'Tools: a/b,\n  - one', pkg_more: '- two: *' },
  },
  {
    what: '4 haproxy16: plans that read plans, one of them twice',
    text: 'source "$(dirname "${BASH_SOURCE[0]}")/../b/plan.sh"\nsource "$(dirname "${BASH_SOURCE[0]}")/../c/plan.sh"\npkg_name=a\n',
    files: {
      '/plans/b/plan.sh': 'source "$(dirname "${BASH_SOURCE[0]}")/../c/plan.sh"\npkg_version=2\n',
      '/plans/c/plan.sh': 'pkg_deps+=(core/c)\npkg_version=1\n',
    },
    settings: { pkg_name: 'a', pkg_version: '1', pkg_deps: ['core/c', 'core/c'] },
  },
  {
    what: '5 redis3: a path from the folder of the plan',
    text: 'source ../redis/plan.sh\npkg_version=3.2\n',
    files: { '/plans/redis/plan.sh': 'pkg_name=redis\npkg_version=4\ndo_build() { make; }\n' },
    settings: { pkg_name: 'redis', pkg_version: '3.2' },
    callbacks: ['do_build'],
  },
  {
    what: '6 coreutils-static: an inherited callback that is taken away',
    text: 'source ../c/plan.sh\nunset -f do_check\n',
    files: { '/plans/c/plan.sh': 'pkg_name=c\ndo_check() { :; }\ndo_build() { :; }\n' },
    settings: { pkg_name: 'c' },
    callbacks: ['do_build'],
  },
  {
    what: '7 gnupg-static, libressl-musl: lists made of inherited ones',
    text: 'source ../g/plan.sh\npkg_build_deps=(core/m "${pkg_deps[@]}" ${pkg_build_deps[@]})\npkg_deps=()\npkg_bin_dirs+=(sbin)\n',
    files: { '/plans/g/plan.sh': 'pkg_deps=(core/a core/b)\npkg_build_deps=(core/c)\npkg_bin_dirs=(bin)\n' },
    settings: { pkg_build_deps: ['core/m', 'core/a', 'core/b', 'core/c'], pkg_bin_dirs: ['bin', 'sbin'] },
  },
  {
    what: '8 patchelf: dependencies by FIRST_PASS',
    text: 'if [[ -n "$FIRST_PASS" ]]; then\n  pkg_deps=(core/little)\nelse\n  pkg_deps=(core/glibc core/gcc-libs)\nfi\n',
    settings: { pkg_deps: ['core/glibc', 'core/gcc-libs'] },
  },
  {
    what: '9 dcrpm: an option so that a pattern in a function parses',
    text: 'shopt -s extglob\npkg_name=d\ndo_install() {\n  rm -rf !(a|b)\n}\n',
    settings: { pkg_name: 'd' },
    callbacks: ['do_install'],
  },
  {
    what: '10 cacerts, cargo-nightly: a version that is found out, and an update of its own',
    text: 'pkg_name=cacerts\npkg_version() { grep "^## Date" "$HAB_CACHE_SRC_PATH/x" | cut -d: -f2; }\nupdate_pkg_version() { :; }\n',
    settings: { pkg_name: 'cacerts' },
    callbacks: ['pkg_version'],
  },
  {
    what: '11 python35: a pattern that is held in a variable',
    text: 'pkg_version=3.5.10\npkg_source=http://x/$pkg_version/Python-$pkg_version.tgz\npkg_source=${pkg_source//$pkg_version/3.9.5}\npkg_filename=$(basename "$pkg_source")\n',
    settings: {
      pkg_version: '3.5.10',
      pkg_source: 'http://x/3.9.5/Python-3.9.5.tgz',
      pkg_filename: 'Python-3.9.5.tgz',
    },
  },
  {
    what: '12 mono4: fields cut out of a version',
    text: 'pkg_version=4.8.0.524\npkg_dirname="mono-$(echo $pkg_version | cut -d\'.\' -f 1-3)"\n',
    settings: { pkg_version: '4.8.0.524', pkg_dirname: 'mono-4.8.0' },
  },
  {
    what: '13 libfcgi, icu, util-linux, c-ares, zip: the operators that are in use',
    text: 'pkg_name=libfcgi\npkg_version=52.1.0\npkg_a=${pkg_name:0:4}\npkg_b=r${pkg_version//./-}/x-${pkg_version//./_}.tgz\npkg_c=v${pkg_version%.?}\npkg_d="${pkg_version//\\./_}"\npkg_e=${pkg_version/./}\n',
    settings: {
      pkg_name: 'libfcgi',
      pkg_version: '52.1.0',
      pkg_a: 'libf',
      pkg_b: 'r52-1-0/x-52_1_0.tgz',
      pkg_c: 'v52.1',
      pkg_d: '52_1_0',
      pkg_e: '521.0',
    },
  },
  {
    what: '14 shield, ghc82: quotes inside of words of a list, tabs before them',
    text: 'pkg_version=8.2\npkg_deps=(\n\tcore/shield-proxy/"${pkg_version}"\n)\npkg_include_dirs=(lib/ghc-"${pkg_version}"/include)\n',
    settings: {
      pkg_version: '8.2',
      pkg_deps: ['core/shield-proxy/8.2'],
      pkg_include_dirs: ['lib/ghc-8.2/include'],
    },
  },
  {
    what: '15 rust-nightly: words of a list without quotes',
    text: '_url_base=https://x/dist\npkg_list=(\n  $_url_base/rust-nightly.tgz\n  $_url_base/sum\n)\n',
    settings: { pkg_list: ['https://x/dist/rust-nightly.tgz', 'https://x/dist/sum'] },
  },
  {
    what: '16 cockroach, mesa, tomcat8: what is assigned twice',
    text: 'pkg_exports=([port]=a [http]=b)\npkg_exports=([port]=c)\npkg_source=one\npkg_source=two\n',
    settings: { pkg_exports: new Map([['port', 'c']]), pkg_source: 'two' },
  },
  {
    what: '17 varnish, dep, drupal: a list for a text, a text for a list, a name that is none',
    text: 'pkg_svc_user=(root)\npkg_license=MIT\npkg_maintainers="us"\n',
    settings: { pkg_svc_user: ['root'], pkg_license: ['MIT'], pkg_maintainers: 'us' },
  },
  {
    what: '18 img, certstrap: values that are exported, and made of paths of the build',
    text: 'pkg_name=img\nexport GOPATH="$HAB_CACHE_SRC_PATH/$pkg_name"\npkg_where=$GOPATH/src\n',
    settings: { pkg_name: 'img', pkg_where: '/hab/cache/src/img/src' },
  },
  {
    what: '19 jdk8, ghc82-bootstrap, intltool: helpers of their own, functions that are exported, eval in callbacks',
    text: 'pkg_name=jdk8\ndownload_file() { curl -O "$1"; }\nf() { :; }\nexport -f f\ndo_setup_environment() { eval "$(perl -V:x)"; }\n',
    settings: { pkg_name: 'jdk8' },
    callbacks: ['do_setup_environment'],
  },
  {
    what: '20 glibc, sumologic, libjpeg-turbo: plans read in subshells of callbacks, odd addresses, a stray semicolon',
    text: 'pkg_version=2.1;\npkg_source="https://x/dl?version=${pkg_version}"\npkg_filename=sumo.tgz\ndo_prepare() { (source ../other/plan.sh; echo "$pkg_source"); }\n',
    settings: { pkg_version: '2.1', pkg_source: 'https://x/dl?version=2.1', pkg_filename: 'sumo.tgz' },
    callbacks: ['do_prepare'],
  },
];

test.each(NASTIEST)('$what', ({ text, files, settings, callbacks = [] }) => {
  const reading = read(text, files);
  expect(reading.problems).toEqual([]);
  expect(told(reading)).toEqual(settings);
  expect(reading.callbacks).toEqual(callbacks);
});

test('spaces around = leave a map empty', () => {
  expect(told(read('pkg_name=x\npkg_binds=( [database] = "port" )\n'))['pkg_binds']).toBeUndefined();
});
