import { basename, dirname, join, resolve } from 'node:path';

import { isHabError } from '@hab/core';
import { isPlanName } from '@hab/ident';
import {
  createPlanFiles,
  type Detection,
  detectApplication,
  isPlanInitError,
  type PlanFacts,
  resolveScaffolding,
} from '@hab/plan-init';
import { ignoreBuildResults, projectFiles, type Written, writePlan } from '@hab/plan-init/node';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import type { CommandContext } from '../context.ts';
import { usage } from '../errors.ts';
import { resolveOrigin } from '../origin-name.ts';

interface InitOptions {
  readonly origin?: string;
  readonly scaffolding?: string;
  readonly min?: boolean;
  readonly windows?: boolean;
  readonly withDocs?: boolean;
  readonly withCallbacks?: boolean;
  readonly withAll?: boolean;
  readonly dryRun?: boolean;
}

/** Name of a package in a folder whose own name cannot be read. See spec/cli 8.1. */
const NAMELESS = 'unnamed';

export function registerInit(plan: Command, context: CommandContext): void {
  plan
    .command('init')
    .aliases(aliasesOf('plan', 'init'))
    .description('Start a plan: in habitat/ here, or in a folder called PACKAGE. Nothing is overwritten')
    .argument('[package]', 'Name of the package (default: the name of this folder)')
    .option('-o, --origin <name>', 'Origin of the package [env: HAB_ORIGIN]')
    .option(
      '-s, --scaffolding <name>',
      'go, gradle, node, ruby, an ORIGIN/NAME, or none (default: what fits the files here)',
    )
    .option('-m, --min', 'Only what a plan can hardly do without, and no explanations')
    .option('--windows', 'Write plan.ps1, for packages of Windows')
    .option('--with-docs', 'Explain every line; only of use with --min')
    .option('--with-callbacks', 'Every step of a build as a function; only of use with --min')
    .option('--with-all', 'Everything: settings, explanations, steps (what happens without --min anyway)')
    .option('--dry-run', 'Tell what would be written')
    .addHelpText('after', HELP)
    .action(async (given: string | undefined, options: InitOptions) => {
      try {
        await init(given === '' ? undefined : given, options, context);
      } catch (error) {
        throw asUsage(error);
      }
    });
}

const HELP = `
Variables of the environment whose names begin with pkg_ fill in the settings of these names:
  env pkg_version=1.0.0 pkg_deps="(core/openssl)" hab plan init redis`;

const WRONG_WORDS = ['PLAN_INIT_NAME_INVALID', 'PLAN_INIT_SCAFFOLDING_INVALID', 'PLAN_INIT_VALUE_INVALID'] as const;

/** What the library refuses is, for these codes, a word of the command line or the environment. */
function asUsage(error: unknown): unknown {
  const refused = WRONG_WORDS.some((code) => isPlanInitError(error, code)) && isHabError(error);
  return refused ? usage(`${error.message}. ${error.hint ?? ''}`) : error;
}

async function init(given: string | undefined, options: InitOptions, context: CommandContext): Promise<void> {
  const { ui, cwd, env } = context;
  const variables = Object.fromEntries(Object.entries(env).filter(([name]) => name.startsWith('pkg_')));
  const own =
    options.origin === undefined && context.settings.HAB_ORIGIN === undefined ? variables['pkg_origin'] : undefined;
  const origin = await resolveOrigin(own ?? options.origin, context);
  const root = given === undefined ? join(cwd, 'habitat') : resolve(cwd, given);
  const facts: PlanFacts = {
    name: packageName(given === undefined ? cwd : root, variables['pkg_name']),
    origin,
    variables,
    language: options.windows === true || process.platform === 'win32' ? 'powershell' : 'bash',
    extent: options.min === true && options.withAll !== true ? 'minimal' : 'all',
    docs: options.withDocs,
    callbacks: options.withCallbacks,
  };
  // Whatever is wrong with the words is told before anything is written.
  const asked = chosenScaffolding(options.scaffolding);
  createPlanFiles({ ...facts, scaffolding: asked?.ident });
  ui.begin('Constructing a cozy habitat for your app...');
  ui.info('');
  const scaffolding = asked?.ident ?? (await detectedScaffolding(options, facts, context));
  if (asked !== undefined) {
    ui.status(
      'Using',
      asked.known ? `${asked.title} Scaffolding '${asked.ident}'` : `custom Scaffolding: '${asked.ident}'`,
    );
    ui.info('');
  }
  const { dryRun } = options;
  const shown = given?.replace(/(?<=.)\/+$/, '') ?? 'habitat';
  for (const item of await writePlan(root, createPlanFiles({ ...facts, scaffolding }), { dryRun }))
    report(shown, item, context);
  const ignored = await ignoreBuildResults(root, { dryRun });
  const gitignore = `file: ${shown}/../.gitignore`;
  if (ignored?.outcome === 'created') ui.status('Creating', gitignore);
  else if (ignored !== undefined) {
    ui.status('Using', `existing ${gitignore} (${ignored.outcome === 'appended' ? 1 : 0} lines appended)`);
  }
  ui.end(dryRun === true ? 'Nothing was written (dry run)' : 'An abode for your code is initialized!');
}

function packageName(folder: string, chosen: string | undefined): string {
  const name = chosen ?? (folder === dirname(folder) ? NAMELESS : basename(folder));
  if (isPlanName(name)) return name;
  const better = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '') || NAMELESS;
  throw usage(
    `"${name}" is no package name. Use letters, digits, - and _: env pkg_name=${better} hab plan init.`,
    name,
  );
}

function chosenScaffolding(text: string | undefined): ReturnType<typeof resolveScaffolding> | undefined {
  return text === undefined || text === 'none' ? undefined : resolveScaffolding(text);
}

/** Looks at the files here, unless the words or the environment have decided already. */
async function detectedScaffolding(
  options: InitOptions,
  { language, variables }: PlanFacts,
  { ui, cwd }: CommandContext,
): Promise<string | undefined> {
  if (options.scaffolding !== undefined || variables?.['pkg_scaffolding'] !== undefined || language === 'powershell') {
    return undefined;
  }
  ui.begin('Attempting autodiscovery ');
  const found = detectApplication(await projectFiles(cwd));
  if (found === undefined) ui.warn('Unable to determine the type of app in your current directory');
  else tellDetection(found, ui);
  ui.info('');
  return found?.scaffolding?.ident;
}

function tellDetection({ title, evidence, scaffolding, suggestion = '' }: Detection, ui: CommandContext['ui']): void {
  ui.begin(`We've detected a ${title} codebase`);
  if (scaffolding === undefined) ui.info(`  There is no scaffolding for it (${evidence} tells). ${suggestion}`);
  else ui.status('Using', `Scaffolding package: '${scaffolding.ident}' (${evidence} tells; -s none does without)`);
}

function report(shown: string, { path, outcome, about }: Written, { ui }: CommandContext): void {
  const what = `${path.endsWith('/') ? 'directory' : 'file'}: ${shown}/${path}`;
  if (outcome === 'created') ui.status('Creating', what);
  else ui.status('Using', `existing ${what}`);
  ui.info(`  ${about}\n`);
}
