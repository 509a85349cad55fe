import type { HelperCall, PlanReading } from '../plan-reading.ts';
import { at, type PlanFinding } from './finding.ts';
import { BUILD_TOOLS } from './known-settings.ts';
import type { Notation } from './notation.ts';

const nameOf = (ident: string): string => ident.split('/')[1] ?? '';
const shortOf = (ident: string): string => ident.split('/').slice(0, 2).join('/');

/** Dependencies that stand in the wrong place, or in none. */
export function* dependencyRules(reading: PlanReading, { pathHelpers }: Notation): Generator<PlanFinding> {
  const { settings, helpers } = reading;
  const [deps, buildDeps] = [settings.get('pkg_deps'), settings.get('pkg_build_deps')];
  const [run, build] = [deps, buildDeps].map((setting) => (Array.isArray(setting?.value) ? setting.value : undefined));
  if (run !== undefined && build !== undefined && buildDeps !== undefined) {
    const both = new Set(run.map(shortOf));
    for (const ident of build.filter((one) => both.has(shortOf(one)))) {
      yield at(buildDeps, {
        rule: 'dependency-twice',
        severity: 'warning',
        message: `${shortOf(ident)} is in pkg_deps too, which builds get anyway`,
        hint: 'Leave it in pkg_deps alone.',
      });
    }
  }
  const asked = helpers.filter(({ name }) => pathHelpers.includes(name.toLowerCase()));
  const called = new Set(asked.map(({ words }) => plain(words[0])));
  for (const ident of run ?? []) {
    const name = nameOf(ident);
    if (deps === undefined || !BUILD_TOOLS.has(name) || called.has(name) || called.has(shortOf(ident))) continue;
    yield at(deps, {
      rule: 'build-tool-at-run-time',
      severity: 'warning',
      message: `${shortOf(ident)} compiles, and is in pkg_deps`,
      hint: 'Move it to pkg_build_deps, unless the package compiles at run time.',
    });
  }
  yield* undeclared(reading, asked, run, build);
}

/** What a literal argument names; undefined for one that is computed. */
function plain(word: string | undefined): string | undefined {
  const text = word?.replace(/^(["'])(.*)\1$/s, '$2');
  return text === undefined || !/^[\w./+-]+$/.test(text) ? undefined : text;
}

function* undeclared(
  { settings }: PlanReading,
  asked: readonly HelperCall[],
  run: readonly string[] | undefined,
  build: readonly string[] | undefined,
): Generator<PlanFinding> {
  // A scaffolding brings dependencies of its own, and a list that is not known may hold anything.
  const isKnown = (name: string, list: readonly string[] | undefined): boolean =>
    list !== undefined || !settings.has(name);
  if (settings.has('pkg_scaffolding') || !isKnown('pkg_deps', run) || !isKnown('pkg_build_deps', build)) return;
  const declared = [...(run ?? []), ...(build ?? [])];
  for (const { name, words, span } of asked) {
    const wanted = plain(words[0]);
    // A bare name may be that of a dependency's dependency, which is found as well.
    if (wanted === undefined || !wanted.includes('/')) continue;
    if (
      declared.some(
        (ident) => ident === wanted || ident.startsWith(`${wanted}/`) || wanted.startsWith(`${shortOf(ident)}/`),
      )
    )
      continue;
    yield {
      rule: 'undeclared-dependency',
      severity: 'warning',
      message: `${name} asks for ${wanted}, which the plan does not depend on`,
      hint: `Add ${shortOf(wanted)} to pkg_deps or pkg_build_deps.`,
      span,
    };
  }
}
