import { type Clock, HabError, type Layout, type RandomSource } from '@hab/core';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { type FullIdent, formatIdent, parseTarget, targetFor } from '@hab/ident';
import { ServiceError, type ServicePackage, type ServiceSpec } from '@hab/services';
import { type InstallHookWorld, readServicePackage, runInstallHook } from '@hab/services/node';
import { isStoreError } from '@hab/store';
import { createStore, folderArtifactSource, type InstalledPackage, type Store } from '@hab/store/node';

import type { Say } from './output.ts';

export interface FinderWorld {
  readonly layout: Layout;
  /** Folders of artifacts to install from. */
  readonly artifacts: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly say: Say;
  /** What install hooks run with. */
  readonly hooks: Omit<InstallHookWorld, 'clock' | 'layout' | 'env' | 'say'>;
}

export interface PackageFinder {
  /** The newest installed package that a spec asks for; installed first when there is none. */
  readonly find: (spec: ServiceSpec) => Promise<ServicePackage>;
  /** Installs an artifact and reads what it holds. */
  readonly findFile: (path: string) => Promise<ServicePackage>;
  /**
   * Runs the install hooks of a package and of all it depends on that have not succeeded yet, dependencies first.
   *
   * @throws {@link ServiceError} `SERVICE_INSTALL_HOOK_FAILED` at the first that fails; the next call begins with it.
   */
  readonly runInstallHooks: (ident: FullIdent) => Promise<void>;
}

/** Packages for services: installed ones first, then folders of artifacts. */
export function createPackageFinder({ layout, artifacts, env, clock, random, say, hooks }: FinderWorld): PackageFinder {
  const given = env['PLAN_PACKAGE_TARGET'];
  const target = given ? parseTarget(given) : targetFor({ arch: process.arch, platform: process.platform });
  const keys = folderKeyCache(env['HAB_CACHE_KEY_PATH'] || layout.keyCache, { random });
  const store = createStore({ layout, target, keys, clock, random });
  const sources = [...artifacts, layout.artifactCache].map(folderArtifactSource);
  const read = async (pkg: InstalledPackage): Promise<ServicePackage> => {
    return withInterpreter(await readServicePackage({ ...pkg, runtimePath: () => store.runtimePath(pkg) }), store, env);
  };
  return {
    async find({ ident }) {
      const installed = await store.tryLoad(ident);
      if (installed !== undefined) return await read(installed);
      say('hab-sup', 'UT', `Installing ${formatIdent(ident)}`);
      try {
        const [found] = (await store.install([{ type: 'ident', ident }], { sources })).requested;
        return await read(await store.load(found ?? ident));
      } catch (error) {
        if (!isStoreError(error, 'STORE_ARTIFACT_NOT_FOUND')) throw error;
        throw new HabError('SUPERVISOR_PACKAGE_NOT_FOUND', `Cannot find package: ${formatIdent(ident)}`, {
          details: { ident: formatIdent(ident) },
          cause: error,
          hint: 'Install it with `hab pkg install`, or start the Supervisor with --artifacts DIR.',
        });
      }
    },
    async findFile(path) {
      const [found] = (await store.install([{ type: 'file', path }], { sources })).requested;
      if (found === undefined) throw new Error(`${path} installed nothing`);
      return await read(await store.load(found));
    },
    async runInstallHooks(ident) {
      for (const installed of await store.pendingInstallHooks(ident)) {
        const { code } = await runInstallHook('install', await read(installed), { ...hooks, clock, layout, env, say });
        if (code !== null) await store.writeInstallHookStatus(installed, code);
        if (code !== 0) throw installHookFailed(installed.ident, code);
      }
    },
  };
}

function installHookFailed(ident: FullIdent, code: number | null): ServiceError<'SERVICE_INSTALL_HOOK_FAILED'> {
  const name = formatIdent(ident);
  const how = code === null ? 'was ended by a signal' : `ended with status ${code}`;
  return new ServiceError('SERVICE_INSTALL_HOOK_FAILED', `the install hook of ${name} ${how}`, {
    details: { ident: name, code },
    hint: 'Its log is in the logs folder of the service; it runs again when the service is loaded again.',
  });
}

/** The interpreter of hooks that name one by its bare name: behind the package's own path, when it is installed. */
async function withInterpreter(
  pkg: ServicePackage,
  store: Store,
  env: Readonly<Record<string, string>>,
): Promise<ServicePackage> {
  const [origin = '', name = ''] = (env['HAB_INTERPRETER_IDENT'] || 'core/busybox-static').split('/');
  const interpreter = await store.tryLoad({ origin, name });
  if (interpreter === undefined) return pkg;
  return { ...pkg, runtimePath: [...pkg.runtimePath, ...(await interpreter.path())] };
}
