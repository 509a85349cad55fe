import { type FullIdent, formatIdent } from '@hab/ident';
import { readIdentityPowers } from '@hab/launcher/node';
import { HOOK_TIMEOUT_MS } from '@hab/services';
import { readServicePackage, runInstallHook } from '@hab/services/node';
import type { Store } from '@hab/store/node';

import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';

/**
 * Runs the install hooks of a package and of all it depends on that have not succeeded yet, dependencies first.
 *
 * @throws at the first that fails: the package stays, and the next install or start tries again. See spec/templating 13.
 */
export async function runInstallHooks(ident: FullIdent, store: Store, context: CommandContext): Promise<void> {
  const { clock, layout, env, ui } = context;
  const given = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const world = {
    clock,
    layout,
    env: Object.fromEntries(given),
    switchUser: readIdentityPowers().switchUser,
    precedence: env['HAB_CONFIG_PRECEDENCE'] === 'original' ? 'original' : 'default',
    dialect: 'documented',
    hookTimeoutsMs: HOOK_TIMEOUT_MS,
    say: (preamble: string, key: string, text: string) => ui.info(`${preamble}(${key}): ${text}`),
  } as const;
  for (const installed of await store.pendingInstallHooks(ident)) {
    const name = formatIdent(installed.ident);
    const pkg = await readServicePackage({ ...installed, runtimePath: () => store.runtimePath(installed) });
    const { code } = await runInstallHook('install', pkg, world);
    if (code !== null) await store.writeInstallHookStatus(installed, code);
    if (code === 0) continue;
    const how = code === null ? 'was ended by a signal' : `ended with status ${code}`;
    throw failed(
      `The install hook of ${name} ${how}`,
      `Its output is in ${layout.service(pkg.ident.name).logs}; install the package again to run it again.`,
    );
  }
}
