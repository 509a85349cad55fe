import { type Clock, HabError, type Layout, type RandomSource } from '@hab/core';
import { folderKeyCache } from '@hab/crypto-keys/node';
import { type FullIdent, formatIdent, parseTarget, targetFor } from '@hab/ident';
import type { HookSettings, ServicePackage, ServiceSpec } from '@hab/services';
import {
  type InstallHookWorld,
  type PendingInstallHook,
  readInstalledPackage,
  runPendingInstallHooks,
} from '@hab/services/node';
import { isStoreError } from '@hab/store';
import { createStore, folderArtifactSource, type InstalledPackage } from '@hab/store/node';

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
  readonly hooks: HookSettings & Pick<InstallHookWorld, 'switchUser'>;
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
  const read = (pkg: InstalledPackage): Promise<ServicePackage> =>
    readInstalledPackage(pkg, store, env['HAB_INTERPRETER_IDENT']);
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
      const pending: PendingInstallHook[] = [];
      for (const installed of await store.pendingInstallHooks(ident)) {
        const record = (code: number): Promise<void> => store.writeInstallHookStatus(installed, code);
        pending.push({ pkg: await read(installed), record });
      }
      await runPendingInstallHooks(pending, { ...hooks, clock, layout, env, say });
    },
  };
}
