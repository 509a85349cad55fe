import { afterEach, beforeEach, expect, test } from 'vitest';
import { World } from './support/world.ts';

// Shapes that plans of the public core repository have at their top or in their callbacks.

let world: World;
beforeEach(async () => {
  world = await new World().start();
});
afterEach(() => {
  world[Symbol.dispose]();
});

test('here-documents, parameter operators, arrays from commands, doubled assignments', async () => {
  const body = `
pkg_description=$(cat << EOF
* a list: with, signs / and (brackets)
* another
EOF
)
pkg_license=($(cat << EOF
GPL-2.0
  BSD
EOF
))
_distname=\${pkg_name:0:2}
pkg_source=http://x/\${_distname}/\${pkg_version//./-}/\${pkg_version%.?}.tar.gz;
pkg_filename="\${pkg_source##*/}"
pkg_exports=( [old]=gone )
pkg_exports=(
  [port]=srv.port # a comment inside
)
pkg_dirname="x-$(echo $pkg_version | cut -d'.' -f 1-2)"
if [[ "$STUDIO_TYPE" = "stage1" ]]; then
  pkg_build_deps=(core/stage1)
fi
shopt -s extglob
export -f abspath
export TOP_LEVEL="$HAB_CACHE_SRC_PATH"
do_download() { :; }
do_verify() { return 0; }
do_unpack() { return 0; }
do_build() {
  eval "$(echo 'from_eval=yes')"
  printf '%s\\n' "$pkg_source" "$pkg_filename" "$pkg_dirname" "\${#pkg_license[@]}" "\${!pkg_exports[*]}" "$from_eval" "$TOP_LEVEL" > seen
  while read -r line; do :; done < <(echo one; echo two)
  rm -f !(seen)
}
do_install() { cp seen "$pkg_prefix/"; }
`;
  const { read } = await world.builds(world.plan('zee', `${body}\npkg_version=1.2.3\n`));
  expect(read('seen').split('\n')).toEqual([
    'http://x/ze/1-0/1.tar.gz',
    '1.tar.gz',
    'x-1.0',
    '2',
    'port',
    'yes',
    world.layout.sourceCache,
    '',
  ]);
  expect(read('MANIFEST')).toContain('* a list: with, signs / and (brackets)\n* another');
  expect(read('EXPORTS')).toBe('port=srv.port\n');
});

test('other plans sourced twice, relative to the plan, and inherited lists extended', async () => {
  world.install('core/a/1/20200101000000');
  world.install('core/b/1/20200101000000');
  world.plan('base', 'pkg_deps=(core/a)\ndo_build() { :; }\ndo_install() { :; }\ndo_check() { return 9; }\n');
  const body = `source ../base/plan.sh\nsource "$(dirname "\${BASH_SOURCE[0]}")/../base/plan.sh"\npkg_name=derived\npkg_build_deps=("\${pkg_deps[@]}")\npkg_deps+=(core/b)\nunset -f do_check\n`;
  const { read } = await world.builds(world.plan('derived', body), { DO_CHECK: '1' });
  expect(read('DEPS')).toBe('core/a/1/20200101000000\ncore/b/1/20200101000000\n');
  expect(read('BUILD_DEPS')).toBe('core/a/1/20200101000000\n');
});

test('a plan that replaces public helpers, reads another plan in a subshell and fetches by itself', async () => {
  world.plan('other', 'pkg_version=9.9\n');
  const body = `
pkg_source=http://nowhere.invalid/x.tar.gz
download_file() { echo "mine $*"; mkdir -p "$CACHE_PATH"; }
verify_file() { return 0; }
unpack_file() { :; }
do_before() { other=$(source ../other/plan.sh; echo "$pkg_version"); }
do_build() { echo "$other $PWD" > seen; }
do_install() { cp seen "$pkg_prefix/"; }
`;
  const { read, output } = await world.builds(world.plan('zee', body));
  expect(output).toContain('mine http://nowhere.invalid/x.tar.gz x.tar.gz');
  expect(read('seen')).toBe(`9.9 ${world.layout.sourceCache}/zee-1.0\n`);
});

test('private names that plans use', async () => {
  const body = `do_build() { printf '%s\\n' "$_wget_cmd" "$_tar_cmd" "$_artifact_ext" "\${#pkg_deps_resolved[@]}" "$INITIAL_PWD" "$HAB_PLAN_FILENAME" > seen; }\ndo_install() { cp seen "$pkg_prefix/"; }\n`;
  const { read } = await world.builds(world.plan('zee', body));
  const [wget, tar, ext, deps, pwd, plan] = read('seen').split('\n');
  expect([ext, deps, pwd, plan]).toEqual(['hart', '0', world.root, 'plan.sh']);
  expect(wget).toMatch(/wget$/);
  expect(tar).toMatch(/tar$/);
});

test('what a plan marks as read-only stays as the plan gave it', async () => {
  const body = `
readonly pkg_name pkg_origin pkg_version
readonly pkg_dirname=own pkg_filename=own.txt pkg_output_path=$PWD/results
readonly -a pkg_bin_dirs=(bin)
do_verify() { :; }
do_unpack() { :; }
do_build() { :; }
do_install() { echo "$pkg_dirname $pkg_filename $CACHE_PATH" > "$pkg_prefix/seen"; }
`;
  const { read } = await world.builds(world.plan('zee', body));
  expect(read('seen')).toBe(`own own.txt ${world.layout.sourceCache}/own\n`);
});
