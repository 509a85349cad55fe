import { formatIdent, type PackageIdent } from '@hab/ident';
import type { KeepReason } from '@hab/store';

import { collect, identArgument, numberArgument, U32 } from '../arguments.ts';
import type { CommandContext } from '../context.ts';
import { failed } from '../errors.ts';
import { type InstallArgumentOptions, installArguments } from '../install.ts';
import { addHookOptions, type HookOptions, runUninstallHook } from '../install-hooks.ts';
import { openStore } from '../package-store.ts';
import { loadedIdents } from '../supervisor-session.ts';
import type { AddCommand } from './add-command.ts';

interface UninstallArguments extends HookOptions {
  readonly dryrun?: boolean;
  readonly keepLatest?: bigint;
  readonly exclude?: readonly PackageIdent[];
  readonly deps: boolean;
  readonly ignoreUninstallHook?: boolean;
}

const KEPT: Readonly<Record<KeepReason, string>> = {
  tool: 'It is a part of Habitat',
  loaded: 'It is currently loaded by the supervisor',
  excluded: 'It is on the exclusion list',
  needed: 'Other packages depend on it',
};

export function registerInstallCommands(add: AddCommand, context: CommandContext): void {
  const install = add('install', 'Install packages with everything they need')
    .argument('<package...>', 'Identifiers or .hart files')
    .option(
      '--artifacts <dir>',
      'Folders of .hart files to install from [env: HAB_ARTIFACTS]; may be repeated',
      collect,
    )
    .option('--ignore-local', 'What is installed does not answer a request without release')
    .option('--offline', 'Accepted for scripts: nothing is fetched from a depot')
    .option('--ignore-install-hook', 'Leave install hooks to the first start');
  addHookOptions(install).action(async (words: readonly string[], options: InstallArgumentOptions) => {
    await installArguments(words, options, context);
  });

  const remove = add('uninstall', 'Remove a package and the dependencies that nothing else needs')
    .argument('<package>', 'ORIGIN/NAME[/VERSION[/RELEASE]]; the newest that fits', identArgument)
    .option('-d, --dryrun', 'Say what would be removed')
    .option('--keep-latest <number>', 'Remove all releases but the newest NUMBER', numberArgument(U32))
    .option(
      '--exclude <package>',
      'Never remove this; may be repeated',
      (text: string, previous: PackageIdent[] = []) => [...previous, identArgument(text)],
    )
    .option('--no-deps', 'Leave the dependencies')
    .option('--ignore-uninstall-hook', 'Remove without running the uninstall hook');
  addHookOptions(remove).action(async (ident: PackageIdent, options: UninstallArguments) => {
    await uninstall(ident, options, context);
  });
}

async function uninstall(ident: PackageIdent, options: UninstallArguments, context: CommandContext): Promise<void> {
  const { ui, signal } = context;
  const dryRun = options.dryrun === true;
  ui.begin(`Uninstalling ${formatIdent(ident)}`);
  const loaded = await loadedIdents(context);
  const store = openStore(context);
  const result = await store.uninstall(ident, {
    dryRun,
    signal,
    exclude: options.exclude,
    withDependencies: options.deps,
    choose: options.keepLatest === undefined ? 'latest' : { keepLatest: Number(options.keepLatest) },
    isLoaded: (candidate) => loaded.has(formatIdent(candidate)),
    beforeRemove:
      options.ignoreUninstallHook === true ? undefined : (pkg) => runUninstallHook(pkg, store, options, context),
    onProgress: (event) => {
      if (event.type === 'store:removed') {
        ui.status(dryRun ? 'Would be deleted (Dry run)' : 'Deleting', formatIdent(event.ident));
      }
    },
  });
  const kept = result.decisions.flatMap((decision) => (decision.type === 'keep' ? [decision] : []));
  for (const { ident: other, reason } of kept) ui.status('Skipping', `${formatIdent(other)}. ${KEPT[reason]}`);
  if (!options.deps) ui.status('Skipping', 'dependencies (--no-deps specified)');
  const removed = result.decisions.length - kept.length;
  if (result.targets.length === 0) {
    ui.status('Skipping', `Only ${(await store.list(ident)).length} packages installed`);
    return;
  }
  const [target] = result.targets.map(formatIdent);
  if (target === undefined) throw failed('Nothing to uninstall');
  const dependencies = Math.max(0, removed - result.targets.length);
  ui.end(
    dryRun
      ? `Would uninstall ${target} and ${dependencies} dependencies (Dry run)`
      : `Uninstall of ${target} and ${dependencies} dependencies complete`,
  );
}
