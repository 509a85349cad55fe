import { expect, test } from 'vitest';

import { readBashPlan } from '../src/index.ts';
import { compareWithBash } from './support/compare.ts';
import { randomPlan } from './support/random-plan.ts';

/** Texts that can be followed to the end: every value is told, and is the one that bash gives. */
const KNOWN: readonly string[] = [
  'n=5; pkg_a=$((2 ** 3 ** 2 - -2 ** 2)) pkg_b=$((n == 4 ? 1 : n > 4 ? 2 : 3)) pkg_c=$((n ^ 3 | 8 & ~(1 << 1)))',
  'pkg_a=$((1 << 20 >> 2 + 1)) pkg_b=$((!0 ? -~2 : 3)) pkg_c=$((2 ** 52))',
  'pkg_name=x',
  'pkg_name="a b"; pkg_version=\'1 "2"\'; pkg_description=$\'t\\tn\\n\'',
  'pkg_name=zee\npkg_source="http://x/${pkg_name}-$pkg_name.tar.gz"',
  'pkg_deps=(core/a core/b)\npkg_deps+=(core/c)',
  'pkg_deps=(\n  core/a # why\n  core/b\n)',
  'a=(x y z); pkg_deps=("${a[@]}" w)',
  'a=(x y z); pkg_deps=(${a[@]/y/core/q} "${a[*]}")',
  'a="x y"; pkg_deps=($a "$a")',
  'a="x  y "; pkg_deps=(p$a"q"$a)',
  'a=(1 "2 3"); pkg_deps=("p${a[@]}q")',
  'pkg_exports=([port]=server.port [host]="a b" ["x y"]=z)',
  'pkg_exports[port]=a; pkg_exports[host]=b; pkg_exports[port]+=c',
  'declare -A pkg_mine=([a]=1); pkg_mine+=([b]=2)',
  'pkg_list[3]=x; pkg_list[1]=y; pkg_list+=(z)',
  'pkg_list=(a b c); pkg_list[-1]=z; pkg_x=${pkg_list[-2]}',
  'pkg_list=(a b); pkg_list=x',
  'pkg_text=a; pkg_text+=b; pkg_text=${pkg_text}c',
  'pkg_text=a; pkg_text+=(b)',
  'pkg_version=1.2.3; pkg_a=${pkg_version%.*} pkg_b=${pkg_version%%.*} pkg_c=${pkg_version#*.} pkg_d=${pkg_version##*.}',
  'pkg_version=1.2.3; pkg_a=${pkg_version//./_} pkg_b=${pkg_version/./} pkg_c=${pkg_version/#1/x} pkg_d=${pkg_version/%3/x}',
  'pkg_version=1.2.3; pkg_a=${pkg_version//\\./_}; pkg_b="${pkg_version//[0-9]/n}"; pkg_c=${pkg_version//[!.]}',
  'pkg_version=1.2.3; p=2.3; pkg_a=${pkg_version/$p/x} pkg_b=${pkg_version%"$p"} pkg_c=${pkg_version/#"1"./}',
  'pkg_v=abcdef; pkg_a=${pkg_v:2} pkg_b=${pkg_v:1:3} pkg_c=${pkg_v: -2} pkg_d=${pkg_v:1:-1} pkg_e=${#pkg_v}',
  'pkg_v=aBc; pkg_a=${pkg_v^^} pkg_b=${pkg_v,,} pkg_c=${pkg_v^} pkg_d=${pkg_v,}',
  'pkg_a=${x:-d} pkg_b=${x-e} pkg_c=${x:+f} pkg_d=${x+g}; x=; pkg_e=${x:-h} pkg_f=${x-i}k',
  ': ${pkg_a:=set}; : "${pkg_b:=two words}"',
  'y=x; x=v; pkg_a=${!y}',
  'a=(p q r); pkg_n=${#a[@]}; pkg_k="${!a[*]}"',
  'pkg_a=$((1 + 2 * 3)) pkg_b=$(( (7 % 4) * -2 )) pkg_c=$((010 + 0x10)); n=4; pkg_d=$((n == 4 && $n > 2))',
  'if [[ "$STUDIO_TYPE" = "stage1" ]]; then pkg_deps=(a); else pkg_deps=(b); fi',
  'if [[ -n "$FIRST_PASS" ]]; then pkg_a=1; elif [ -z "$FIRST_PASS" ]; then pkg_a=2; fi',
  '[[ 1.2.3 == 1.* ]] && pkg_a=yes || pkg_a=no',
  'v=10; (( v > 9 )) && pkg_a=big; [[ $v -lt 9 ]] || pkg_b=notsmall',
  'case "$pkg_target" in x86_64-*) pkg_a=intel ;; *) pkg_a=other ;; esac',
  'case a in a) pkg_a=1 ;& b) pkg_b=2 ;; c) pkg_c=3 ;; esac',
  'for i in a b c; do pkg_list+=("lib$i"); done',
  'for ((i = 0; i < 3; i++)); do :; done; pkg_a=1',
  'i=0; while [[ $i -lt 4 ]]; do i=$((i + 1)); pkg_list+=($i); done; until [[ $i -eq 0 ]]; do i=$((i - 1)); done; pkg_i=$i',
  'f() { local v=$1; pkg_a=$v-$2; return 3; }; f one two; pkg_b=$?',
  'f() { pkg_a=in; }; f; unset -f f; pkg_b=${pkg_a}side',
  'f() { declare v=local; declare -g pkg_g=global; }; f; pkg_a=${v:-none}',
  'pkg_a=$(echo one two | cut -d" " -f2)',
  'pkg_a=$(echo 6.12.0.90 | cut -d"." -f 1-3)',
  'pkg_a=$(basename /a/b/c.tar.gz .tar.gz); pkg_b=$(dirname a/b/c); pkg_c=$(basename "$pkg_b")',
  'pkg_a=`echo back`; pkg_b="$(printf "%s-%s" a b)"',
  'pkg_a=$(echo ABC | tr "[:upper:]" "[:lower:]"); pkg_b=$(echo a.b.c | tr . _); pkg_c=$(echo a-b | tr -d -)',
  'pkg_a=$(cat << EOF\nline $HAB_CACHE_SRC_PATH\n  two\nEOF\n)',
  'pkg_license=($(cat << EOF\nsome words\nof text\nEOF\n))',
  "pkg_a=$(cat << 'EOF'\nkeep $this\nEOF\n)",
  'pkg_a=$(cat <<-EOF\n\t\tindented\n\tless\nEOF\n)',
  'pkg_a=$(cat <<< "here string")',
  'export pkg_a=1 pkg_b="two words"; readonly pkg_c=3; pkg_c=4',
  'declare -a pkg_l=(a b); declare pkg_s=x; typeset -i pkg_i=23',
  'pkg_a=1; unset pkg_a; pkg_b=(1 2); unset pkg_b',
  'eval "pkg_a=evaluated"; eval pkg_b=two',
  'pkg_l=({a,b}/x z{1..3})',
  'pkg_s={a,b}',
  '{ pkg_a=1; }; ( pkg_a=2 ); pkg_b=$pkg_a',
  'pkg_a=1 | pkg_b=2; true | false || pkg_c=3',
  '! false && pkg_a=1',
  'pkg_a="x"\\\n"y"; pkg_b="one \\\ntwo"',
  'shopt -s extglob; set +e; pkg_a=1',
  'true; pkg_a=$?; false; pkg_b=$?; pkg_c=$(exit 3); pkg_d=$?',
  'pkg_a=a\\ b; pkg_b=\\$x; pkg_c="\\$y \\" \\\\ \\z"',
  'IFS=,; a=x,y; pkg_l=($a); pkg_m="${pkg_l[*]}"'.replace('; pkg_m="${pkg_l[*]}"', ''),
  'pkg_a= ; pkg_b=""; pkg_c=()',
  'cat > /dev/null << EOF\npkg_a=no\nEOF\npkg_b=yes',
  'git --version >/dev/null; pkg_a=after',
  'return 0; pkg_a=never',
  'pkg_name=x; [[ $pkg_name =~ ^x$ ]] ; pkg_b=1',
  'function g { pkg_a=g; }; g',
  'pkg_a="${pkg_target%%-*}"',
  'n=1; (( n++ )); pkg_a=$n; let "n = n*3" "n -= 1"; pkg_b=$n; (( n += 2 )); pkg_c=$((n / 3)); pkg_d=$((!n))',
  'for ((i = 2; i > 0; i--)); do pkg_l+=("$i"); done',
  'for i in a b; do for j in 1 2 3; do [[ $j == 2 ]] && continue 2; pkg_l+=($i$j); done; done',
  'for i in a b; do for j in 1 2; do break 2; done; pkg_a=no; done; pkg_b=yes; break; pkg_c=also',
  'set -- a "b c" d; shift; pkg_a=$1 pkg_b=$# pkg_c="$*"; shift 5; pkg_d=$?',
  'f() { set -- x; shift; pkg_b=$#; }; set -- a b; f q r; pkg_a=$2',
  'f() { local -n out=$1; out=$2; }; f pkg_a value; declare -n r=pkg_b; r=(x y); r+=(z); unset -n r; r=own; pkg_c=$r',
  'declare -u pkg_a=abc; pkg_a+=def; declare -l pkg_b; pkg_b=XyZ',
  'local pkg_a=1; pkg_b=$?',
  'f() { local v=1; unset v; v=2; }; v=0; f; pkg_a=$v',
  'pkg_l=(a b); for pkg_l in x y; do :; done; printf -v pkg_m "%s," 1 2',
  'pkg_l=(a b c); IFS=:; pkg_a="${pkg_l[*]}"; pkg_b=${pkg_l[*]}; IFS=; pkg_c="${pkg_l[*]}"',
  'set -- a b; IFS=/; pkg_a="$*"; pkg_c=$*',
  'e=; pkg_binds=([$e]=1 [b]=2)',
  'pkg_a=${nope/#/x} pkg_b=${nope/%/y}end',
  'pkg_a=$(cat <<-EOF\n\t\tx \\$y ${pkg_target%%-*}\n\tz\\\n\tw\nEOF\n)',
  'pkg_a=$(cat <<EOF\n\\$x \\\\ \\q\nEOF\n)',
  'pkg_a="${pkg_target//\\_/-}"',
  'v=; pkg_a=${v:-a}${v-b} pkg_b=${v:+c}${v+d}',
  '[ 010 = 10 ]; pkg_a=$?; [ 10 -eq 10 ] && pkg_b=same',
  'pkg_l=([1]=b [0]=a c)',
];

