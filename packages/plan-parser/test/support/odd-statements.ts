/** What random plans are made of; each call makes another piece. */
export interface Pieces {
  readonly below: (limit: number) => number;
  readonly pick: (from: readonly string[]) => string;
  readonly scalar: () => string;
  readonly list: () => string;
  readonly map: () => string;
  readonly key: () => string;
  readonly word: () => string;
  readonly words: () => string;
  readonly double: () => string;
  readonly arithmetic: () => string;
  readonly condition: () => string;
  readonly assignment: () => string;
  readonly block: () => string;
  readonly functionName: () => string;
}

type Maker = (pieces: Pieces) => string;

/** Constructs that plans hardly ever have, from all over the manual of bash. */
export function oddStatement(pieces: Pieces): string {
  return MAKERS[pieces.below(MAKERS.length)]?.(pieces) ?? '';
}

const DECLARED = ['pkg_s', 'pkg_t', 'pkg_l', 'v0', 'v3'];
const OPTIONS = [
  'extglob',
  'nullglob',
  'failglob',
  'nocasematch',
  'nocaseglob',
  'globstar',
  'lastpipe',
  'expand_aliases',
  'sourcepath',
  'xpg_echo',
  'inherit_errexit',
  'patsub_replacement',
  'assoc_expand_once',
  'globasciiranges',
  'extquote',
  'compat44',
  'localvar_inherit',
  'localvar_unset',
];

