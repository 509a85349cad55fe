import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';

import { isPlanName } from '@hab/ident';
import type { Command } from 'commander';

import { aliasesOf } from '../abbreviations.ts';
import type { CommandContext } from '../context.ts';
import { usage } from '../errors.ts';
import { resolveOrigin } from '../origin-name.ts';
import { formatPlan, planFiles } from '../plan-template.ts';
import { registerExplain } from './plan-explain.ts';
import { registerLint } from './plan-lint.ts';
import { registerRead } from './plan-read.ts';
import { registerRender } from './plan-render.ts';

interface InitOptions {
  readonly origin?: string;
  readonly scaffolding?: string;
  readonly min?: boolean;
}

const KNOWN_SCAFFOLDINGS = ['go', 'gradle', 'node', 'ruby'];

export function register(plan: Command, context: CommandContext): void {
  registerRender(plan, context);
  registerLint(plan, context);
  registerRead(plan, context);
  registerExplain(plan, context);
  plan
    .command('init')
    .aliases(aliasesOf('plan', 'init'))
    .description('Start a plan: in habitat/ here, or in a folder called PACKAGE')
    .argument('[package]', 'Name of the package (default: the name of this folder)')
    .option('-o, --origin <name>', 'Origin of the package [env: HAB_ORIGIN]')
    .option('-s, --scaffolding <name>', 'go, gradle, node, ruby, or an ORIGIN/NAME')
    .option('-m, --min', 'Only what a plan cannot do without')
    .action(async (given: string | undefined, options: InitOptions) => {
      await init(given, options, context);
    });
}

async function init(given: string | undefined, options: InitOptions, context: CommandContext): Promise<void> {
  const { ui, cwd, env } = context;
  const origin = await resolveOrigin(options.origin, context);
  const name = basename(given === undefined ? cwd : resolve(cwd, given));
  if (!isPlanName(name)) {
    throw usage(`"${name}" is no package name. Use letters, digits, - and _: hab plan init NAME.`, name);
  }
  const root = given === undefined ? join(cwd, 'habitat') : resolve(cwd, given);
  const shown = given ?? 'habitat';
  ui.begin('Constructing a cozy habitat for your app...');
  ui.info('');
  const variables = Object.entries(env).filter(
    (entry): entry is [string, string] => /^pkg_/.test(entry[0]) && entry[1] !== undefined,
  );
  const plan = formatPlan({
    name,
    origin,
    scaffolding: scaffoldingIdent(options.scaffolding),
    given: new Map(variables),
    min: options.min === true,
  });
  await mkdir(root, { recursive: true });
  await create(root, shown, 'plan.sh', plan, context);
  for (const [file, text] of planFiles(name)) await create(root, shown, file, text, context);
  for (const directory of ['config', 'hooks']) await createDirectory(root, shown, directory, context);
  await ignoreResults(root, context);
  ui.end('An abode for your code is initialized!');
}

function scaffoldingIdent(text: string | undefined): string | undefined {
  if (text === undefined || text === 'none') return undefined;
  const short = text.toLowerCase().replace(/^core\/scaffolding-/, '');
  if (KNOWN_SCAFFOLDINGS.includes(short)) return `core/scaffolding-${short}`;
  if (text.includes('/')) return text;
  throw usage(`"${text}" is no scaffolding. Use one of ${KNOWN_SCAFFOLDINGS.join(', ')}, or ORIGIN/NAME.`, text);
}

/** Nothing is ever overwritten: what is there is somebody's work. */
async function create(root: string, shown: string, file: string, text: string, { ui }: CommandContext): Promise<void> {
  try {
    await writeFile(join(root, file), text, { flag: 'wx' });
    ui.status('Creating', `file: ${shown}/${file}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    ui.status('Using', `existing file: ${shown}/${file}`);
  }
}

async function createDirectory(root: string, shown: string, directory: string, { ui }: CommandContext): Promise<void> {
  try {
    await mkdir(join(root, directory));
    ui.status('Creating', `directory: ${shown}/${directory}/`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    ui.status('Using', `existing directory: ${shown}/${directory}/`);
  }
}

/** Build results are no part of a repository. See spec/cli 8.1. */
async function ignoreResults(root: string, { ui }: CommandContext): Promise<void> {
  if (!(await isInRepository(dirname(root)))) return;
  const file = join(dirname(root), '.gitignore');
  const before = await readFile(file, 'utf8').catch(() => '');
  if (before.split('\n').includes('results/')) return;
  const joint = before === '' || before.endsWith('\n') ? '' : '\n';
  await writeFile(file, `${before}${joint}results/\n`);
  ui.status('Using', `existing file: ${file} (1 lines appended)`);
}

async function isInRepository(directory: string): Promise<boolean> {
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(join(path, '.git')).then(
      (entry) => entry.isDirectory(),
      () => false,
    );
    if (found) return true;
    if (path === dirname(path)) return false;
  }
}
