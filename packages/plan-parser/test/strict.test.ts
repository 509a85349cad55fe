import { expect, test } from 'vitest';

import { readBashPlan } from '../src/index.ts';
import { compareWithBash } from './support/compare.ts';

/** Text that bash refuses, or reads otherwise than it looks: nothing is told of what it or the rest names. */
const REFUSED: readonly string[] = [
  'case a in @(a|b)) :;; esac',
  'pkg_b=@(a|b)',
  'for (;;) do break; done',
  ': ; ; :',
  '{ :; ; }',
  'pkg_l=(a (b) c)',
  'pkg_l[0]=(a b)',
  'echo pkg_l=(a b)',
  'pkg_l[=a',
  'if then :; fi',
  'case a in b|) ;; esac',
  'f() :',
  '! ;;',
  '[[ a == ]]',
  'echo $(fi)',
  "eval 'if'",
  'pkg_b=$(if cat <<A; then :; fi\nx\nA\necho x)',
  'case a in\na) for i\nin a b\ndo :\ndone ;;\nesac',
];

test.each(REFUSED)('%s', (line) => {
  const text = `pkg_name=x\n${line}\npkg_a=1\n`;
  const { settings } = readBashPlan(text);
  expect(settings.get('pkg_a')?.value).toBeUndefined();
  expect(settings.get('pkg_a')?.reason).toBeDefined();
  expect(compareWithBash([text]).wrong).toEqual([]);
});

/** What looks odd, and is plain bash. */
const READ: readonly string[] = [
  'pkg_b=a;pkg_c=b',
  '{ { pkg_b=a; }; }',
  'for i in a b\ndo :\ndone',
  'if :\nthen :\nfi',
  'pkg_b=a\\\nb',
  'cat <<A <<B; pkg_b=c\n1\nA\n2\nB',
  'shopt -s extglob\nf() { rm !(a|b); }',
  'f() if :; then :; fi',
  '[[ abc == a*(b)c && ! x =~ (y|z) ]] || :',
  'pkg_b=a#b # comment ; fi',
  'pkg_b=$(case a in (a) echo b;; esac)',
];

test.each(READ)('%s', (line) => {
  const text = `pkg_name=x\n${line}\npkg_a=1\n`;
  expect(readBashPlan(text).settings.get('pkg_a')?.value).toBe('1');
  expect(compareWithBash([text]).wrong).toEqual([]);
});

test('what stands before is told, unless the rest names it', () => {
  const { settings } = readBashPlan('pkg_name=x\npkg_deps=(a)\npkg_a=1\n(\npkg_a=2; pkg_b=3\n');
  expect([...settings].map(([name, { value }]) => [name, value])).toEqual([
    ['pkg_deps', ['a']],
    ['pkg_name', 'x'],
    ['pkg_a', undefined],
    ['pkg_b', undefined],
  ]);
  expect(settings.get('pkg_a')?.reason).toBe('whether bash reads on at line 4 of /src/plan.sh');
});

/** What is not certain behind commands that fail, or that take more than they are known to. */
test.each([
  'shopt -q extglob; pkg_a=$?',
  'readonly x=1; unset x; pkg_a=$?',
  'set -- a b; set -; pkg_a=$#$1',
  'pkg_a=$(cut -d. -f2-1 <<< a)',
  'false; for i in a; do pkg_a=$?; break; done',
  'while [[ $n != xx ]]; do n+=x; false || ! true; done; pkg_a=$?',
  'if false; then :; else pkg_a=$?; fi',
  'v=$(printf); pkg_a=$?',
  '[ -v pkg_b; pkg_a=$?',
  'v=x unset v; v=y; pkg_a=$v',
  'select v in a b; do break; done <<< 1; pkg_a=$v',
  'pkg_a=$(set -e; false; echo x)',
  'pkg_a=$(exec echo e)',
  'v=abc; pkg_a=${v:}',
  'declare -A v=([a]=1); v[$nope]=x; pkg_a=${#v[@]}',
  'let "2 ** 1 ? 1 : 0"; pkg_a=$?',
  'declare -ia v=(1 c); pkg_a=${v[1]}',
  'pkg_a=x; declare -A pkg_a+=([z]=9)',
  'declare -l pkg_a[x]=y; pkg_a=z',
  'declare -r pkg_a[0]=y',
  "false; eval '# comment'; pkg_a=$?",
  'declare -x v="${pkg_a:="1{x,y}"}"',
  ': "${pkg_a:="1{x,y}"}"',
  'pkg_a=([$nothing]=c)',
  "set -- $'\\\\' b 'c d'; IFS=a.b; pkg_a=($*)",
  "printf -v v '0%' a; pkg_a=$?",
  "v=$(pkg_l=([0]='it'\\''s'); echo x); pkg_a=$v",
  'pkg_a=x; declare -A pkg_a',
  'pkg_a=x; declare -a pkg_a+=(y)',
  'pkg_a=x; declare -A pkg_a=([z]=9)',
])('%s: what is told is what bash gives', (text) => {
  expect(compareWithBash([`${text}\npkg_b=1\n`]).wrong).toEqual([]);
});
