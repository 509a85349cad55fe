import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { type PlanReading, readBashPlan, type SettingValue } from '@hab/plan-parser';

import type { BenchIo } from './main.ts';

/** What a build sets before it reads a plan, and what it prints of the plan's variables afterwards. */
const ORACLE = `
HAB_ROOT_PATH=/hab HAB_PKG_PATH=/hab/pkgs HAB_CACHE_SRC_PATH=/hab/cache/src HAB_CACHE_ARTIFACT_PATH=/hab/cache/artifacts
PLAN_CONTEXT=$1 SRC_PATH=$1 pkg_origin= pkg_svc_run= pkg_svc_user=hab pkg_svc_group=hab pkg_type=standalone
declare -r pkg_target=x86_64-linux pkg_release=20260101000000
declare -a pkg_license=() pkg_deps=() pkg_build_deps=() pkg_bin_dirs=() pkg_lib_dirs=() pkg_include_dirs=() pkg_pconfig_dirs=()
declare -a pkg_interpreters=() pkg_exposes=() pkg_services=()
declare -A pkg_exports=() pkg_binds=() pkg_binds_optional=() pkg_bind_map=()
for p in '':path /data:data_path /files:files_path /var:var_path /config:config_path /config_install:config_install_path /static:static_path; do
  declare "pkg_svc_\${p#*:}=/hab/svc/@__pkg_name__@\${p%%:*}"
done
unset p; set --
before=$(declare -p \${!pkg_@} | sort)
cd "$PLAN_CONTEXT" || exit 99
source "$PLAN_CONTEXT/plan.sh" </dev/null >/dev/null 2>&1
printf '%s\\0' "$before"
for name in \${!pkg_@}; do
  declare -n reference=$name
  declaration=$(declare -p "$name" 2>/dev/null)
  printf '%s\\0%s\\0' "$name" "$declaration"
  printf '%s\\0' "\${#reference[@]}"
  for key in "\${!reference[@]}"; do printf '%s\\0%s\\0' "$key" "\${reference[$key]}"; done
  unset -n reference
done
printf '\\n\\0'
compgen -A function || true
`;

interface Told {
  readonly values: Map<string, SettingValue>;
  readonly functions: Set<string>;
}

/**
 * Compares every value that reading gives with what bash says when it sources the same plan.
 *
 * `npm run soak -- core-plans DIRECTORY`, with a checkout of many plans.
 */
export default async function run({ print }: BenchIo, directory = ''): Promise<void> {
  if (!existsSync(directory)) throw new Error('Which plans? npm run soak -- core-plans DIRECTORY');
  const plans = findPlans(resolve(directory));
  const readings = new Map<string, PlanReading>();
  const started = performance.now();
  for (const path of plans) {
    const text = readFileSync(path, 'utf8');
    const readFile = (file: string): string | undefined => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
    readings.set(path, readBashPlan(text, { path, readFile }));
  }
  const took = performance.now() - started;
  let [known, unknown, wrong, callbacks, skipped] = [0, 0, 0, 0, 0];
  for (const [path, reading] of readings) {
    const told = askBash(path);
    if (told === undefined) {
      skipped += 1;
      continue;
    }
    for (const name of new Set([...reading.settings.keys(), ...told.values.keys()])) {
      const setting = reading.settings.get(name);
      const expected = told.values.get(name);
      if (setting !== undefined && setting.value === undefined) {
        unknown += 1;
        print(`unknown ${path} ${name}: ${setting.reason}`);
      } else if (same(setting?.value, expected)) known += 1;
      else {
        wrong += 1;
        print(`WRONG ${path} ${name}: read ${show(setting?.value)}, bash ${show(expected)}`);
      }
    }
    const missing = [...reading.functions.keys()].filter((name) => !told.functions.has(name));
    const more = [...told.functions].filter((name) => !reading.functions.has(name));
    if (missing.length + more.length > 0) print(`FUNCTIONS ${path}: not in bash ${missing}; not read ${more}`);
    else callbacks += 1;
    for (const problem of reading.problems)
      print(`problem ${path}: ${problem.code} ${problem.message} at ${problem.span.start}`);
  }
  print(`${plans.length} plans, ${skipped} that bash does not end on, read in ${took.toFixed(0)} ms`);
  print(`${known} values as bash gives them, ${unknown} unknown, ${wrong} wrong; all functions of ${callbacks} plans`);
  if (wrong > 0) throw new Error('Some values are wrong');
}

function findPlans(directory: string): string[] {
  const found: string[] = [];
  for (const name of readdirSync(directory).sort()) {
    const path = join(directory, name);
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) found.push(...findPlans(path));
    else if (name === 'plan.sh') found.push(path);
  }
  return found;
}

/** @returns undefined when bash does not come back from the plan. */
function askBash(path: string): Told | undefined {
  const { stdout, status } = spawnSync('bash', ['-c', ORACLE, 'oracle', dirname(path)], {
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    encoding: 'utf8',
    timeout: 20_000,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0 || stdout === null) return undefined;
  const [before = '', ...fields] = stdout.split('\0');
  const preset = new Set(before.split('\n'));
  const values = new Map<string, SettingValue>();
  let at = 0;
  const take = (): string => fields[at++] ?? '';
  while (fields[at] !== '\n' && at < fields.length) {
    const [name, declaration, count] = [take(), take(), Number(take())];
    const entries = Array.from({ length: count }, (): [string, string] => [take(), take()]);
    // What only the build sets is left out; a plan that sets it to the same can be told by its text alone.
    if (preset.has(declaration) && !new RegExp(`^\\s*${name}=`, 'm').test(readFileSync(path, 'utf8'))) continue;
    const packageName = fields[fields.indexOf('pkg_name') + 4] ?? '';
    const value = toValue(
      declaration,
      entries.map(([key, text]) => [key, text.replaceAll('@__pkg_name__@', packageName)]),
    );
    if (value !== undefined) values.set(name, value);
  }
  const functions = new Set((fields[at + 1] ?? '').split('\n').filter((name) => name !== ''));
  return { values, functions };
}

function toValue(declaration: string, entries: readonly [string, string][]): SettingValue | undefined {
  if (entries.length === 0) return undefined;
  if (/^declare -\w*A/.test(declaration)) return new Map(entries);
  if (/^declare -\w*a/.test(declaration)) return entries.map(([, text]) => text);
  return entries[0]?.[1] === '' ? undefined : entries[0]?.[1];
}

const sorted = (value: SettingValue | undefined): unknown =>
  value instanceof Map ? [...value].sort(([a], [b]) => (a < b ? -1 : 1)) : value;
const same = (a: SettingValue | undefined, b: SettingValue | undefined): boolean => show(a) === show(b);
const show = (value: SettingValue | undefined): string => JSON.stringify(sorted(value)) ?? 'nothing';