const MAKERS: readonly Maker[] = [
  // Input
  ({ pick, double }) =>
    `read ${pick(['-r', '-d , ', '-n 2', '-N 3', '-a pkg_m', '-t 1', "-d ''", '-p x', '-u 0', '-e'])} ${pick(['v0', 'pkg_s pkg_t', '', '-- v1'])} <<< ${double()}`,
  ({ pick, double }) =>
    `${pick(['mapfile', 'readarray'])} ${pick(['', '-t', '-n 1', '-s 1', '-O 2', '-d ,', '-t -n 2'])} ${pick(['pkg_l', 'l0', '', 'm0'])} <<< ${double()}`,
  ({ pick, word, assignment }) =>
    `while IFS=${pick([',', '', "' '"])} read -r v1 v2; do ${assignment()}; pkg_m+=("$v1"); done <<EOF\n${word()}\na,b c\nEOF`,
  ({ assignment, condition }) => `while ${condition()} && read -r line; do ${assignment()}; break; done < /dev/null`,
  ({ pick, assignment }) =>
    `select v0 in a b; do ${assignment()}; ${pick(['break', ''])}; done <<< ${pick(['1', '3', '""'])}`,
  ({ assignment, pick }) => `${pick(['time', 'time -p', '!', '! !'])} ${pick([assignment(), `{ ${assignment()}; }`])}`,
  ({ assignment }) => `coproc { ${assignment()}; }\nwait`,
  // Options
  ({ pick }) => `shopt -${pick(['s', 'u', 'q', 'p'])} ${pick(OPTIONS)}`,
  ({ pick }) =>
    `set ${pick(['-u', '-e', '-f', '-B', '+B', '-k', '-a', '-C', '-o noglob', '-o nounset', '-o braceexpand', '+o braceexpand', '-P', '-E', '-o allexport', '-eu', '-euo pipefail', '--', '-'])}`,
  ({ pick }) =>
    pick([
      'PATH=/nowhere',
      'LC_ALL=C',
      'LANG=de_DE.UTF-8',
      'LC_CTYPE=C',
      'BASH_COMPAT=4.2',
      'POSIXLY_CORRECT=1',
      'GLOBIGNORE=*',
      'SECONDS=7',
      'RANDOM=3',
      'OPTIND=2',
      'REPLY=x',
      'unset PATH',
      'CDPATH=/',
    ]),
  // Expansions
  ({ scalar, pick, list }) =>
    `${scalar()}=\${${pick(['v0', 'v1', `${list()}[@]`, `${list()}[1]`, 'unset'])}@${pick(['Q', 'U', 'L', 'u', 'E', 'P', 'A', 'K', 'a', 'k'])}}`,
  ({ list, pick }) => `${list()}=(\${!${pick(['v', 'l', 'pkg_', 'nope'])}${pick(['*', '@'])}})`,
  ({ list, scalar, pick }) => `${scalar()}="\${${list()}[${pick(['-1', '-2', '-9', '@', '#', '1+1', 'v0'])}]}"`,
  ({ list, pick, words }) =>
    `${list()}+=(${words()}); ${list()}=("\${${list()}[@]:${pick(['0', '1', '-1', ' -1', '1:1', '0:2', '2:9'])}}")`,
  ({ scalar, pick }) =>
    `${scalar()}=${pick(['{1..9..3}', '{01..03}', '{a..e..2}', '{5..1}', '{-2..2}', '{a,b{c,d}}', '{,x}', '{x}', 'a{,}b', '{1..a}', '{a..c}'])}`,
  ({ list, pick }) =>
    `${list()}=(${pick(['{1..9..3}', '{01..03}', '{a..e..2}', '{5..1..2}', '{-02..2}', '{a,b{c,d}}', '{,x}', '{x}', 'a{,}b', '{1..a}', '{a..c}', '{A..c}', "{'x y',z}", '{$v0,b}', '{"$v0",b}', 'x{a,b}{1,2}', '{a,b', '{a\\,b,c}', '${v0}{a,b}', '{~,b}', '{/,*}', '{1..3}$((n++))'])})`,
  ({ scalar, pick }) =>
    `${scalar()}=${pick(['~root', '~nobody/x', '~+', '~-', 'a:~', '~:~', '"~"', '~root:x', 'x=~', '\\~'])}`,
  ({ list, pick }) =>
    `${list()}=(${pick(['*', '/etc/host*', '[a]', '?', '\\*', '"*"', '/*/passwd', '!(a)', '@(a|b)', '*.nope', "'*'", 'a[', ']', '/nope/*', '[', '[]', '[!]'])})`,
  ({ scalar, pick }) =>
    `${scalar()}=$${pick(['"a b"', '"a$v0"', "'\\x41'", "'\\n'", "'\\cA'", "'\\0'", "'\\u263a'", "'a\\0b'", "'\\101'", "'\\xZ'", "'\\?'", "'\\q'", '"\\n"', "'\\e[1m'", "'\\U1F600'", "'\\x4'", "'\\1'", "'a'$'b'"])}`,
  ({ scalar, pick }) =>
    `${scalar()}=${pick(['$((1/0))', '$((08))', '$((1 +))', '$((2**-1))', '$((x y))', '$((1<<70))', '$((9223372036854775807+1))', '$((n=5))', '$(( (n=2) * n ))', '$((n++ + n++))', '$((1,2))', '$((0x))', '$((64#@))', '$((1?2:3))', '$((-9223372036854775808 / -1))', '$[1+2]', '$((a[0]))', '$((l0[1]+1))', '$(( $v0 ))', '$(("1"+2))', "$(('1'))", '$((1.5))', '$((~0))', '$((-7 / 2))', '$((-7 % 3))', '$((!5))', '$((2 ** 63))', '$((n = n + 1, n))', '$((#v0))', '$((36#Z))', '$((3#4))'])}`,
  ({ scalar, pick }) =>
    `${scalar()}=$(${pick(['exit 3', 'return 4', 'false', 'echo a; exit', 'set -- q; echo $1', 'shift; echo $1', '(echo x)', '{ echo y; }', 'echo a | cat', 'if true; then echo b; fi', 'for i in 1 2; do echo $i; done', 'case a in a) echo c;; esac', 'unset v0; echo $v0', 'nosuchcommand', 'cd /; echo z', 'trap "echo t" EXIT; echo u', 'echo ${v0?no}', 'echo $BASH_SUBSHELL', 'printf "%s\\\\n" a b', 'exec echo e', 'IFS=,; echo $v1', 'eval "echo f"', 'local q=1; echo $q', 'echo "$(echo "$(echo n)")"', 'cat <<A <<B\none\nA\ntwo\nB\n', 'cat /dev/null', ': > /dev/null; echo k', 'echo o >&2', 'echo p 2>&1', 'echo r >&-', '< /dev/null', 'source /dev/null; echo s', 'declare -i z=3; echo $z', 'echo $(( 1/0 )); echo no', 'readonly v0; v0=1; echo m'])})`,
  ({ scalar }) => `${scalar()}="$(cat <<A; cat <<B\none \${v0}\nA\ntwo $((1+1))\nB\n)"`,
  ({ scalar, pick }) =>
    `${scalar()}=${pick(['<(echo a)', '"x"<(true)', '$(<(true))', '$(< /dev/null)', '`echo \\`echo a\\``', '`echo "\\$v0"`', '`echo \\\\\\\\`'])}`,
  // Tests
  ({ pick, assignment, scalar, list, map, key }) =>
    `[[ ${pick(['-v', '-R', '-o', '-e', '-f', '-d', '-t'])} ${pick([scalar(), `${list()}[0]`, `${list()}[-1]`, `${map()}[${key()}]`, `${list()}[@]`, 'ref', 'extglob', '/dev/null', '0', "'m0[@]'"])} ]] && ${assignment()}`,
  ({ pick, assignment, scalar, list }) =>
    `${pick(['[', 'test'])} ${pick([`-v ${scalar()}`, `-v '${list()}[0]'`, 'a -a b', 'a -o ""', '! a', '! -z ""', '\\( a \\)', '-n', '=', 'a = a -a b = b', '"" -o b = b', 'x -eq y', '3 -gt 2', 'a \\< b', '1 = ', '-f /dev/null', '! ! a', '( )', 'a b', 'a b c d e f'])} ${pick([']', ''])} && ${assignment()}`,
  ({ pick, assignment, word }) =>
    `[[ ${word()} ${pick(['==', '!=', '=~'])} ${pick(['@(a|b)*', '+([0-9])', '!(x)', '*([a-z])?(.)', '[[:alpha:]]*', '^a.*$', '^[0-9]+(\\.[0-9]+)*$', '[$v0]', '(a|b)', "^'a'", '\\*'])} ]] && ${assignment()}`,
  ({ pick }) =>
    `[[ ${pick(['abc', '1.2.3', 'v9'])} =~ ${pick(['(b)(c)?', '^([0-9]+)\\.([0-9]+)', 'x', 'v(.*)'])} ]]; pkg_s=\${BASH_REMATCH[${pick(['0', '1', '2'])}]}`,
  // Control
  ({ pick, assignment, word }) =>
    `case ${word()} in ${pick(['(a|b*)', '@(a|1*)', '[[:lower:]]*', '"$v0"', '*.*', '?'])}) ${assignment()} ${pick([';;', ';&', ';;&'])}\n*) ${assignment()} ;;& *) ${assignment()} ${pick(['', ';;'])}\nesac`,
  ({ pick, assignment, scalar }) =>
    `${pick(['until', 'while'])} ${pick(['false', '! true', '(( 0 ))', '[[ -n $v0 ]]', 'true'])}; do ${assignment()}; ${scalar()}=x; break ${pick(['', '1', '2', '0', 'x', '9'])}; done`,
  ({ assignment, pick }) =>
    `for ${pick(['v0', 'pkg_s', 'i'])} in ${pick(['"$@"', '$v0', 'a b', '{1..3}', '"${l0[@]}"', '', '${!v0}'])}; do ${assignment()}; ${pick(['continue', 'continue 2', 'return', ':', 'set -- y', 'unset v0'])}; done`,
  ({ assignment, pick }) =>
    `for ((${pick(['i=0', 'i=0,n=1', '', 'i=1/0', 'i=$n'])}; ${pick(['i<2', 'i<2 && n<5', '1/0', 'n<=1'])}; ${pick(['i++', 'i+=2', 'i++,n++', 'i=9,n=9'])})); do ${assignment()}; break; done`,
  ({ assignment, pick }) =>
    `{ ${assignment()}; } ${pick(['> /dev/null', '> /nowhere/x', '< /nowhere/x', '2>&1', '>&9', '< /dev/null', '<&-', '>> /dev/null', '<> /dev/null', '&>/dev/null', '>| /dev/null', '3< /dev/null', '{fd}> /dev/null'])}`,
  ({ assignment, pick }) =>
    `${assignment()} ${pick(['> /dev/null', '> /nowhere/x', '< /nowhere/x', '>&9', '2> /nowhere/y', '< "$v0"'])}`,
  ({ assignment, pick }) => `${pick(['true', 'false', 'echo a', ':'])} | { ${assignment()}; }`,
  ({ assignment }) => `{ ${assignment()}; } &\nwait`,
  ({ assignment, condition }) => `if ! ${condition()}; then ${assignment()}; fi`,
  // Functions
  ({ functionName, block, words, pick, scalar }) => {
    const name = functionName();
    const head = pick([`function ${name}`, `function ${name}()`, `${name}()`, `${name} ()`]);
    const first = pick([
      'local -i v0=2+3',
      `local -r v1=${scalar()}`,
      'local -x v2=e',
      'local -A l0=([a]=b)',
      'declare -g pkg_s=g',
      'declare -gA m0=([k]=v)',
      'declare -g -a pkg_l=(g h)',
      'local -n nr=$1',
      'local v0 v1=1 v2',
      'local -u v3=abc',
      'local -',
      'unset v0',
      'readonly v1=r',
      'export v2=q',
      'local v0=$v0',
      'local IFS=:',
      `[[ $# -gt 3 ]] && return; ${name} "$@" x`,
      'trap "v0=trapped" RETURN',
      'local v0; unset v0; v0=3',
      'pkg_t=${FUNCNAME[0]}',
      'pkg_t=${#BASH_SOURCE[@]}',
      'set -- "${@:2}"',
      'pkg_s="$*"; pkg_l=("$@")',
      'pkg_s=${1:-none}${2+two}',
      'local a b; read -r a b <<< "$1"',
      'shopt -s nocasematch',
    ]);
    return `${head} {\n${first}\n${block()}\n${pick(['', 'return 3', 'return x', 'return 256', 'exit 2', 'pkg_u=$?'])}\n}\n${pick(['', '! ', 'if ', 'v2=$('])}${name} ${words()}`.replace(
      /\n(if|v2=\$\()(.*)$/s,
      (_all, kind: string, call: string) => (kind === 'if' ? `\nif ${call}; then pkg_u=then; fi` : `\nv2=$(${call})`),
    );
  },
  ({ functionName, assignment }) => {
    const name = functionName();
    return `${name}() ( ${assignment()} )\n${name}\npkg_s=$?`;
  },
  ({ assignment, pick }) =>
    `${pick(['command_not_found_handle', 'echo', 'printf', 'true', 'basename', 'cd', 'test', 'pkg_version'])}() { ${assignment()}; }\n${pick(['nosuch x', 'echo x', 'true', 'v0=$(basename a/b)', 'v0=$(echo z)', 'test -n x', 'printf x'])}`,
  ({ assignment, pick }) => `unset -f ${pick(['f0', 'f1', 'nope', 'echo'])}; ${pick(['f0', 'f1'])} a; ${assignment()}`,
  ({ assignment }) => `shopt -s expand_aliases\nalias a1='pkg_s=aliased'\na1\n${assignment()}\nunalias a1`,
  ({ assignment, pick }) =>
    `trap '${pick(['pkg_s=t', 'v0=t', ':'])}' ${pick(['DEBUG', 'ERR', 'RETURN', 'EXIT', 'INT'])}\n${assignment()}\nfalse\n${pick(['trap - DEBUG ERR RETURN', ''])}`,
  ({ assignment, pick }) =>
    `source /dev/${pick(['null', 'nope', 'stdin'])} ${pick(['', 'a b'])} ${pick(['', '<<< "pkg_s=in; return 2"'])}; pkg_u=$?; ${assignment()}`,
  // Declarations
  ({ pick, word }) =>
    `declare -${pick(['i', 'r', 'x', 'u', 'l', 'a', 'A', 'n', 'c', 't', 'ia', 'ar', 'xu', 'p', 'f', 'F', 'z'])} ${pick(DECLARED)}${pick([`=${word()}`, '', '+=1', '=(a b)', '+=(c)', '=3+4', '[0]=q', '[x]=y'])}`,
  ({ pick }) => `declare +${pick(['i', 'r', 'x', 'u', 'a', 'A', 'n'])} ${pick(DECLARED)}; ${pick(DECLARED)}=2+2`,
  ({ pick, word }) =>
    `${pick(['readonly', 'export', 'typeset', 'export -n', 'readonly -a', 'declare -g', 'local', 'declare --', 'export -f', 'readonly -p'])} ${pick(DECLARED)}=${word()}`,
  ({ pick, map, key }) =>
    `unset ${pick([`'${map()}[a]'`, `${map()}["a"]`, `'${map()}[$v0]'`, map(), `-v ${map()}`, '-n ref', 'pkg_l[0]', "'pkg_l[-1]'", "'l0[@]'", '-f x', 'v0 v1', '1bad', `"${map()}[${key().replaceAll('"', '\\"')}]"`])}`,
  ({ pick, word, map }) =>
    `${map()}=(${pick(['a b c d', 'a', '[a]=1 b', 'a [b]=2', '[a]', '[a]=1 [a]+=2', '[ a ]=1', '[a b]=c', "['a b']=c", '["]"]=x', '[$v0]=y', '[@]=z', '[*]=w', '[a]= [b]=', '"[a]=1"', `[k]=${word()}`, '"${l0[@]}"', '$v0', '[${v0}x]=1', '[$((1+1))]=two', '[$(echo k)]=sub', '[\\a]=e'])})`,
  ({ pick, list }) =>
    `${list()}${pick(['[1+1]', '["1"]', '[$n]', '[]', '[-1]', '[x]', '[08]', '[@]', '[*]', '[a b]', '[1/0]', '[n++]', '[$((n+1))]', '[99999999999]', "['1']"])}${pick(['=', '+='])}${pick(['x', '"y z"', '$v0'])}`,
  ({ pick, list }) =>
    `${list()}=(${pick(['[2]=c [0]=a b', '[n]=x', '[n++]=x [n++]=y', '[1]+=z', '[-1]=q', '[x y]=1', '[]=e', '[0]=a [0]+=b', '$(echo a b) "$(echo c d)"', '[1]={a,b}', '"[1]=x"', '\\[1]=y', '[1]=~', '[1]=*', 'a=b', '[$v0]=c', '#', 'a #b\n c', '"a"#b', '[1/0]=x', '[08]=x'])})`,
  // Commands that name what they assign to
  ({ pick, words, list, map }) =>
    `printf -v ${pick(['v0', 'pkg_s', `'${list()}[1]'`, `${list()}[0]`, `'${map()}[a]'`, '1x', '"pkg_$v0"'])} ${pick(["'%s'", "'%d'", "'%5s|'", "'%-5s|'", "'%q'", "'%b'", "'%x'", "'%c'", "'%%'", "'%(%Y)T'", "'%s %s\\n'", "'%.2f'", "'\\x41'", '-- x', "'%*s' 5", "'%i'", "'%03d'", "'%+d'", "''", "'%u'", '"%s$v0"'])} ${words()}`,
  ({ pick, arithmetic }) =>
    `let ${pick(['n=1 n+=1', 'n=1/0', '"n=(1"', "'n = 5'", 'n=n*2', 'v3=7', 'n==1', '', `"${arithmetic().replaceAll('"', '')}"`])}; pkg_s=$?`,
  ({ pick }) =>
    `getopts ${pick(['ab:', ':x'])} ${pick(['v0', 'pkg_s'])} ${pick(['-a', '-b q', 'x', ''])}; pkg_t=$OPTIND`,
  ({ pick, words }) =>
    `eval ${pick(["'pkg_s=a' 'pkg_t=b'", '"pkg_s=\\$v0"', "'for i in 1 2; do pkg_m+=($i); done'", `set -- ${words()}`, '"$v0"', "'if'", "'pkg_s=\"x'", "'declare -A pkg_exports=([a]=b)'", "'f0() { pkg_s=redefined; }'; f0", "'return 2'", "'break'", "'pkg_s=$((1/0))'; pkg_t=after"])}`,
  ({ pick, word }) =>
    `${pick(['builtin', 'command', 'command -p', 'exec', 'command -v', 'builtin declare', 'command export', 'env'])} ${pick([':', 'true', 'eval pkg_s=x', 'echo', 'printf -v pkg_s x', 'read -r v0', `export pkg_t=${word()}`, 'unset v0', 'set -- c', 'shift', 'source /dev/null', 'false'])} <<< "in"`,
  ({ pick, word, assignment }) =>
    `v0=${word()} ${pick(['eval pkg_s=\\$v0', 'true', 'read -r v1 <<< "x"', 'export v2', ':', 'unset v0', 'declare v3=1', 'set -- z', 'f0 a', 'source /dev/null', 'echo $v0', 'printf -v pkg_s "$v0"', 'IFS=, true'])}; ${assignment()}`,
  ({ pick, assignment }) =>
    `IFS=${pick([',', ':', "''", "' '", '$v0'])} ${pick(['eval', 'command', 'builtin', ''])} ${pick(['set -- $v0', 'read -r v1 v2 <<< "a,b:c"', 'true', ':'])}; ${assignment()}`,
  ({ pick }) =>
    `set -- ${pick(['a b c', '"$@" d', '"${@:2}"', '-x', '-- -x', '"$*"', '$v0'])}; pkg_l=("$@"); pkg_s=$#; ${pick(['shift 2', 'shift 9', 'shift -1', 'shift x', 'shift $n', 'shift 0'])}; pkg_t="$*"`,
  ({ pick }) =>
    `cd ${pick(['/', '/nowhere', '.', ''])} ${pick(['', '&& pkg_s=$PWD', '|| pkg_s=no'])}; pkg_t=\${OLDPWD:-none}`,
  ({ pick }) =>
    `pkg_s=${pick(['$LINENO', '$BASH_VERSION', '$PWD', '$HOME', '$USER', '$RANDOM', '$SECONDS', '$EUID', '$HOSTNAME', '$PPID', '$!', '$-', '$_', '$0', '$BASHPID', '$SHLVL', '$OSTYPE', '$IFS', '$PATH', '${BASH_VERSINFO[0]}', '$SHELLOPTS', '$BASHOPTS', '$BASH_COMMAND', '${PIPESTATUS[0]}', '$OPTIND', '$TERM', '$COLUMNS', '$MACHTYPE', '$UID', '${GROUPS[0]}', '${DIRSTACK[0]}', '$FUNCNAME', '$HISTCMD', '$REPLY', '$EPOCHSECONDS', '$SRANDOM', '$PS4', '$COMP_WORDBREAKS', '${#BASH_ARGV[@]}', '$BASH_SUBSHELL', '$MAPFILE', '$COPROC'])}`,
  ({ pick }) =>
    pick([
      'return 3',
      'exit 0',
      'return; pkg_s=never',
      'exec 3>&1',
      'exec < /dev/null',
      'wait',
      'jobs',
      'hash -r',
      'umask 022',
      'type cd',
      'dirs',
      'times',
      'history',
      'help',
      'enable -n echo',
      'enable echo',
      'ulimit -n',
      'kill -0 $$',
      'pushd /',
      'popd',
      'disown',
      'bind',
      'compgen -v',
      'caller',
      'logout',
      'suspend x',
      'false; pkg_u=$?',
      ': ${nope?message}',
      'set -u; v2=$nope; pkg_s=never\npkg_t=after\nset +u',
      'set -e; false; pkg_s=never',
      'nosuchcommand; pkg_u=$?',
    ]),
];
