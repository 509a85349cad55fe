import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { HabKey } from '@hab/crypto-keys';
import { createBlake2bHasher } from '@hab/crypto-keys/blake2b';
import { packHart, signHart } from '@hab/hart/node';
import { artifactName, formatIdent } from '@hab/ident';
import type { CompileFlags } from '../compile-flags.ts';
import { say, warn } from '../console-lines.ts';
import { releaseSeconds } from '../identity.ts';
import { manifestText } from '../manifest.ts';
import type { MetafileText } from '../metafiles.ts';
import { lastBuildText } from '../output-files.ts';
import { textOf } from '../shell-variables.ts';
import { type BuildState, ownIdent } from './build-state.ts';
import { explain } from './explain.ts';
import { listFiles } from './files-list.ts';
import type { FinishedPackage } from './finished-package.ts';
import { copyToOutput, outputPath, removeOutput, writeOutput } from './output-directory.ts';
import { signingKey } from './prepare-build.ts';
import { flush } from './resolve-dependencies.ts';
import { makeDirectory } from './tree-copy.ts';

/** Writes what describes the package, packs and signs it, and leaves the results. @see spec/plan-build, 10 to 12 */
export async function makeArtifact(
  state: BuildState,
  metafiles: readonly MetafileText[],
  flags: CompileFlags,
): Promise<FinishedPackage> {
  const { facts, world, target } = state;
  const ident = ownIdent(state);
  const key = await signingKey(state);
  await flush(state);
  state.metafilesBegun = true;
  for (const [name, text] of metafiles) await writeInPrefix(state, name, text);
  await writeFilesList(state, key);
  const manifest = { plan: facts, release: state.release, target, flags, planText: state.planText };
  await writeInPrefix(state, 'MANIFEST', manifestText(manifest));
  state.pending.push(say('Generating package artifact'));
  await flush(state);
  const artifact = join(world.layout.artifactCache, artifactName(ident, target));
  const packed = `${artifact}.part`;
  let result: string;
  let digests: Digests;
  try {
    await pack(state, packed, key);
    digests = await digestsOf(packed, state.signal);
    // What an earlier build of this release made stays until everything is there.
    result = await copyToOutput(state, packed, artifactName(ident, target), () => rename(packed, artifact));
  } finally {
    await rm(packed, { force: true });
  }
  state.metafilesBegun = false;
  await state.replaced?.commit();
  await writeOutput(state, 'last_build.env', lastBuildText(ident, target, digests));
  await removeOutput(state, 'pre_build.env');
  return { ident, target, prefix: facts.prefix, artifact, result, outputDirectory: outputPath(state), ...digests };
}

/** Replaces whatever the software installed under that name; a link would lead the text somewhere else. */
async function writeInPrefix(state: BuildState, name: string, text: string): Promise<void> {
  const path = join(state.facts.prefix, name);
  await rm(path, { force: true });
  await writeFile(path, text, { flag: 'wx' });
  await chmod(path, 0o644);
}

async function writeFilesList(state: BuildState, key: HabKey<'origin-signing-secret'>): Promise<void> {
  const { prefix, name } = state.facts;
  const cachePath = textOf(state.variables, 'CACHE_PATH');
  for (const stale of ['FILES', 'MANIFEST']) await rm(join(prefix, stale), { force: true });
  const { text, unlisted } = await listFiles(prefix, state.signal);
  state.pending.push(...unlisted.map((path) => warn(`FILES leaves out ${JSON.stringify(path)}: no line can hold it`)));
  await makeDirectory(cachePath);
  const sums = join(cachePath, `${name}_blake2bsums`);
  await writeFile(sums, text);
  await explained(state, () => signHart(sums, join(prefix, 'FILES'), { key, signal: state.signal }));
}

async function pack(state: BuildState, artifact: string, key: HabKey<'origin-signing-secret'>): Promise<void> {
  const { facts, settings, world, signal } = state;
  await mkdir(world.layout.artifactCache, { recursive: true });
  const options = {
    directory: facts.prefix,
    prefix: facts.prefix,
    key,
    mtimeSec: settings.sourceDateEpoch ?? releaseSeconds(state.release),
    level: settings.compressionLevel,
    worker: state.hartWorker,
    signal,
  };
  await explained(state, () => packHart(artifact, options));
}

async function explained<T>(state: BuildState, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    state.signal?.throwIfAborted();
    throw explain(error, `Packing ${formatIdent(ownIdent(state))} failed`) ?? error;
  }
}

interface Digests {
  readonly sha256: string;
  readonly blake2b: string;
}

/** Both published digests, in one pass. */
async function digestsOf(path: string, signal: AbortSignal | undefined): Promise<Digests> {
  const sha256 = createHash('sha256');
  const blake2b = await createBlake2bHasher();
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) {
    sha256.update(chunk);
    blake2b.update(chunk);
  }
  return { sha256: sha256.digest('hex'), blake2b: blake2b.digestHex() };
}
