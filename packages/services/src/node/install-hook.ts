import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { Clock, Layout } from '@hab/core';
import { type ConfigTable, createRenderer, installContext } from '@hab/templating';
import { type RenderedSet, readTemplates, writeRendered } from '@hab/templating/node';
import { registerAll, renderAll } from '@hab/templating/offline';

import type { HookSettings } from '../hook-settings.ts';
import type { ServicePackage } from '../service-package.ts';
import { SERVICE_TEMPLATE_LIMITS } from '../template-limits.ts';
import { callHook } from './call-hook.ts';
import { ConfigLayers } from './config-layers.ts';
import { createServiceDirectories } from './directories.ts';
import type { HookResult } from './hook-runner.ts';
import { resolveIdentity, type ServiceIdentity } from './identity.ts';

/** What hooks of a package without a service need. */
export interface InstallHookWorld extends HookSettings {
  readonly clock: Clock;
  readonly layout: Layout;
  /** Own environment: the hook inherits it, and it holds the environment layer. */
  readonly env: Readonly<Record<string, string>>;
  readonly switchUser: boolean;
  /** A line of the hook: preamble, key, text. */
  readonly say: (preamble: string, key: string, text: string) => void;
}

/** Hooks of a package that run where there is no service. */
export const INSTALL_HOOKS = ['install', 'uninstall'] as const;
export type InstallHook = (typeof INSTALL_HOOKS)[number];

const HOOK_MODE = 0o755;
const DIRECTORY_MODE = 0o770;

/**
 * Renders `config_install` and both hooks of a package and runs one of them, with the configuration of the default, user
 * and environment layers: there is no ring to ask.
 *
 * @throws What a template, a layer or an unknown user throws; the system error when the hook cannot be started.
 * @see spec/templating 13
 */
export async function runInstallHook(
  hook: InstallHook,
  pkg: ServicePackage,
  world: InstallHookWorld,
): Promise<HookResult> {
  const { layout, env: inheritedEnv, clock, say, hookTimeoutsMs } = world;
  const { name } = pkg.ident;
  const service = layout.service(name);
  const identity = await resolveIdentity({ user: pkg.svcUser, group: pkg.svcGroup }, world.switchUser);
  await createServiceDirectories(service, identity);
  const path = [...pkg.runtimePath, ...(inheritedEnv['PATH'] ?? '').split(':')].filter((entry) => entry !== '');
  const env = { ...pkg.env, PATH: path.join(':') };
  await render(pkg, await contextOf(pkg, identity, env, world), identity, world);
  const facts = { group: name, layout: service, identity, env, hookTimeoutsMs };
  return await callHook(facts, { hook, inheritedEnv }, { clock, say });
}

async function contextOf(
  pkg: ServicePackage,
  identity: ServiceIdentity,
  env: Readonly<Record<string, string>>,
  { clock, layout, env: own, precedence }: InstallHookWorld,
): Promise<ConfigTable> {
  const layers = new ConfigLayers({
    clock,
    pkg,
    configFrom: undefined,
    layout,
    env: own,
    precedence,
    gossip: () => undefined,
  });
  await layers.load();
  return installContext({
    pkg: {
      ident: pkg.ident,
      deps: pkg.tdeps,
      env: Object.entries(env),
      exposes: pkg.exposes,
      exports: pkg.exports,
      path: pkg.prefix,
      svcUser: identity.user,
      svcGroup: identity.group,
      layout: layout.service(pkg.ident.name),
    },
    cfg: layers.merge().config,
  });
}

async function render(
  { directory, ident }: ServicePackage,
  context: ConfigTable,
  { switches, uid, gid }: ServiceIdentity,
  { layout, dialect }: InstallHookWorld,
): Promise<void> {
  const { hooks, configInstall } = layout.service(ident.name);
  const options = { dialect, packagePath: layout.package, limits: SERVICE_TEMPLATE_LIMITS };
  const rendered = async (folder: string, only?: ReadonlySet<string>): Promise<RenderedSet['files']> => {
    const renderer = createRenderer(options);
    registerAll(renderer, await readTemplates(join(directory, folder), { recursive: only === undefined, only }));
    return renderAll(renderer, context);
  };
  const owner = switches ? { uid, gid } : undefined;
  await makeDirectory(configInstall, owner);
  await writeRendered([
    { directory: hooks, files: await rendered('hooks', new Set(INSTALL_HOOKS)), mode: HOOK_MODE },
    { directory: configInstall, files: await rendered('config_install'), owner },
  ]);
}

/** An operator may have removed it. */
async function makeDirectory(path: string, owner: RenderedSet['owner']): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return;
    throw error;
  }
  await chmod(path, DIRECTORY_MODE);
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
}
