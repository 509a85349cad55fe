import { nearestName } from '@hab/core';
import { explain, REFERENCE, type ReferenceEntry } from '@hab/plan-parser/reference';
import type { Command } from 'commander';

import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';

const KINDS = {
  setting: 'setting of a plan',
  callback: 'callback of a plan',
  helper: 'helper for plans',
  hook: 'hook of a service',
  template: 'name in templates',
} as const;

export function registerExplain(plan: Command, context: CommandContext): void {
  plan
    .command('explain')
    .description('Tell what a setting, callback, helper, hook or template variable means')
    .argument('[name]', 'pkg_deps, do_install, pkg_path_for, health-check, pkg.path ... (default: list all names)')
    .option('--json', 'Print JSON')
    .action((name: string | undefined) => {
      const { ui } = context;
      const entries = name === undefined ? REFERENCE : explain(name);
      if (entries.length === 0) throw unknownName(name ?? '');
      if (ui.json) ui.document(entries);
      else ui.data(name === undefined ? list() : entries.map(page).join('\n'));
    });
}

function unknownName(name: string): Error {
  const near = nearestName(
    name,
    REFERENCE.map((entry) => entry.name),
  );
  const hint = near === undefined ? 'hab plan explain lists all names.' : `Did you mean ${near}?`;
  return failed(`"${name}" means nothing in plans, hooks and templates`, hint);
}

function page({ name, kind, meaning, standard, example }: ReferenceEntry): string {
  const lines = [`${name} (${KINDS[kind]})`, `  ${meaning}`];
  if (standard !== undefined) lines.push(`  Without it: ${standard}.`);
  if (example !== undefined) lines.push('', ...example.split('\n').map((line) => `    ${line}`));
  return `${lines.join('\n')}\n`;
}

function list(): string {
  const width = Math.max(...REFERENCE.map(({ name }) => name.length));
  const first = (text: string): string => text.replace(/(?<=[.:;]) .*$/s, '');
  return REFERENCE.map(({ name, meaning }) => `${name.padEnd(width)}  ${first(meaning)}\n`).join('');
}
