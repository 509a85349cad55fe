import { access, constants } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import { formatIdent, isOriginName, type PackageIdent } from '@hab/ident';
import type { InstalledPackage, Store } from '@hab/store/node';
import { formatJson, formatToml, parseToml } from '@hab/templating';

import { identArgument } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed, usage } from '../errors.ts';
import { openStore } from '../package-store.ts';
import { become } from '../supervisor-process.ts';
import type { AddCommand } from './add-command.ts';

/** Questions about what is installed. */
export function registerQueryCommands(add: AddCommand, context: CommandContext): void {
  const { ui, signal, env } = context;
  const hasSslCertFile = env['SSL_CERT_FILE'] !== undefined;
  const lines = (items: readonly string[]): void => {
    if (ui.json) ui.document(items);
    else for (const item of items) ui.data(`${item}\n`);
  };

  add('list', 'List installed packages')
    .argument('[package]', 'ORIGIN/NAME[/VERSION[/RELEASE]]')
    .option('-a, --all', 'All of them')
    .option('-o, --origin <name>', 'Those of one origin')
    .option('--json', 'Print JSON')
    .action(async (text: string | undefined, options: { all?: boolean; origin?: string }) => {
      const given = [text, options.origin, options.all].filter((value) => value !== undefined).length;
      if (given !== 1) throw usage('Give one of --all, --origin ORIGIN, or a package');
      lines((await openStore(context).list(listFilter(text, options), { signal })).map(formatIdent));
    });

  add('path', 'Print where a package is installed')
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument)
    .option('--json', 'Print JSON')
    .action(async (ident: PackageIdent) => {
      const pkg = await openStore(context).load(ident);
      if (ui.json) ui.document({ ident: formatIdent(pkg.ident), path: pkg.directory });
      else ui.data(`${pkg.directory}\n`);
    });

  add('env', 'Print the environment of a package, for a shell to read')
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument)
    .option('--json', 'Print JSON')
    .action(async (ident: PackageIdent) => {
      const store = openStore(context);
      const variables = await store.environment(await store.load(ident), { hasSslCertFile });
      if (ui.json) ui.document(Object.fromEntries(variables));
      else for (const [name, value] of variables) ui.data(`export ${name}="${escapeShell(value)}"\n`);
    });

  add('exec', 'Run a program with the environment of a package')
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument)
    .argument('<command>', 'Program, looked for in the package first')
    .argument('[arguments...]', 'Passed on as they are')
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (ident: PackageIdent, command: string, args: readonly string[]) => {
      await execute(ident, command, args, hasSslCertFile, context);
    });

  add('dependencies', 'List what a package needs')
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument)
    .option('-t, --transitive', 'In the end, not only itself')
    .option('-r, --reverse', 'List who needs it')
    .option('--json', 'Print JSON')
    .action(async (ident: PackageIdent, options: { transitive?: boolean; reverse?: boolean }) => {
      const store = openStore(context);
      const pkg = await store.load(ident);
      const graph = await store.graph({ signal });
      const all = options.transitive === true;
      const found =
        options.reverse === true
          ? graph[all ? 'transitiveDependents' : 'dependents'](pkg.ident)
          : graph[all ? 'transitiveDependencies' : 'dependencies'](pkg.ident);
      lines(found.map(formatIdent));
    });

  add('provides', 'Find installed packages that hold a file of this name')
    .argument('<file>', 'Name of a file')
    .option('-r', 'Show releases')
    .option('-p', 'Show paths')
    .option('--json', 'Print JSON')
    .action(async (file: string, options: { r?: boolean; p?: boolean }) => {
      const found = await openStore(context).provides(file, { signal });
      if (found.length === 0) throw failed(`Can't find ${file}`);
      const shown = found.map(({ ident, path }) => {
        const text = options.r === true ? formatIdent(ident) : `${ident.origin}/${ident.name}`;
        return options.p === true ? `${text}: ${path}` : text;
      });
      lines([...new Set(shown)]);
    });

  add('config', "Print a package's default configuration")
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument)
    .option('--json', 'Print JSON')
    .action(async (ident: PackageIdent) => {
      const pkg = await openStore(context).load(ident);
      const text = await pkg.defaultToml();
      if (text === undefined) {
        ui.note(`No 'default.toml' found for ${formatIdent(pkg.ident)}\n`);
        return;
      }
      const table = parseToml(text, { source: 'default.toml' });
      if (ui.json) ui.data(`${formatJson(table, { indent: 0 })}\n`);
      else if (table.size > 0) ui.data(`${formatToml(table)}\n`);
    });

  add('binds', 'Print the binds of a package')
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]', identArgument)
    .option('--json', 'Print JSON')
    .action(async (ident: PackageIdent) => {
      await showBinds(await openStore(context).load(ident), context);
    });
}

function listFilter(
  text: string | undefined,
  { all, origin }: { all?: boolean; origin?: string },
): Partial<PackageIdent> {
  if (all === true) return {};
  if (origin !== undefined) return { origin };
  // An origin alone is what people type; the originals crash on it.
  return text !== undefined && isOriginName(text) ? { origin: text } : identArgument(text ?? '');
}

/** Inside double quotes a shell sees these. */
const escapeShell = (value: string): string => value.replace(/(["\\$`])/g, '\\$1');

async function showBinds(pkg: InstalledPackage, { ui }: CommandContext): Promise<void> {
  const [required, optional] = [await pkg.binds(), await pkg.bindsOptional()];
  if (ui.json) {
    const table = (binds: typeof required): object =>
      Object.fromEntries(binds.map(({ name, exports }) => [name, exports]));
    ui.document({ required: table(required), optional: table(optional) });
    return;
  }
  ui.data(`Showing binds for ${formatIdent(pkg.ident)}\n`);
  for (const [label, binds] of [
    ['required', required],
    ['optional', optional],
  ] as const) {
    ui.data(binds.length === 0 ? `${label}: none\n` : `${label}:\n`);
    for (const { name, exports } of binds) ui.data(`    [${name}]=${exports.join(' ')}\n`);
  }
}

/** Replaces this process; PATH is the package's, then ours. See spec/formats 15. */
async function execute(
  ident: PackageIdent,
  command: string,
  args: readonly string[],
  hasSslCertFile: boolean,
  context: CommandContext,
): Promise<void> {
  const { env, cwd } = context;
  const store: Store = openStore(context);
  const variables = await store.environment(await store.load(ident), { hasSslCertFile });
  const path = [variables.get('PATH'), env['PATH']].filter((part) => part !== undefined && part !== '').join(':');
  const program = await findProgram(command, path, cwd);
  if (program === undefined) throw failed(`\`${command}' was not found on the filesystem or in PATH`);
  become(program, args, { ...env, ...Object.fromEntries(variables), PATH: path }, command);
}

async function findProgram(command: string, path: string, cwd: string): Promise<string | undefined> {
  const places = command.includes('/')
    ? [resolve(cwd, command)]
    : path.split(':').map((folder) => join(folder || '.', command));
  for (const place of places) {
    const usable = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return place;
  }
  return undefined;
}
