import { spawnSync } from 'node:child_process';

import type { SettingValue } from '../../src/index.ts';

const PRINT = `
for name in \${!pkg_@}; do
  [[ $name == pkg_target || $name == pkg_release ]] && continue
  declare -n reference=$name
  printf '%s\\0%s\\0%s\\0' "$name" "$(declare -p "$name" 2>/dev/null)" "\${#reference[@]}"
  for key in "\${!reference[@]}"; do printf '%s\\0%s\\0' "$key" "\${reference[$key]}"; done
  unset -n reference
done
`;
const MAPS = 'declare -A pkg_exports=() pkg_binds=() pkg_binds_optional=() pkg_bind_map=()';
const SETUP = `${MAPS}\nHAB_CACHE_SRC_PATH=/hab/cache/src pkg_target=x86_64-linux\n`;

/** What bash itself leaves in the variables of a text. */
export function askBash(text: string): ReadonlyMap<string, SettingValue> {
  const script = `${SETUP}source /dev/stdin <<< "$1" >/dev/null 2>&1\n${PRINT}`;
  const { stdout } = spawnSync('bash', ['-c', script, 'bash', text], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  const fields = stdout.split('\0');
  const values = new Map<string, SettingValue>();
  for (let at = 0; at + 2 < fields.length; ) {
    const [name = '', declaration = '', count = '0'] = fields.slice(at, at + 3);
    at += 3;
    const entries: [string, string][] = [];
    for (let i = 0; i < Number(count); i++, at += 2) entries.push([fields[at] ?? '', fields[at + 1] ?? '']);
    if (entries.length === 0) continue;
    if (/^declare -\w*A/.test(declaration)) values.set(name, new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1))));
    else if (/^declare -\w*a/.test(declaration))
      values.set(
        name,
        entries.map(([, value]) => value),
      );
    else if (entries[0]?.[1] !== '') values.set(name, entries[0]?.[1] ?? '');
  }
  return values;
}
