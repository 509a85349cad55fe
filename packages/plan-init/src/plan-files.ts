import { isOriginName, isPlanName } from '@hab/ident';

import { PlanInitError } from './errors.ts';
import type { NewFile, NewFolder, PlanFacts } from './plan-facts.ts';
import { formatPlan } from './plan-text.ts';
import { formatReadme } from './readme-text.ts';

const DEFAULT_TOML = `# Settings of the service and their defaults, in TOML (https://toml.io).
#
# Whoever runs the service changes them with \`hab config apply\` or user.toml, without building the package again. Templates in
# config/ and hooks/ read them as {{cfg.NAME}}: with
#
#   [server]
#   port = 8080
#
# in this file, {{cfg.server.port}} is 8080. A package that is no service, or has nothing to set, can do without this file.
`;

const ABOUT_PLAN =
  'The plan says what the software is, where it comes from, and how it is built and installed. Begin here: every setting is explained.';

/**
 * The files of a new plan.
 *
 * @throws {@link PlanInitError} `PLAN_INIT_NAME_INVALID`, `PLAN_INIT_ORIGIN_INVALID`, `PLAN_INIT_VALUE_INVALID`
 * @see spec/cli 8
 */
export function createPlanFiles(facts: PlanFacts): readonly NewFile[] {
  const name = facts.variables?.['pkg_name'] ?? facts.name;
  const origin = facts.variables?.['pkg_origin'] ?? facts.origin;
  if (!isPlanName(name)) {
    throw new PlanInitError('PLAN_INIT_NAME_INVALID', `"${name}" is no package name`, {
      details: { text: name },
      hint: 'Use letters, digits, - and _ only.',
    });
  }
  if (!isOriginName(origin)) {
    throw new PlanInitError('PLAN_INIT_ORIGIN_INVALID', `"${origin}" is no origin`, {
      details: { text: origin },
      hint: 'Use lower-case letters, digits, _ and -, beginning with a letter or digit.',
    });
  }
  const scaffolding = facts.scaffolding ?? facts.variables?.['pkg_scaffolding'];
  return [
    {
      path: facts.language === 'powershell' ? 'plan.ps1' : 'plan.sh',
      text: formatPlan({ ...facts, name, origin, scaffolding }),
      about: ABOUT_PLAN,
    },
    {
      path: 'default.toml',
      text: DEFAULT_TOML,
      about:
        'Settings of the service and their defaults. Whoever runs the service may change them; templates read them. Not needed for a package that is no service.',
    },
    {
      path: 'README.md',
      text: formatReadme(name),
      about: 'What the package is and how it is used, for the people who will. The headings ask the questions.',
    },
  ];
}

/** The folders of a new plan. */
export const PLAN_FOLDERS: readonly NewFolder[] = [
  {
    path: 'config',
    about:
      'Templates of configuration files. They are rendered with the settings in force when the service starts, and again whenever those change.',
  },
  {
    path: 'hooks',
    about:
      'Programs that the Supervisor runs in the life of the service: run, init, health-check and others. They are templates too.',
  },
];
