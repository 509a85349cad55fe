import { type FullIdent, formatIdent } from '@hab/ident';

import { ServiceError } from '../errors.ts';
import type { ServicePackage } from '../service-package.ts';
import { type InstallHookWorld, runInstallHook } from './install-hook.ts';

/** A package whose install hook has not succeeded yet. */
export interface PendingInstallHook {
  readonly pkg: ServicePackage;
  /** Keeps the hook's exit status with the package. */
  readonly record: (exitCode: number) => Promise<void>;
}

/**
 * Runs install hooks, one after the other.
 *
 * An exit status that cannot be kept, as by a user who may not write to the package, fails nothing: the hook has done its
 * work and runs once more at the next installation or start.
 *
 * @throws {@link ServiceError} `SERVICE_INSTALL_HOOK_FAILED` at the first that does not succeed; what
 *   {@link runInstallHook} throws.
 * @see spec/templating 13
 */
export async function runPendingInstallHooks(
  pending: readonly PendingInstallHook[],
  world: InstallHookWorld,
): Promise<void> {
  for (const { pkg, record } of pending) {
    const { code, signal } = await runInstallHook('install', pkg, world);
    if (code !== null) {
      await record(code).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        const name = formatIdent(pkg.ident);
        world.say(
          pkg.ident.name,
          'HK',
          `The install hook of ${name} will run again: its status is not kept, ${reason}`,
        );
      });
    }
    if (code !== 0) throw installHookFailed(pkg.ident, code, signal);
  }
}

function installHookFailed(
  ident: FullIdent,
  code: number | null,
  signal: string | null,
): ServiceError<'SERVICE_INSTALL_HOOK_FAILED'> {
  const name = formatIdent(ident);
  const how = code === null ? `was ended by ${signal}` : `ended with status ${code}`;
  return new ServiceError('SERVICE_INSTALL_HOOK_FAILED', `the install hook of ${name} ${how}`, {
    details: { ident: name, code },
    hint: 'Its output is in the logs folder of the service; it runs again at the next installation or load.',
  });
}
