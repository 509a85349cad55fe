import { existsSync } from 'node:fs';
import { rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeTree } from '@hab/core/node';
import { formatIdent } from '@hab/ident';
import { say } from '../console-lines.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import { recoverReplaced, setAside } from './replaced-package.ts';

/** A package that was not finished must not look installed: without TARGET nothing takes it for a package. */
export async function forgetUnfinished(state: BuildState): Promise<void> {
  if (!state.metafilesBegun) return;
  await rm(`${state.facts.prefix}/TARGET`, { force: true }).catch(() => undefined);
}

/**
 * Takes possession of the prefix: what an earlier build of the same release left unfinished there goes, and a package is
 * put aside until this build has made another. A prefix that the plan chose itself is only its own when nothing is there
 * yet.
 */
export async function claimPrefix(state: BuildState, prefix: string): Promise<void> {
  if (state.givenPrefix !== undefined && existsSync(prefix)) return;
  await state.replaced?.restore();
  state.replaced = undefined;
  await recoverReplaced(prefix);
  if (existsSync(join(prefix, 'TARGET'))) {
    state.pending.push(say(`Building ${formatIdent(ownIdent(state))} again: what is installed stays if this fails`));
    state.replaced = await setAside(state, prefix);
  } else await removeTree(prefix);
  state.claimedPrefix = prefix;
}

/** Removes what an interrupted build put into its prefix, and the directories above that hold nothing else. */
export async function removeUnfinished({ claimedPrefix, world }: BuildState): Promise<void> {
  if (claimedPrefix === undefined) return;
  await removeTree(claimedPrefix);
  for (let parent = dirname(claimedPrefix); parent.startsWith(`${world.layout.packages}/`); parent = dirname(parent)) {
    try {
      await rmdir(parent);
    } catch {
      // Another release, version or package is in there.
      return;
    }
  }
}
