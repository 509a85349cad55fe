import { oddStatement, type Pieces } from './odd-statements.ts';
import { strayStatement } from './stray-statements.ts';

/** Plans that are put together from everything that bash has to offer for values; the same seed gives the same plan. */
export function randomPlan(seed: number): string {
  return new PlanMaker(seed).plan();
}

const TEXTS = (
  '1.2.3|abc|a b|x/y/z.tar.gz|  two  words |foo-bar_baz|*|a*b|[ab]|?|é|AbC|-n|-e|a:b:c|,x,,y,|0|7|08|10|-3|~|~/x|a\\tb|a=b|' +
  '{x,y}|$v0|it\'s|say "hi"|a&b|#c|!d|%|/|//|.|..|a.b.|aXbXc|\\|back\\slash|end\\|(p)|x y z|1 2 3|\u00dcber|k|@|+|^|tail  '
).split('|');
const SAFE = 'abc|1.2.3|x-y|foo_bar|a/b/c|v9|core/zlib|z|lib|7|10|A1|a.b|x:y|a,b|e%f|g@h|k+l'.split('|');
const PATTERNS =
  '*|?|.*|*.|*/|/*|[0-9]|[!a-z]|[a-c]*|a|.|-*|?b|*b*|" "|\\.|"*"|x|\\*|[[:upper:]]|[[:digit:]]|b?|,|:|[.]|[-_]|*[a-z]|[^0-9]|\\/|/|$v1|"$v1"|${v2}|é|""'.split(
    '|',
  );
const SCALARS = ['v0', 'v1', 'v2', 'v3', 'pkg_s', 'pkg_t', 'pkg_u'];
const LISTS = ['l0', 'l1', 'pkg_l', 'pkg_m', 'pkg_deps'];
const MAPS = ['m0', 'pkg_exports', 'pkg_binds'];

