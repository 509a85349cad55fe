import { resolve } from 'node:path';

import type { KeyCache } from '@hab/crypto-keys';
import { folderKeyCache } from '@hab/crypto-keys/node';
import type { Command } from 'commander';

import type { CommandContext } from './context.ts';

export interface KeyCacheOption {
  readonly cacheKeyPath?: string;
}

export function addKeyCacheOption(command: Command): Command {
  return command.option('--cache-key-path <dir>', 'Folder of the keys [env: HAB_CACHE_KEY_PATH]');
}

/** `--cache-key-path`, else `HAB_CACHE_KEY_PATH`, else the cache of whoever called. See spec/cli 4. */
export function keyCachePath({ cacheKeyPath }: KeyCacheOption, { settings, layout, cwd }: CommandContext): string {
  return resolve(cwd, cacheKeyPath ?? settings.HAB_CACHE_KEY_PATH ?? layout.keyCache);
}

export function openKeyCache(options: KeyCacheOption, context: CommandContext): KeyCache {
  return folderKeyCache(keyCachePath(options, context), { random: context.random });
}
