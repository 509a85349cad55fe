import { REFERENCE, type ReferenceKind } from './reference.ts';

const TITLES: Readonly<Record<ReferenceKind, readonly [title: string, what: string]>> = {
  setting: ['Settings of a plan', 'Variables that a plan sets or may read.'],
  callback: [
    'Callbacks of a plan',
    'Functions that a build calls, in this order. A plan that defines one may call its default as `do_default_…`.',
  ],
  helper: ['Helpers for plans', 'Functions that a build gives to plans.'],
  hook: ['Hooks of a service', 'Programs in `hooks/` of a plan; they are templates.'],
  template: [
    'Names in templates',
    'What configuration and hooks may read, and helpers of our own. Handlebars’ own helpers are there too.',
  ],
};

/** Kinds of names, in the order of the reference. */
export const REFERENCE_KINDS: readonly ReferenceKind[] = ['setting', 'callback', 'helper', 'hook', 'template'];

/** A page of the reference, in Markdown. */
export function formatReferencePage(kind: ReferenceKind): string {
  const [title, what] = TITLES[kind];
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const code = (text: string): string => (text === '' ? '' : `\`${text.split('\n').join('` `')}\``);
  const rows = REFERENCE.filter((entry) => entry.kind === kind).map(
    ({ name, meaning, standard = '', example = '' }) =>
      `| \`${name}\` | ${cell(meaning)} | ${cell(standard)} | ${cell(code(example))} |`,
  );
  return [
    `# ${title}`,
    '',
    what,
    '',
    '| name | meaning | without it | example |',
    '|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