class PlanMaker {
  #state: number;
  #depth = 0;
  #functions = 0;
  #inFunction = false;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 2_654_435_761) ^ 0x5bd1e995) >>> 0;
  }

  plan(): string {
    const style = this.#below(3);
    if (style === 0) return `declare -A m0=()\n${this.#lines(3 + this.#below(8), this.#statement)}`;
    // One or two things that are not ordinary, among others that are: whatever they change shows.
    const stray = (): string => (style === 1 ? this.#stray() : this.#one(this.#stray, this.#odd, this.#statement));
    return [
      'declare -A m0=()\nv0=a.b-1.2.3; v1=b; n=2; l0=(a "b c" d.e)\n',
      this.#lines(this.#below(3), this.#plain),
      this.#lines(1 + this.#below(2), stray),
      this.#lines(1 + this.#below(3), this.#plain),
      this.#pick(['', 'pkg_v=$?\n', 'pkg_v=$v0$n$v1\n', 'pkg_w=("${l0[@]}")\n']),
    ].join('');
  }

  #lines(count: number, maker: () => string): string {
    return Array.from({ length: count }, () => `${maker()}\n`).join('');
  }

  /** What nearly every plan has. */
  #plain = (): string =>
    this.#one(
      () => `${this.#scalar()}=${this.#pick(SAFE)}`,
      () => `${this.#scalar()}="\${${this.#scalar()}}-${this.#pick(SAFE)}"`,
      () => `${this.#scalar()}=\${${this.#scalar()}%.*}`,
      () => `${this.#list()}=(${this.#pick(SAFE)} ${this.#pick(SAFE)})`,
      () => `${this.#list()}+=(${this.#pick(SAFE)} "$${this.#scalar()}")`,
      () => `${this.#map()}[${this.#pick(['a', 'port'])}]=${this.#pick(SAFE)}`,
      () =>
        `if [[ $${this.#scalar()} == ${this.#pick(SAFE)} ]]; then ${this.#scalar()}=x; else ${this.#scalar()}=y; fi`,
      () => `${this.#scalar()}=$(echo ${this.#pick(SAFE)})`,
    );

  /** A number from 0, below `limit`. */
  #below(limit: number): number {
    // xorshift32
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return Math.floor((this.#state / 0x1_0000_0000) * limit);
  }

  #pick(from: readonly string[]): string {
    return from[this.#below(from.length)] ?? '';
  }

  #one(...makers: readonly (() => string)[]): string {
    return makers[this.#below(makers.length)]?.() ?? '';
  }

  #many(maker: () => string, most = 4, joint = ' '): string {
    return Array.from({ length: this.#below(most + 1) }, maker).join(joint);
  }

  #scalar = (): string => this.#pick(SCALARS);
  #list = (): string => this.#pick(LISTS);
  #map = (): string => this.#pick(MAPS);

  #single = (): string => `'${this.#pick(TEXTS).replaceAll("'", "'\\''")}'`;
  #double = (): string => {
    const pieces = Array.from({ length: 1 + this.#below(3) }, () =>
      this.#one(
        () => this.#pick(TEXTS).replaceAll(/["`\\$]/g, '\\$&'),
        () => this.#expansion(true),
        () => this.#pick(SAFE),
        () => this.#pick(['\\x', '\\"', '\\\\', '\\$', ' ', '\\\n', "'", '\n']),
      ),
    );
    return `"${pieces.join('')}"`;
  };
  #ansi = (): string =>
    `$'${this.#pick(['a\\tb', 'x\\ny', "q\\'r", '\\x41\\102', '\\u00e9', 'plain', '\\\\', 'e\\e'])}'`;

  /** A piece of a word. */
  #piece = (): string =>
    this.#one(
      () => this.#pick(SAFE),
      () => this.#pick(SAFE),
      this.#single,
      this.#double,
      this.#double,
      this.#ansi,
      () => this.#expansion(false),
      () => this.#expansion(false),
      () =>
        this.#pick([
          '\\ ',
          '\\$',
          '\\\\',
          '\\*',
          '~',
          '~/',
          ':~',
          '=',
          '#',
          '{',
          '}',
          '{a,b}',
          '{1..3}',
          '*',
          '?',
          '""',
          '!',
          '%',
          '^',
          '@',
          '+',
        ]),
    );

  #word = (): string => {
    let word = this.#piece();
    while (this.#below(3) === 0) word += this.#piece();
    return word === '{' || word === '}' || word === '!' || word.startsWith('#') ? 'w' : word;
  };
  #words = (): string => this.#many(this.#word);

  #expansion(quoted: boolean): string {
    if (this.#depth > 2) return '$v0';
    this.#depth += 1;
    const made = this.#one(
      () => `$${this.#scalar()}`,
      () => `\${${this.#scalar()}}`,
      () => `\${${this.#parameter()}}`,
      () => `\${${this.#parameter()}}`,
      () => `\${${this.#list()}[@]}`,
      () => `\${${this.#list()}[*]}`,
      () => `\${${this.#list()}[${this.#index()}]}`,
      () => `\${${this.#map()}[${this.#key()}]}`,
      () => `\${#${this.#pick([this.#scalar(), `${this.#list()}[@]`, `${this.#list()}[1]`, `${this.#map()}[@]`])}}`,
      () => `\${!${this.#pick([`${this.#list()}[@]`, `${this.#map()}[@]`, 'ref', `${this.#list()}[*]`])}}`,
      () => `$((${this.#arithmetic()}))`,
      () => `$(${this.#substituted()})`,
      () => (quoted ? `$(${this.#substituted()})` : `\`echo ${this.#pick(SAFE)}\``),
      () =>
        this.#pick([
          '$1',
          '$2',
          '$#',
          '$@',
          '$*',
          '${1:-d}',
          '${@:2}',
          '${*}',
          '$?',
          '${10}',
          '${#}',
          '$0',
          '$-',
          '$_',
          '$$',
        ]),
    );
    this.#depth -= 1;
    return made;
  }

  #parameter(): string {
    const name = this.#one(
      this.#scalar,
      this.#scalar,
      () => `${this.#list()}[@]`,
      () => `${this.#list()}[*]`,
      () => `${this.#list()}[${this.#below(3)}]`,
      () => this.#pick(['unset', '@', '*', '1']),
      () => `${this.#map()}[${this.#key()}]`,
      this.#list,
    );
    const operand = (): string =>
      this.#one(
        () => this.#pick(SAFE),
        this.#double,
        this.#word,
        () => this.#pick(TEXTS).replaceAll(/["'`\\${}|&;()<> #!~\n]/g, ''),
        () => '',
      );
    const pattern = (): string => this.#pick(PATTERNS);
    return (
      name +
      this.#one(
        () => this.#pick([':-', '-', ':+', '+']) + operand(),
        () => (/^[a-z]\w*$/.test(name) ? this.#pick([':=', '=']) + operand() : `:-${operand()}`),
        () => this.#pick(['#', '##', '%', '%%']) + pattern(),
        () => `${this.#pick(['/', '//', '/#', '/%'])}${pattern()}/${operand()}`,
        () => `${this.#pick(['/', '//'])}${pattern()}`,
        () =>
          `:${this.#pick(['0', '1', '2', ' -1', ' -2', '9', '$n', '1+1', '(-2)'])}${this.#pick(['', ':1', ':2', ': -1', ':0', ':9', ':$n'])}`,
        () => this.#pick(['^', '^^', ',', ',,', '^^[a-c]', ',,[A-B]', '^b', '~', '~~']),
        () => this.#pick(['@Q', '@U', '@L', '@u', '@A', '@a', '@E', '@P', '@K']),
      )
    );
  }

  #index = (): string => this.#pick(['0', '1', '-1', '2', '$n', 'n', 'n+1', '-2', '9', '"0"', '$((n-1))']);
  #key = (): string => this.#pick(['a', 'b', '"x y"', '$v0', 'port', '"$v1"', "'q'", '1', 'a.b', '$n']);

  #arithmetic = (): string => {
    const atom = (): string =>
      this.#pick([
        '1',
        '2',
        'n',
        '$n',
        '10',
        '010',
        '0x1f',
        'k',
        'l0[0]',
        '3',
        '-1',
        'v3',
        '${#v0}',
        '2#101',
        'n++',
        '--n',
        'n+=2',
        'unsetvar',
      ]);
    let text = atom();
    for (let i = this.#below(3); i > 0; i--) {
      const operator = this.#pick([
        '+',
        '-',
        '*',
        '/',
        '%',
        '**',
        '<<',
        '>>',
        '&',
        '|',
        '^',
        '<',
        '>',
        '<=',
        '==',
        '!=',
        '&&',
        '||',
        ',',
      ]);
      text = this.#below(3) === 0 ? `(${text}) ${operator} ${atom()}` : `${text} ${operator} ${atom()}`;
    }
    return this.#below(8) === 0 ? `${text} ? ${atom()} : ${atom()}` : this.#pick(['', '', '', '!', '~', '-']) + text;
  };

  #substituted(): string {
    return this.#one(
      () => `echo ${this.#words()}`,
      () => `printf '%s' ${this.#word()}`,
      () =>
        `printf '${this.#pick(['%s\\n', '%s-', '%d', '%05d', '%x', '[%s]', '%%', '%b', '%q', '%-5s|', '%5s|', '%c', '%.2s'])}' ${this.#words()}`,
      () => `basename ${this.#word()}`,
      () => `dirname ${this.#word()}`,
      () =>
        `echo ${this.#word()} | cut -d${this.#pick(['.', '" "', '/', '-'])} -f${this.#pick(['1', '2', '1,3', '2-', '-2', '3'])}`,
      () =>
        `echo ${this.#word()} | tr ${this.#pick(['a-z A-Z', '. _', '-d .', "'[:lower:]' '[:upper:]'", "'/' '-'", '-d a-c', '-s b'])}`,
      () => `echo ${this.#word()} | sed ${this.#pick(["'s/a/b/'", "-e 's/[0-9]//g'", "'s/\\./_/g'"])}`,
      () => `cat <<< ${this.#word()}`,
      () => `cat <<${this.#pick(['EOF', '"EOF"', '-EOF'])}\n\tone ${this.#expansion(true)}\n two \\$v0 \\x "q"\nEOF\n`,
      () => `v0=changed; echo $v0; ${this.#pick(['true', 'false', 'exit 3'])}`,
      () => `echo a; echo b${this.#pick(['', '; echo', ' 1>&2', ' >/dev/null', '; printf "\\n\\n"'])}`,
    );
  }

  #condition = (): string =>
    this.#one(
      () => `[[ ${this.#word()} ${this.#pick(['==', '=', '!='])} ${this.#pick(PATTERNS)} ]]`,
      () => `[[ ${this.#double()} ${this.#pick(['==', '!=', '<', '>'])} ${this.#double()} ]]`,
      () => `[[ ${this.#pick(['-n', '-z'])} ${this.#word()} ]]`,
      () => `[[ -v ${this.#pick([...SCALARS, 'unset', 'l0', 'l0[1]', 'm0[a]', 'l0[@]'])} ]]`,
      () => `[[ $v0 =~ ${this.#pick(['^a', '[0-9]+', '\\.', '"."', '(b)(c)?', 'x$', '^(.*)b', '$v1'])} ]]`,
      () => `[ ${this.#double()} ${this.#pick(['=', '!=', '=='])} ${this.#double()} ]`,
      () => `[ ${this.#pick(['-n', '-z'])} ${this.#double()} ]`,
      () => `test ${this.#word()}`,
      () => `(( ${this.#arithmetic()} ))`,
      () =>
        `[[ ${this.#arithmetic().replaceAll(/[<>&|=!?:,~^]/g, '+')} -${this.#pick(['eq', 'lt', 'ge', 'ne'])} ${this.#below(9)} ]]`,
      () => `[[ -n $v0 ${this.#pick(['&&', '||'])} ${this.#pick(['-z $v1', '! -n $v2', '( $v3 == a* )'])} ]]`,
      () => this.#pick(['true', 'false', ':', '! true', '! false']),
      () => `[ ${this.#pick(['-n', '-z'])} $v0 ]`,
    );

  #assignment = (): string =>
    this.#one(
      () => `${this.#scalar()}=${this.#word()}`,
      () => `${this.#scalar()}=${this.#word()}`,
      () => `${this.#scalar()}+=${this.#word()}`,
      () => `${this.#list()}=(${this.#words()})`,
      () => `${this.#list()}=(${this.#words()})`,
      () => `${this.#list()}+=(${this.#words()})`,
      () => `${this.#list()}[${this.#index()}]${this.#pick(['=', '+='])}${this.#word()}`,
      () => `${this.#list()}=([${this.#below(4)}]=${this.#word()} ${this.#words()})`,
      () => `${this.#map()}=(${this.#many(() => `[${this.#key()}]=${this.#word()}`)})`,
      () => `${this.#map()}[${this.#key()}]${this.#pick(['=', '+='])}${this.#word()}`,
      () => `${this.#map()}+=([${this.#key()}]=${this.#word()})`,
      () => `${this.#list()}=${this.#word()}`,
      () => `${this.#scalar()}=(${this.#words()})`,
      () => `n=${this.#below(4)}`,
      () => `ref=${this.#scalar()}`,
    );

  #block(most = 3): string {
    this.#depth += 1;
    const lines = Array.from({ length: 1 + this.#below(most) }, () => this.#statement());
    this.#depth -= 1;
    return lines.join('\n');
  }

  #statement = (): string => {
    if (this.#depth > 2) return this.#assignment();
    return this.#one(
      this.#assignment,
      this.#assignment,
      this.#assignment,
      () =>
        `if ${this.#condition()}; then\n${this.#block()}\n${this.#pick(['', `elif ${this.#condition()}; then\n${this.#block()}\n`])}${this.#pick(['', `else\n${this.#block()}\n`])}fi`,
      () => `${this.#condition()} ${this.#pick(['&&', '||'])} ${this.#assignment()}`,
      () => `${this.#condition()} && ${this.#assignment()} || ${this.#assignment()}`,
      () =>
        `for i in ${this.#words()}; do\n${this.#scalar()}${this.#pick(['=', '+='])}$i\n${this.#block(2)}\n${this.#pick(['', '', 'break\n', '[[ $i == a* ]] && continue\n'])}done`,
      () => `for i; do pkg_l+=("$i"); done`,
      () => `for ((i = 0; i < ${this.#below(4)}; i++)); do ${this.#assignment()}; pkg_m+=("$i"); done`,
      () => `i=0; while [[ $i -lt ${this.#below(5)} ]]; do i=$((i + 1)); ${this.#assignment()}; done`,
      () =>
        `case ${this.#word()} in\n${this.#many(() => `${this.#pick(PATTERNS)}${this.#pick(['', '|z*'])}) ${this.#assignment()} ${this.#pick([';;', ';;', ';&', ';;&'])}`, 3, '\n')}\n*) ${this.#assignment()};;\nesac`,
      () => {
        const name = `f${this.#functions++}`;
        this.#inFunction = true;
        const body = this.#block();
        this.#inFunction = false;
        return `${name}() {\n${this.#pick(['', 'local v0=inner\n', 'local v1\n', 'local -a l0=(p q)\n', 'shift\n', 'set -- s t\n', 'declare v2=$1\n', 'local -n nr=pkg_s\nnr=byref\n', 'IFS=,\n'])}${body}\n${this.#pick(['', 'return 1\n', 'return\n'])}}\n${name} ${this.#words()}`;
      },
      () => `set -- ${this.#words()}`,
      () => `shift`,
      () =>
        `printf -v ${this.#scalar()} '${this.#pick(['%s', '%s,', '%03d', '<%s>', '%s=%s;', '%s\\n', '%x', '\\t%s'])}' ${this.#words()}`,
      () =>
        `read ${this.#pick(['', '-r '])}${this.#pick(['v0', 'v0 v1', 'v0 v1 pkg_t', '-a pkg_l', 'pkg_s'])} <<< ${this.#double()}`,
      () =>
        `IFS=${this.#pick([',', ':', "' '", ',:', "$' \\t\\n'", '.'])} read -r ${this.#pick(['v0 pkg_u', '-a pkg_m', 'v1 v2 v3'])} <<< ${this.#double()}`,
      () =>
        `IFS=${this.#pick([',', ':', '/', "'. '", "$' \\t\\n'", "''", "','"])}\n${this.#assignment()}\n${this.#pick(['unset IFS', "IFS=$' \\t\\n'", ''])}`,
      () =>
        `declare ${this.#pick(['', '-a ', '-i ', '-g ', '-u ', '-l ', '-r ', '-x '])}${this.#pick(['v3', 'pkg_u', 'pkg_m'])}=${this.#word()}`,
      () => `export ${this.#scalar()}=${this.#word()}`,
      () => `{ ${this.#assignment()}; }`,
      () => `( ${this.#assignment()}; )`,
      () => `eval "${this.#scalar()}=${this.#pick(SAFE)}"`,
      () => `: \${${this.#scalar()}${this.#pick([':=', '='])}${this.#pick(SAFE)}}`,
      () => `${this.#assignment()} ${this.#assignment()}`,
      () => `(( ${this.#arithmetic()} ))`,
      () => `shopt -${this.#pick(['s', 'u'])} ${this.#pick(['extglob', 'nullglob', 'dotglob'])}`,
      () => (this.#below(3) === 0 ? this.#rare() : this.#assignment()),
      () => (this.#below(2) === 0 ? this.#odd() : this.#assignment()),
    );
  };

  #odd = (): string => oddStatement(this.#pieces());
  #stray = (): string => strayStatement(this.#pieces());

  #pieces(): Pieces {
    return {
      below: (limit) => this.#below(limit),
      pick: this.#pick.bind(this),
      scalar: this.#scalar,
      list: this.#list,
      map: this.#map,
      key: this.#key,
      word: this.#word,
      words: this.#words,
      double: this.#double,
      arithmetic: this.#arithmetic,
      condition: this.#condition,
      assignment: this.#assignment,
      block: () => this.#block(2),
      functionName: () => `f${this.#functions++}`,
    };
  }

  /** What makes much of the rest unknown. */
  #rare = (): string =>
    this.#one(
      () => `declare -n alias=${this.#scalar()}; alias=${this.#word()}; unset -n alias`,
      () => `unset ${this.#pick([...SCALARS, ...LISTS, "'pkg_l[0]'", "'m0[a]'", 'l0[1]'])}`,
      () => `eval ${this.#single()}`,
      () => `v0=tmp ${this.#pick(['true', 'echo x', ':', 'f0 a b'])}`,
      () => `let ${this.#pick(['n=2+1', 'n++', '"n = n * 2"', 'n=0'])}`,
      () => `mapfile -t pkg_l <<< ${this.#double()}`,
      () => `while read -r line; do pkg_m+=("$line"); done <<< ${this.#double()}`,
      () => `while read -r line; do pkg_m+=("$line"); done < <(echo a; echo b)`,
      () => `echo x | read v0`,
      () => `set ${this.#pick(['-f', '+f', '+u', '-e', '+e', '-o pipefail'])}`,
      () => (this.#inFunction ? 'return 2' : ':'),
    );
}
