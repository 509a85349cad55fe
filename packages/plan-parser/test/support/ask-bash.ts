import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { SettingValue } from '../../src/index.ts';

/** What bash leaves in the `pkg_*` variables of a text; maps sorted by their keys. */
export type BashValues = ReadonlyMap<string, SettingValue>;

/** What a build sets, the plan, then name, attributes, count, keys and values of each variable, all ended by NUL. */
const ORACLE = `
declare -A pkg_exports=() pkg_binds=() pkg_binds_optional=() pkg_bind_map=()
declare -a pkg_license=() pkg_deps=() pkg_build_deps=()
HAB_CACHE_SRC_PATH=/hab/cache/src pkg_target=x86_64-linux
# Read before the plan: after some errors of syntax bash takes no keyword for one.
oracle_tells() {
  builtin local name key
  for name in \${!pkg_@}; do
    [[ $name == pkg_target ]] && continue
    builtin declare -n reference=$name
    builtin printf '%s\\0%s\\0%s\\0' "$name" "\${reference@a}" "\${#reference[@]}"
    for key in "\${!reference[@]}"; do builtin printf '%s\\0%s\\0' "$key" "\${reference[$key]}"; done
    builtin unset -n reference
  done
  builtin printf '%s\\0' "$ended"
}
file=$1 ended=$2
builtin set --
builtin exec 3>&1
ulimit -t 5
source "$file" </dev/null >/dev/null 2>&1
builtin exec >&3 2>/dev/null
builtin unset IFS
builtin set +efuo pipefail
builtin shopt -u nullglob extglob
oracle_tells
`;
/** Ends what one plan leaves; no plan makes it. */
const END = '<end of all that this plan leaves>';
/** Each plan in a shell and a process group of its own: what it leaves running, or what multiplies, ends with it. */
const EACH = `
oracle=$1
shift
set -m
for file in "$@"; do
  printf '%s\\0%s\\0' "\${END}begin" "\${file##*/}"
  bash -c "$oracle" bash "$file" "$END" &
  wait "$!"
  kill -s KILL -- "-$!"
done 2>/dev/null`;

/** What bash itself leaves in the variables of texts; undefined for one that ends the shell. */
export function askBash(texts: readonly string[]): readonly (BashValues | undefined)[] {
  const folder = mkdtempSync(join(tmpdir(), 'hab-ask-'));
  try {
    const files = texts.map((_text, i) => join(folder, `${i}.sh`));
    for (const [i, file] of files.entries()) writeFileSync(file, texts[i] ?? '');
    const { stdout } = spawnSync('bash', ['-c', EACH, 'bash', ORACLE, ...files], {
      cwd: folder,
      env: { END, PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8', HOME: '/nowhere' },
      encoding: 'utf8',
      timeout: 300_000,
      maxBuffer: 1 << 28,
    });
    const parts = stdout.split(`${END}begin\0`).slice(1);
    return texts.map((_text, i) => {
      const own = parts[i]?.split('\0') ?? [];
      // Shells that a plan leaves running may end in another's place.
      const isOne = own.indexOf(END) === own.length - 2 && own[0] === `${i}.sh`;
      return isOne ? valuesOf(own.slice(1, -1)) : undefined;
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function valuesOf(fields: readonly string[]): BashValues {
  const values = new Map<string, SettingValue>();
  for (let at = 0; at + 2 < fields.length; ) {
    const [name = '', attributes = '', count = '0'] = fields.slice(at, at + 3);
    at += 3;
    const entries: [string, string][] = [];
    for (let i = 0; i < Number(count); i++, at += 2) entries.push([fields[at] ?? '', fields[at + 1] ?? '']);
    if (entries.length === 0) continue;
    const texts = entries.map(([, text]) => text);
    if (attributes.includes('A')) values.set(name, new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
    else if (attributes.includes('a')) values.set(name, texts);
    else if (texts[0] !== '') values.set(name, texts[0] ?? '');
  }
  return values;
}
