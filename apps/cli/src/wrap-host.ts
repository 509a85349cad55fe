import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import { createKeys, generateOriginKeyPair, isKeysError } from '@hab/crypto-keys';
import { nodeEngine } from '@hab/crypto-keys/node';
import { artifactName, type FullIdent, formatIdent } from '@hab/ident';

import { runBuild } from './build.ts';
import type { CommandContext } from './context.ts';
import { type HostPackage, hostPlans, surveyHost } from './host-plans.ts';
import { type KeyCacheOption, openKeyCache } from './key-cache.ts';
import { activeTarget, openStore } from './package-store.ts';

export const HOST_ORIGIN = 'core';
/**
 * The release of every wrapper. It tells them from packages with files of their own, loses against any release of those,
 * and gives the same bytes whenever the machine is the same.
 */
export const HOST_RELEASE = '20000101000000';
const HOST_EPOCH = String(Date.UTC(2000, 0, 1) / 1000);
/** Builds at a time. Each is a bash and a packer. */
const MAX_BUILDS = 4;
/** What a build prints is shown when it fails; the end says why. */
const MAX_LINES = 30;

export interface WrapHostRequest extends KeyCacheOption {
  readonly names: readonly string[];
  /** Folder that is looked into before `/`; empty for none. */
  readonly hostRoot: string;
  /** Folder that gets the artifacts. */
  readonly output: string | undefined;
  /** Make again what is installed. */
  readonly force: boolean;
  readonly onWrapped: (wrapped: WrappedPackage) => void;
}

/** What became of one wrapper. */
export interface WrappedPackage {
  readonly state: 'made' | 'present' | 'missing' | 'failed';
  readonly ident: string;
  readonly artifact?: string | undefined;
  readonly lacks: readonly string[];
  readonly without: readonly string[];
  /** Last lines of a build that failed. */
  readonly log?: string;
}

/** Builds and installs wrappers, each on its own: they need nothing but the machine. */
export async function wrapHost(request: WrapHostRequest, context: CommandContext): Promise<readonly WrappedPackage[]> {
  const { env, signal, layout } = context;
  const found = await surveyHost(request.names, { hostRoot: request.hostRoot, env, signal });
  await ensureKey(request, context);
  if (request.output !== undefined) await mkdir(request.output, { recursive: true });
  await mkdir(layout.artifactCache, { recursive: true });
  const scratch = await mkdtemp(join(tmpdir(), 'hab-wrap-'));
  const results = new Map<HostPackage, WrappedPackage>();
  const waiting = [...found];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const wrapped = await wrap(next, scratch, request, context);
      results.set(next, wrapped);
      request.onWrapped(wrapped);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(MAX_BUILDS, availableParallelism()) }, work));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return found.flatMap((one) => results.get(one) ?? []);
}

/** Whoever has no secret key of the origin gets one that signs wrappers on this machine, and is trusted nowhere else. */
async function ensureKey(options: KeyCacheOption, context: CommandContext): Promise<void> {
  const { ui, clock, random } = context;
  const keys = openKeyCache(options, context);
  try {
    await keys.latest('origin-signing-secret', HOST_ORIGIN);
  } catch (error) {
    if (!isKeysError(error, 'KEYS_NO_REVISIONS')) throw error;
    const pair = await createKeys(keys, generateOriginKeyPair, {
      name: HOST_ORIGIN,
      clock,
      random,
      engine: nodeEngine,
    });
    ui.status('Generating', `${pair.secret.namedRevision}, to sign what wraps this machine; nobody else trusts it`);
  }
}

async function wrap(
  found: HostPackage,
  scratch: string,
  request: WrapHostRequest,
  context: CommandContext,
): Promise<WrappedPackage> {
  const { name, version, lacks, without } = found;
  const full: FullIdent = { origin: HOST_ORIGIN, name, version, release: HOST_RELEASE };
  const ident = formatIdent(full);
  const about = { ident, lacks, without };
  if (lacks.length > 0) return { ...about, ident: `${HOST_ORIGIN}/${name}`, state: 'missing' };
  const cached = join(context.layout.artifactCache, artifactName(full, activeTarget(context)));
  const installed = await openStore(context).tryLoad(full);
  if (installed !== undefined && !request.force) {
    const artifact = await deliver(cached, request.output).catch(ignoreMissing);
    if (request.output === undefined || artifact !== undefined) return { ...about, artifact, state: 'present' };
  }
  const log: Uint8Array[] = [];
  const stdio = { output: (chunk: Uint8Array) => log.push(chunk), errors: (chunk: Uint8Array) => log.push(chunk) };
  const result = await runBuild(
    {
      context: join(hostPlans(), name),
      environment: {
        HAB_ORIGIN: undefined,
        HAB_SRC_PATH: undefined,
        HAB_OUTPUT_PATH: join(scratch, name),
        HAB_NOCOLORING: 'true',
        HOST_ROOT: request.hostRoot,
        // Says the release, too; unlike a release that is given, it may be there already.
        SOURCE_DATE_EPOCH: HOST_EPOCH,
      },
      cacheKeyPath: request.cacheKeyPath,
      programName: 'hab pkg wrap-host',
      stdio,
    },
    context,
  );
  if (result.type === 'built') {
    return { ...about, artifact: await deliver(result.artifact, request.output), state: 'made' };
  }
  return {
    ...about,
    state: 'failed',
    log: Buffer.concat(log).toString().trim().split('\n').slice(-MAX_LINES).join('\n'),
  };
}

async function deliver(artifact: string, output: string | undefined): Promise<string> {
  if (output === undefined) return artifact;
  const copy = join(output, basename(artifact));
  await copyFile(artifact, copy);
  return copy;
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
  return undefined;
}
