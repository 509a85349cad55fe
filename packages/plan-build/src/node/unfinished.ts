import { rm } from 'node:fs/promises';
import type { BuildState } from './build-state.ts';

/** A package that was not finished must not look installed: without TARGET nothing takes it for a package. */
export async function forgetUnfinished(state: BuildState): Promise<void> {
  if (!state.metafilesBegun) return;
  await rm(`${state.facts.prefix}/TARGET`, { force: true }).catch(() => undefined);
}
