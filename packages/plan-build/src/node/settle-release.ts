import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { formatRelease } from '@hab/core';
import { isPlanName } from '@hab/ident';
import { releaseSeconds } from '../identity.ts';
import type { BuildState } from './build-state.ts';

/** Longest distance of a release from the time, in seconds. */
const MAX_AHEAD = 60;

/**
 * A release is the time of the build's start in seconds, and small plans take less than one: where this very second has
 * a package of the same name already, the next free one is taken, so that no build replaces what another has made.
 *
 * The release is fixed before bash reads the plan, so the name is what its text says. A plan that computes its name gets
 * the time, whatever there is.
 */
export async function settleRelease(state: BuildState): Promise<void> {
  const { settings, world, planText } = state;
  if (state.givenRelease || settings.sourceDateEpoch !== undefined) return;
  const origin = settings.origin ?? assigned('pkg_origin', planText);
  const name = assigned('pkg_name', planText);
  if (origin === undefined || name === undefined || !isPlanName(origin) || !isPlanName(name)) return;
  const directory = join(world.layout.packages, origin, name);
  const versions = await readdir(directory).catch(() => []);
  const started = releaseSeconds(state.release);
  for (let ahead = 0; ahead <= MAX_AHEAD; ahead++) {
    const release = formatRelease((started + ahead) * 1000);
    if (versions.some((version) => existsSync(join(directory, version, release)))) continue;
    state.release = release;
    return;
  }
}

function assigned(variable: string, text: string): string | undefined {
  return new RegExp(`^${variable}=(["']?)([\\w-]+)\\1\\s*(?:#.*)?$`, 'm').exec(text)?.[2];
}
