import { nearestName } from '@hab/core';
import { REFERENCE } from '@hab/plan-parser/reference';
import { lintHook, locate } from '@hab/templating/offline';

import { type HookRule, inFile, type PlanFinding } from './finding.ts';
import type { PlanSources, PlanTemplate } from './plan-sources.ts';

const knownHooks = (): ReadonlySet<string> =>
  new Set(REFERENCE.filter(({ kind }) => kind === 'hook').map(({ name }) => name));

/** Rules of hooks as programs. */
export function* hookRules({ templates, texts, unexecutable }: PlanSources): Generator<PlanFinding> {
  const known = knownHooks();
  const hooks = templates.get('hooks') ?? [];
  // PowerShell runs the hooks of Windows, whatever their first lines and modes.
  const isWindows = texts.length > 0 && texts.every(({ file }) => file.endsWith('.ps1'));
  for (const hook of hooks) {
    const file = `hooks/${hook.name}`;
    yield* inFile(file, lintHook(hook.name, hook.text));
    if (!known.has(hook.name)) yield nameFinding(hook, known);
    if (!isWindows) yield* shellFindings(hook);
  }
  const names = unexecutable.filter((name) => known.has(name));
  if (!isWindows) yield* runBits(hooks, names);
}

const error = ({ name, text }: PlanTemplate, rule: HookRule, offset: number, message: string, hint: string) =>
  ({ file: `hooks/${name}`, rule, severity: 'error', message, hint, ...locate(text, offset) }) as const;

function nameFinding(hook: PlanTemplate, known: ReadonlySet<string>): PlanFinding {
  const { name } = hook;
  const dashed = name.replaceAll('_', '-');
  const near = known.has(dashed) ? dashed : nearestName(name, known);
  const hint = near === undefined ? 'Move it elsewhere.' : `Did you mean ${near}?`;
  return error(hook, 'hook-name', 0, `${name} is no hook that a Supervisor runs`, hint);
}

/** What the kernel and a shell of Linux mind. */
function* shellFindings(hook: PlanTemplate): Generator<PlanFinding> {
  const { text } = hook;
  if (!text.startsWith('#!')) {
    const hint = 'Begin with #!/bin/sh, or another program.';
    yield error(hook, 'hook-shebang', 0, 'The hook does not say what runs it', hint);
  }
  const cr = text.indexOf('\r');
  if (cr < 0) return;
  const hint = 'Save the file with Unix line ends.';
  yield {
    ...error(hook, 'hook-line-ends', cr, 'Lines end with a carriage return', hint),
    fix: { start: 0, end: text.length, text: text.replaceAll('\r\n', '\n') },
  };
}

/** One finding for all hooks: they lack it together, as a rule. */
function* runBits(hooks: readonly PlanTemplate[], names: readonly string[]): Generator<PlanFinding> {
  const first = names.includes('run') ? 'run' : names[0];
  const text = hooks.find(({ name }) => name === first)?.text;
  if (first === undefined || text === undefined) return;
  yield {
    file: `hooks/${first}`,
    rule: 'hook-run-bit',
    severity: 'warning',
    message: `${names.join(', ')}: nobody may execute ${names.length === 1 ? 'this hook' : 'these hooks'} to try ${names.length === 1 ? 'it' : 'them'}`,
    hint: `Run chmod +x ${names.map((name) => `hooks/${name}`).join(' ')}, or hab plan lint --fix. A Supervisor makes its copies executable itself.`,
    ...locate(text, 0),
    execute: names,
  };
}
