import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

import { folderKeyCache } from '@hab/crypto-keys/node';
import { type PackageTarget, parseTarget, targetFor } from '@hab/ident';
import type { ArtifactSource } from '@hab/store';
import { createStore, folderArtifactSource, type Store } from '@hab/store/node';

import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';

/** What packages this machine runs. */
export function activeTarget(context: CommandContext): PackageTarget {
  const { PLAN_PACKAGE_TARGET: given } = context.env;
  return given ? parseTarget(given) : targetFor({ arch: process.arch, platform: process.platform });
}

/** The installed packages of whoever called. Keys of signers are looked up where the caller keeps keys. */
export function openStore(context: CommandContext): Store {
  const { layout, settings, clock, random, cwd } = context;
  const keys = resolve(cwd, settings.HAB_CACHE_KEY_PATH ?? layout.keyCache);
  return createStore({ layout, target: activeTarget(context), keys: folderKeyCache(keys, { random }), clock, random });
}

/**
 * Where artifacts come from, in order: folders that were named, folders of artifacts that were named, the cache.
 *
 * @param files - Artifacts on the command line: what lies beside one may be what it needs.
 */
export function artifactSources(
  folders: readonly string[],
  files: readonly string[],
  { settings, layout, cwd }: CommandContext,
): ArtifactSource[] {
  for (const folder of folders) {
    if (!existsSync(resolve(cwd, folder)))
      throw failed(`--artifacts ${folder}: there is no such folder`, 'Give the folder that holds the .hart files.');
  }
  const given = [...folders, ...(settings.HAB_ARTIFACTS?.split(':') ?? [])].filter((folder) => folder !== '');
  const all = [
    ...given.map((folder) => resolve(cwd, folder)),
    ...files.map((file) => dirname(file)),
    layout.artifactCache,
  ];
  return [...new Set(all)].map(folderArtifactSource);
}
