import { type FullIdent, formatIdent } from '@hab/ident';
import { readIdentityPowers } from '@hab/launcher/node';
import { HOOK_TIMEOUT_MS } from '@hab/services';
import { readServicePackage, runInstallHook } from '@hab/services/node';
import type { InstalledPackage, Store } from '@hab/store/node';

import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';

/**
 * Runs the install hooks of a package and of all it depends on that have not succeeded yet, dependencies first.
 *
 * @throws at the first that fails: the package stays, and the next install or start tries again. See spec/templating 13.
 */
export async function runInstallHooks(ident: FullIdent, store: Store, context: CommandContext): Promise<void> {
  for (const installed of await store.pendingInstallHooks(ident)) {
    const code = await run('install', installed, store, context);
    if (code !== null) await store.writeInstallHookStatus(installed, code);
    if (code !== 0) throw hookFailed('install', installed, code, context);
  }
}

/** Runs the uninstall hook of a package, if it has one. @throws when it fails: then the package is to stay. */
export async function runUninstallHook(
  installed: InstalledPackage,
  store: Store,
  context: CommandContext,
): Promise<void> {
  if ((await installed.hook('uninstall')) === undefined) return;
  const code = await run('uninstall', installed, store, context);
  if (code !== 0) throw hookFailed('uninstall', installed, code, context);
}

/** @returns the hook's exit status; null when a signal ended it. */
async function run(
  hook: 'install' | 'uninstall',
  installed: InstalledPackage,
  store: Store,
  { clock, layout, env, ui }: CommandContext,
): Promise<number | null> {
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const pkg = await readServicePackage({ ...installed, runtimePath: () => store.runtimePath(installed) });
  const { code } = await runInstallHook(hook, pkg, {
    clock,
    layout,
    env: Object.fromEntries(given),
    switchUser: readIdentityPowers().switchUser,
    precedence: env['HAB_CONFIG_PRECEDENCE'] === 'original' ? 'original' : 'default',
    dialect: 'documented',
    hookTimeoutsMs: HOOK_TIMEOUT_MS,
    say: (preamble: string, key: string, text: string) => ui.info(`${preamble}(${key}): ${text}`),
  });
  return code;
}

function hookFailed(
  hook: 'install' | 'uninstall',
  { ident }: InstalledPackage,
  code: number | null,
  { layout }: CommandContext,
): Error {
  const how = code === null ? 'was ended by a signal' : `ended with status ${code}`;
  const next =
    hook === 'install'
      ? 'install the package again to run it again'
      : 'mend it and try again, or remove the package with --ignore-uninstall-hook';
  return failed(
    `The ${hook} hook of ${formatIdent(ident)} ${how}`,
    `Its output is in ${layout.service(ident.name).logs}; ${next}.`,
  );
}
