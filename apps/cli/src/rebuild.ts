import { execFile, spawn } from 'node:child_process';
import { copyFile, link, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

import { createLayout } from '@hab/core';
import { createKeys, generateOriginKeyPair, isKeysError, type KeyCache } from '@hab/crypto-keys';
import { folderKeyCache, hashFile, nodeEngine } from '@hab/crypto-keys/node';
import { listHart, readHartMetadata } from '@hab/hart/node';
import { artifactName, type FullIdent, formatIdent, isPathSafeIdent, type PackageTarget } from '@hab/ident';
import { createStore } from '@hab/store/node';

import { type ArtifactDifference, compareArtifacts } from './compare-artifacts.ts';
import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';
import { type KeyCacheOption, openKeyCache } from './key-cache.ts';
import { activeTarget, artifactSources, openStore } from './package-store.ts';

export interface RebuildRequest extends KeyCacheOption {
  /** Absolute path of the artifact. */
  readonly artifact: string;
  /** Folder of the plan. */
  readonly plan: string;
  /** Folders of artifacts for dependencies that are not installed. */
  readonly artifacts: readonly string[];
}

/** How a second build of an artifact compares. */
export interface RebuildReport {
  readonly ident: string;
  /**
   * `identical`: byte for byte. `same-files`: all members are, and what differs is the signature of another key.
   * `same-members`: all members are, though the same key signed: another program packed. `different`: see the rest.
   */
  readonly result: 'identical' | 'same-files' | 'same-members' | 'different';
  /** Named revision that signed the second build. */
  readonly signedBy: string;
  readonly differences: readonly ArtifactDifference[];
}

/**
 * Builds an artifact again in a root of its own, with exactly the releases that it records, and compares. Nothing that
 * is installed or cached changes.
 */
export async function rebuild(request: RebuildRequest, context: CommandContext): Promise<RebuildReport> {
  const scratch = await mkdtemp(join(tmpdir(), 'hab-rebuild-'));
  try {
    return await rebuildIn(scratch, request, context);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function rebuildIn(scratch: string, request: RebuildRequest, context: CommandContext): Promise<RebuildReport> {
  const workshop = await prepareWorkshop(scratch, request, context);
  const report = await buildAndCompare(join(scratch, 'shown'), workshop, request, {}, context);
  if (report.result !== 'different') return report;
  // Without a given release a build sees its plan where it lies, and may have written that down.
  context.ui.info('That is another one. Building once more, with the plan seen where it lies.');
  const changes = { HAB_BUILD_IN_PLACE: 'true' };
  const inPlace = await buildAndCompare(join(scratch, 'in-place'), workshop, request, changes, context);
  return inPlace.result === 'different' ? report : inPlace;
}

/** All that a second build needs. */
interface Workshop {
  readonly ident: FullIdent;
  readonly target: PackageTarget;
  readonly environment: Readonly<Record<string, string>>;
  /** Keys of the caller, and of the second build. */
  readonly keys: KeyCache;
  readonly innerKeys: KeyCache;
  readonly signedBy: string;
  readonly isTheirs: boolean;
}

async function prepareWorkshop(scratch: string, request: RebuildRequest, context: CommandContext): Promise<Workshop> {
  const { random, signal } = context;
  const { header, metadata } = await readHartMetadata(request.artifact, { signal });
  const { ident, target } = metadata;
  const [root, home, keyPath] = [join(scratch, 'root'), join(scratch, 'home'), join(scratch, 'keys')];
  const idents = [...metadata.deps, ...metadata.tdeps, ...metadata.buildDeps, ...metadata.buildTdeps];
  const keys = openKeyCache(request, context);
  await bringPackages(idents, root, keys, request.artifacts, context);
  await bringSources(root, context);
  await mkdir(home);
  const signing = await bringKey(header.keyName, ident.origin, keys, keyPath, context);
  const [first] = await listHart(request.artifact, { signal });
  const environment = {
    HAB_ROOT: root,
    HOME: home,
    HAB_CACHE_KEY_PATH: keyPath,
    HAB_ORIGIN: ident.origin,
    NO_INSTALL_DEPS: 'true',
    SOURCE_DATE_EPOCH: String(first?.mtimeSec ?? 0),
  };
  return { ident, target, environment, keys, innerKeys: folderKeyCache(keyPath, { random }), ...signing };
}

/** @param place - Folder for this build alone. */
async function buildAndCompare(
  place: string,
  { ident, target, environment, keys, innerKeys, signedBy, isTheirs }: Workshop,
  { artifact, plan }: RebuildRequest,
  changes: Readonly<Record<string, string>>,
  context: CommandContext,
): Promise<RebuildReport> {
  const { cwd, signal } = context;
  const results = join(place, 'results');
  await buildAgain(resolve(cwd, plan), ident, context, { ...environment, HAB_OUTPUT_PATH: results, ...changes });
  const again = await artifactIn(results, ident, target, plan);
  const report = { ident: formatIdent(ident), signedBy };
  if ((await hashFile(artifact)) === (await hashFile(again))) {
    return { ...report, result: 'identical', differences: [] };
  }
  const [expected, actual] = [
    { path: artifact, keys },
    { path: again, keys: innerKeys },
  ];
  const differences = await compareArtifacts(expected, actual, { scratch: place, signal });
  if (differences.some(({ what }) => what !== 'signature')) return { ...report, result: 'different', differences };
  return { ...report, result: isTheirs ? 'same-members' : 'same-files', differences };
}

/** @throws what a plan that builds something else means. */
async function artifactIn(folder: string, ident: FullIdent, target: PackageTarget, plan: string): Promise<string> {
  const wanted = artifactName(ident, target);
  const made = (await readdir(folder)).filter((name) => name.endsWith('.hart'));
  if (!made.includes(wanted)) {
    throw failed(`The plan in ${plan} builds ${made.join(' ') || 'nothing'}, not ${formatIdent(ident)}`);
  }
  return join(folder, wanted);
}

/** Puts exactly these releases into the root: copies of what is installed, else out of artifacts. */
async function bringPackages(
  idents: readonly FullIdent[],
  root: string,
  keys: KeyCache,
  folders: readonly string[],
  context: CommandContext,
): Promise<void> {
  const { clock, random, signal } = context;
  const store = openStore(context);
  const inner = createStore({
    layout: createLayout({ hab: root }),
    target: activeTarget(context),
    keys,
    clock,
    random,
  });
  const sources = artifactSources(folders, [], context);
  const missing: string[] = [];
  for (const text of new Set(idents.map(formatIdent))) {
    const ident = idents.find((one) => formatIdent(one) === text);
    if (ident === undefined) continue;
    // Its parts become folders below, before any store has looked at them.
    if (!isPathSafeIdent(ident))
      throw failed(`The artifact names a dependency that cannot be: ${JSON.stringify(text)}`);
    const installed = await store.tryLoad(ident);
    const { origin, name, version, release } = ident;
    const parent = join(root, 'pkgs', origin, name, version);
    await mkdir(parent, { recursive: true });
    if (installed !== undefined) {
      await promisify(execFile)('cp', ['-a', '--reflink=auto', installed.directory, join(parent, release)], { signal });
      continue;
    }
    try {
      await inner.install([{ type: 'ident', ident }], { sources, signal });
    } catch (error) {
      if (signal.aborted) throw error;
      missing.push(text);
    }
  }
  if (missing.length === 0) return;
  throw failed(
    `Not here, and needed for the same build: ${missing.join(' ')}`,
    'Install these releases first, or name a folder with their artifacts with --artifacts DIR.',
  );
}

/** What was downloaded once is not downloaded again; the build checks it as it checks a download. */
async function bringSources(root: string, { layout }: CommandContext): Promise<void> {
  const cache = createLayout({ hab: root }).sourceCache;
  await mkdir(cache, { recursive: true });
  const entries = await readdir(layout.sourceCache, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const [from, to] = [join(layout.sourceCache, entry.name), join(cache, entry.name)];
    await link(from, to).catch(() => copyFile(from, to));
  }
}

/**
 * The key that signed the artifact if it is here, else one for this build alone.
 *
 * @returns its named revision, which two keys of one second share.
 */
async function bringKey(
  keyName: string,
  origin: string,
  keys: KeyCache,
  keyPath: string,
  { clock, random }: CommandContext,
): Promise<{ readonly signedBy: string; readonly isTheirs: boolean }> {
  const inner = folderKeyCache(keyPath, { random });
  try {
    await inner.write(await keys.get('origin-signing-secret', keyName));
    await inner.write(await keys.get('origin-signing-public', keyName));
    return { signedBy: keyName, isTheirs: true };
  } catch (error) {
    if (!isKeysError(error, 'KEYS_NOT_FOUND')) throw error;
    const pair = await createKeys(inner, generateOriginKeyPair, { name: origin, clock, random, engine: nodeEngine });
    return { signedBy: pair.secret.namedRevision, isTheirs: false };
  }
}

/** `hab pkg build` in a process of its own: its root is another one. What it prints goes to standard error. */
async function buildAgain(
  plan: string,
  { release }: FullIdent,
  { env, cwd, signal, ui }: CommandContext,
  changes: Readonly<Record<string, string>>,
): Promise<void> {
  const [, script = ''] = process.argv;
  const status = await new Promise<number | null>((done, reject) => {
    const child = spawn(process.execPath, [script, 'pkg', 'build', plan, '--release', release], {
      cwd,
      env: { ...env, ...changes },
      stdio: ['ignore', 2, 2],
      signal,
      killSignal: 'SIGTERM',
    });
    child.once('error', reject);
    child.once('close', done);
  });
  signal.throwIfAborted();
  if (status === 0) return;
  ui.warn('The second build failed; its own words are above.');
  throw failed(`Building ${plan} again ended with status ${status}`, 'Give the plan of that artifact with --plan DIR.');
}