test.each(KNOWN)('%s', (text) => {
  expect(compareWithBash([text])).toMatchObject({ unknown: 0, skipped: 0, wrong: [] });
});

/** Texts whose values depend on more than the text. */
const UNKNOWN: (readonly [string, string])[] = [
  ['pkg_a=$(date)', 'date'],
  ['pkg_a=$HOME/x', 'HOME'],
  ['pkg_a=~/x', 'home'],
  ['pkg_l=(/etc/*)', 'files'],
  ['x="*"; pkg_l=($x)', 'files'],
  ['pkg_a=$RANDOM', 'RANDOM'],
  ['if [[ -f /etc/passwd ]]; then pkg_a=1; else pkg_a=2; fi', '-f'],
  ['if uname; then pkg_a=1; fi', 'uname'],
  ['uname && pkg_a=1', 'uname'],
  ['read pkg_a', 'input'],
  ['pkg_a=$(< /etc/hostname)', ''],
  ['pkg_a=1; eval "$(uname)"', 'eval'],
  ['pkg_a=1; source ./other.sh', 'other.sh'],
  ['pkg_a=1; while uname; do pkg_a=2; done', 'uname'],
  ['for f in $(ls); do pkg_a=$f; done', 'ls'],
  ['pkg_a=$$', '$$'],
  ['pkg_a=${x/a/&}y', '&'],
  ['case $(uname) in L*) pkg_a=1 ;; *) pkg_a=2 ;; esac', 'uname'],
  ['pkg_a=$pkg_release', 'time'],
  ['pkg_a=0; f() { f; pkg_a=1; }; f', 'without end'],
  ['eval "$(uname)"; pkg_a=${x:-none}', 'eval'],
  ['source ./other.sh; pkg_a=1; greet; pkg_b=$?', 'other.sh'],
  ['uname && return; pkg_a=1', 'uname'],
  ['for i in 1 2; do uname && break; pkg_a=$i; done', 'uname'],
  ['a=1 b=1; while uname; do pkg_a=$b b=$a a=2; done', 'uname'],
  ['if uname; then f() { pkg_a=2; }; fi; pkg_a=1; f', 'uname'],
  ['n=1; uname && (( n++ )); pkg_a=$n', 'uname'],
  ['if uname; then set -- x; fi; pkg_a=$1', 'uname'],
  ['IFS=, read -r x pkg_a <<< "a,b"', 'input'],
  ['mapfile -t pkg_a <<< x', 'input'],
  ['pkg_a=\u00e9; pkg_a=${#pkg_a}', 'locale'],
  ['pkg_a=\u00e9a; pkg_a=${pkg_a#?}', 'locale'],
  ['pkg_a=\u00e9; pkg_a=${pkg_a^^}', 'locale'],
  ['SECONDS=5; pkg_a=$SECONDS', 'SECONDS'],
  ['[[ ab =~ (b) ]]; pkg_a=${BASH_REMATCH[1]}', 'BASH_REMATCH'],
  ['pkg_a=$CFLAGS', 'CFLAGS'],
  ['printf -v pkg_a $(uname)', 'uname'],
  ['declare pkg_a={x,y}', 'braces'],
  ['pkg_a=(${x:-"a b" c})', 'quotes'],
  ['declare -i pkg_a=2+3', 'computed'],
  ['declare -ia pkg_a=(1 c)', 'computed'],
];

