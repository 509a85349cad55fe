import { type FullIdent, formatIdent, parseIdent } from '@hab/ident';
import { readIdentityPowers } from '@hab/launcher/node';
import {
  HOOK_TIMEOUT_MS,
  type HookSettings,
  isServiceError,
  parseConfigPrecedence,
  parseHookTimeout,
  parseTemplateDialect,
  readHookSettings,
  type ServicePackage,
} from '@hab/services';
import {
  type InstallHookWorld,
  type PendingInstallHook,
  readInstalledPackage,
  runInstallHook,
  runPendingInstallHooks,
} from '@hab/services/node';
import type { InstalledPackage, Store } from '@hab/store/node';
import type { Command } from 'commander';

import { argument } from './arguments.ts';
import { readCliConfig } from './cli-config.ts';
import type { CommandContext } from './context.ts';
import { CliError } from './errors.ts';

/** What a command line says of hooks; the rest comes from the environment, as for a Supervisor. */
export interface HookOptions {
  /** `HOOK=SECONDS` each. */
  readonly hookTimeout?: readonly string[];
  readonly templateDialect?: HookSettings['dialect'];
  readonly configPrecedence?: HookSettings['precedence'];
}

/** Adds the options of {@link HookOptions}, which a Supervisor has too. */
export function addHookOptions(command: Command): Command {
  return command
    .option(
      '--hook-timeout <hook=seconds>',
      'Longest time a hook may take; may be repeated [env: HAB_HOOK_TIMEOUTS, with commas between]',
      (text: string, previous: readonly string[] = []) => [...previous, limitArgument(text)],
    )
    .option(
      '--template-dialect <word>',
      'documented, 2.1 or legacy [env: HAB_TEMPLATE_DIALECT]',
      argument(parseTemplateDialect),
    )
    .option(
      '--config-precedence <word>',
      'default (the environment wins) or original [env: HAB_CONFIG_PRECEDENCE]',
      argument(parseConfigPrecedence),
    );
}

const limitArgument = argument((text: string) => {
  parseHookTimeout(text, HOOK_TIMEOUT_MS);
  return text;
});

/**
 * Runs the install hooks of a package and of all it depends on that have not succeeded yet, dependencies first.
 *
 * @throws at the first that fails: the package stays, and the next install or start tries again. The command ends with
 *   the hook's own status. See spec/templating 13.
 */
export async function runInstallHooks(
  ident: FullIdent,
  store: Store,
  options: HookOptions,
  context: CommandContext,
): Promise<void> {
  const pending: PendingInstallHook[] = [];
  for (const installed of await store.pendingInstallHooks(ident)) {
    const record = (code: number): Promise<void> => store.writeInstallHookStatus(installed, code);
    pending.push({ pkg: await read(installed, store, context), record });
  }
  if (pending.length === 0) return;
  try {
    await runPendingInstallHooks(pending, await hookWorld(options, context));
  } catch (error) {
    if (!isServiceError(error, 'SERVICE_INSTALL_HOOK_FAILED')) throw error;
    throw hookFailed('install', error.details.ident, error.details.code, context);
  }
}

/** Runs the uninstall hook of a package, if it has one. @throws when it fails: then the package is to stay. */
export async function runUninstallHook(
  installed: InstalledPackage,
  store: Store,
  options: HookOptions,
  context: CommandContext,
): Promise<void> {
  if ((await installed.hook('uninstall')) === undefined) return;
  const pkg = await read(installed, store, context);
  const { code } = await runInstallHook('uninstall', pkg, await hookWorld(options, context));
  if (code !== 0) throw hookFailed('uninstall', formatIdent(installed.ident), code, context);
}

const read = (installed: InstalledPackage, store: Store, { settings }: CommandContext): Promise<ServicePackage> =>
  readInstalledPackage(installed, store, settings.HAB_INTERPRETER_IDENT);

async function hookWorld(
  { hookTimeout = [], templateDialect, configPrecedence }: HookOptions,
  context: CommandContext,
): Promise<InstallHookWorld> {
  const { clock, layout, ui } = context;
  const preset = readHookSettings(context.env, (message) => ui.warn(message));
  return {
    clock,
    layout,
    env: await hookEnvironment(context),
    switchUser: readIdentityPowers().switchUser,
    precedence: configPrecedence ?? preset.precedence,
    dialect: templateDialect ?? preset.dialect,
    hookTimeoutsMs: hookTimeout.reduce((limits, text) => parseHookTimeout(text, limits), preset.hookTimeoutsMs),
    say: (preamble, key, text) => ui.info(`${preamble}(${key}): ${text}`),
  };
}

/** Hooks inherit everything, and may talk to the depot as whoever installs does. See spec/formats 12.6. */
async function hookEnvironment({ env, layout }: CommandContext): Promise<Record<string, string>> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const token = env['HAB_AUTH_TOKEN'] || (await readCliConfig(layout.cliConfig)).authToken;
  return { ...Object.fromEntries(given), ...(token === undefined ? {} : { HAB_AUTH_TOKEN: token }) };
}

/** The command ends with the hook's own status. */
function hookFailed(
  hook: 'install' | 'uninstall',
  ident: string,
  code: number | null,
  { layout, ui }: CommandContext,
): CliError<'CLI_EXIT'> {
  const how = code === null ? 'was ended by a signal' : `ended with status ${code}`;
  const next =
    hook === 'install'
      ? 'install the package again to run it again'
      : 'mend it and try again, or remove the package with --ignore-uninstall-hook';
  const message = `The ${hook} hook of ${ident} ${how}`;
  ui.fatal(`${message}\nIts output is in ${layout.service(parseIdent(ident).name).logs}; ${next}.`);
  return new CliError('CLI_EXIT', message, { details: { exitCode: code ?? 1 } });
}
