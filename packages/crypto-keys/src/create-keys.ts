import type { Clock } from '@hab/core';

import type { KeyCache } from './cache.ts';
import { isKeysError, KeysError } from './errors.ts';
import type { GenerateOptions } from './generate.ts';
import type { HabKey, KeyPair } from './key.ts';

/** Revisions have a resolution of one second; this many collisions in a row are no accident. */
const MAX_BUMPS = 120;

/**
 * Generates keys and keeps them in a cache. When the revision is taken, by a key of any kind (a signing and an
 * encryption key of one origin would share a file name), the next free second is used.
 *
 * @param generate - One of the `generate…` functions.
 * @throws {@link KeysError} what `generate` and {@link KeyCache.write} throw.
 * @see spec/formats, 17 item 8
 */
export async function createKeys<T extends HabKey | KeyPair>(
  cache: KeyCache,
  generate: (options: GenerateOptions) => T,
  options: GenerateOptions,
): Promise<T> {
  for (let bumps = 0; bumps < MAX_BUMPS; bumps++) {
    const keys = generate({ ...options, clock: later(options.clock, bumps * 1000) });
    if (await cache.has(namedRevisionOf(keys))) continue;
    if (await written(cache, keys)) return keys;
  }
  throw new KeysError('KEYS_EXISTS', `Existing key files of ${options.name} take every revision of the next minutes`, {
    details: { path: options.name },
    hint: 'Check the clock of this machine.',
  });
}

async function written(cache: KeyCache, keys: HabKey | KeyPair): Promise<boolean> {
  try {
    await cache.write(keys);
    return true;
  } catch (error) {
    if (isKeysError(error, 'KEYS_EXISTS')) return false; // another process took the revision in between
    throw error;
  }
}

function namedRevisionOf(keys: HabKey | KeyPair): string {
  return 'secret' in keys ? keys.secret.namedRevision : keys.namedRevision;
}

function later(clock: Clock, ms: number): Clock {
  return {
    now: () => clock.now() + ms,
    monotonic: () => clock.monotonic(),
    sleep: (duration, options) => clock.sleep(duration, options),
  };
}