/** What goes wrong, and what follows in its line. */
for (const text of ['readonly x=1; x=2; pkg_a=never', 'x=$((1 / 0)); pkg_a=never', 'x=$((08)); pkg_a=never'])
  UNKNOWN.push([text, '']);

/** Whatever is not computed. */
for (const text of [
  '$((2 ** 62))',
  '$((1 << 63))',
  '$((-8 >> 1))',
  '$((2 ** -1))',
  '$((1 ? 2 : 1 / 0))',
  '$((16#ff))',
  '$((n = 1, n))',
  '$((l[0] + 1))',
])
  UNKNOWN.push([`pkg_a=${text}`, 'not computed']);

test.each(UNKNOWN)('%s is not told', (text, reason) => {
  const setting = [...readBashPlan(text).settings.values()].at(-1);
  expect(setting?.value).toBeUndefined();
  expect(setting?.reason).toContain(reason);
});

/** Whatever a text is made of: what is told is what bash gives. */
test('pieces put together at random', () => {
  let seed = 12_345;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  const pieces = KNOWN.filter((piece) => !/^return|IFS|readonly|never/.test(piece));
  const texts = Array.from({ length: 300 }, () =>
    Array.from({ length: 4 }, () => pieces[random(pieces.length)] ?? '').join('\n'),
  );
  expect(compareWithBash(texts).wrong).toEqual([]);
});

test('plans made at random; `npm run soak -- plan-values` makes thousands', () => {
  const { known, wrong } = compareWithBash(Array.from({ length: 400 }, (_, seed) => randomPlan(seed)));
  expect(wrong).toEqual([]);
  expect(known).toBeGreaterThan(200);
});
