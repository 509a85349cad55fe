import type { CompileFlags } from './compile-flags.ts';
import type { PlanFacts } from './plan-variables.ts';
import { redactText, redactUrl } from './proxy.ts';
import { ownDirectories } from './search-path.ts';

/** What a MANIFEST tells beside the plan's own facts. */
export interface ManifestFacts {
  readonly plan: PlanFacts;
  readonly release: string;
  readonly target: string;
  readonly flags: CompileFlags;
  /** Text of the plan that was built. */
  readonly planText: string;
}

/** The page about a package that people read. No program parses it. @see spec/plan-build, 10.1 */
export function manifestText(facts: ManifestFacts): string {
  const { plan, flags } = facts;
  const rows: readonly (readonly [string, string])[] = [
    ['Maintainer', plan.maintainer || 'not named'],
    ['Version', plan.version],
    ['Release', facts.release],
    ['Target', facts.target],
    ['Upstream', link(plan.upstreamUrl) || 'no address given'],
    ['Licences', plan.licenses.join(', ') || 'not stated'],
    ['Source', link(redactUrl(plan.source)) || 'none: built from the plan context'],
    ['SHA-256 of the source', code([plan.shasum]) || 'none'],
    ['Installed to', code([plan.prefix])],
    ['Build dependencies', code(plan.buildDeps) || 'none'],
    ['Run dependencies', code(plan.deps) || 'none'],
    ['Interpreters', code(ownDirectories(plan.prefix, plan.interpreters)) || 'none'],
  ];
  const flagRows = (['CFLAGS', 'CPPFLAGS', 'CXXFLAGS', 'LDFLAGS', 'LD_RUN_PATH'] as const).map(
    (name) => `${name}: ${oneLine(flags[name]) || '(not set)'}`,
  );
  return [
    `# ${plan.origin} / ${plan.name}`,
    '',
    plan.description.trim() || 'The plan gives no description.',
    '',
    ...rows.map(([label, value]) => `* **${label}:** ${oneLine(value)}`),
    '',
    '## Build flags',
    '',
    ...fenced(flagRows.join('\n'), ''),
    '',
    '## Plan',
    '',
    ...fenced(redactText(facts.planText).replace(/\n+$/, ''), 'bash'),
    '',
  ].join('\n');
}

const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();

const link = (url: string): string => (url === '' ? '' : `<${oneLine(url)}>`);

const code = (values: readonly string[]): string =>
  values
    .filter((value) => value !== '')
    .map((value) => `\`${value}\``)
    .join(' ');

/** A fence longer than any run of backquotes inside. */
function fenced(text: string, language: string): readonly string[] {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return [fence + language, text, fence];
}
