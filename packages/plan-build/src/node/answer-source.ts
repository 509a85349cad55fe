import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { nameExtension, unpackSteps } from '../archive.ts';
import { say, sayPlainly, warn } from '../console-lines.ts';
import { BuildError, isBuildError } from '../errors.ts';
import { redactUrl } from '../proxy.ts';
import { assignText } from '../shell-text.ts';
import type { Tell } from './bash-session.ts';
import type { BuildState } from './build-state.ts';
import { readCertificates } from './certificates.ts';
import { isDownloadable, SourceFailure } from './download/source.ts';

/** SHA-256 of a file, lower-case hex; undefined when there is no such file. */
async function sha256Of(path: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  if (!(await stat(path).catch(() => undefined))?.isFile()) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024, signal })) hash.update(chunk);
  return hash.digest('hex');
}

/** Where a helper's file is: below the source cache, or where the plan says with a whole path. */
function placeOf(name: string, cache: string): string {
  const path = resolve(cache, name);
  if (name !== '' && (name.startsWith('/') || path.startsWith(`${cache}/`))) return path;
  throw new BuildError('BUILD_ARCHIVE_INVALID', `'${name}' is not the name of a file in ${cache}`, {
    details: { status: 1, file: name },
    hint: 'Set pkg_filename to a plain name.',
  });
}

/** `download_file`. @see spec/plan-build, 6.1 */
export async function download(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [source = '', name = '', checksum = '', cache = '', ...mirrors] = args;
  const path = placeOf(name, cache);
  if (checksum !== '' && (await reuse(state, path, name, checksum, tell))) return 0;
  // Without a checksum nobody could tell whether a mirror has the same file.
  const addresses = checksum === '' ? [source] : [source, ...mirrors.filter((mirror) => mirror !== '')];
  for (const [at, address] of addresses.entries()) {
    const more = at + 1 < addresses.length;
    try {
      const computed = await downloadFrom(state, address, path, { name, checksum, more }, tell);
      state.downloaded.set(path, redactUrl(address));
      if (!more || computed === checksum.toLowerCase()) break;
      tell(warn(`'${redactUrl(address)}' has another file, with checksum ${computed}; trying the next mirror`));
      await rm(path, { force: true });
    } catch (error) {
      state.signal?.throwIfAborted();
      if (!more || !isBuildError(error, 'BUILD_DOWNLOAD_FAILED')) throw error;
      tell(warn(`${error.message}; trying the next mirror`));
      await rm(`${path}.part`, { force: true });
    }
  }
  tell(say(`Downloaded '${name}'`));
  return 0;
}

/** Longer waits help nobody when there is another address to ask. */
const RETRIES_BEFORE_MIRROR = 1;

async function downloadFrom(
  state: BuildState,
  source: string,
  path: string,
  { name, checksum, more }: { readonly name: string; readonly checksum: string; readonly more: boolean },
  tell: Tell,
): Promise<string> {
  const shown = redactUrl(source);
  const url = URL.parse(source);
  if (url === null || !isDownloadable(url)) throw failed(shown, 1, 'it is no http, https, ftp or file address');
  tell(say(`Downloading '${shown}' to '${name}'`));
  // Web clients and TLS take longer to load than most builds take: only who downloads pays for them.
  const { fetchFile } = await import('./download/fetch-file.ts');
  try {
    return await fetchFile(url, path, {
      ...(more ? { retries: RETRIES_BEFORE_MIRROR } : {}),
      clock: state.world.clock,
      environment: state.environment,
      certificates: await readCertificates(state.environment.SSL_CERT_FILE, state.world.layout.sslCache),
      resume: checksum !== '',
      signal: state.signal,
      onBytes: (bytes, totalBytes) =>
        state.onProgress({
          type: 'build:download',
          url: shown,
          bytes,
          ...(totalBytes === undefined ? {} : { totalBytes }),
        }),
      onRetry: (reason, delayMs) => tell(warn(`${reason}; trying again in ${delayMs / 1000} s`)),
    });
  } catch (error) {
    if (!(error instanceof SourceFailure)) throw error;
    throw failed(shown, error.status, error.message, error);
  }
}

async function reuse(state: BuildState, path: string, name: string, checksum: string, tell: Tell): Promise<boolean> {
  const computed = await sha256Of(path, state.signal);
  if (computed === undefined) return false;
  tell(say(`Found previous file '${name}', attempting to re-use`));
  if (computed === checksum.toLowerCase()) {
    tell(say(`Using cached and verified '${name}'`));
    return true;
  }
  tell(say(`Clearing previous '${name}' file and re-attempting download`));
  await rm(path, { force: true });
  return false;
}

const failed = (url: string, status: number, reason: string, cause?: unknown) =>
  new BuildError('BUILD_DOWNLOAD_FAILED', `Downloading '${url}' failed: ${reason}`, {
    details: { status, url },
    cause,
  });

/** `verify_file`. @see spec/plan-build, 6.2 */
export async function verify(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [name = '', checksum = '', cache = ''] = args;
  const path = placeOf(name, cache);
  tell(say(`Verifying ${name}`));
  const computed = await sha256Of(path, state.signal);
  if (computed === undefined) throw missing(name);
  if (checksum !== '' && computed === checksum.toLowerCase()) {
    tell(say(`Checksum verified for ${name}`));
    return 0;
  }
  const url = state.downloaded.get(path);
  const { size } = await stat(path);
  const found = url === undefined ? `${size} bytes, of an earlier build` : `${size} bytes, from ${url}`;
  tell([`Checksum invalid for ${name}:`, `   Expected: ${checksum}`, `   Computed: ${computed}`].map(warn).join('\n'));
  tell(say(`${name} has ${found}`));
  // The next build must not find under this name what this one did not want.
  if (url !== undefined) await rm(path, { force: true });
  state.problem = new BuildError('BUILD_CHECKSUM_MISMATCH', `Checksum invalid for ${name}`, {
    details: { status: 1, file: name, expected: checksum, computed },
  });
  return 1;
}

const missing = (name: string) =>
  new BuildError('BUILD_ARCHIVE_INVALID', `'${name}' is not a valid file!`, {
    details: { status: 1, file: name },
    hint: 'Nothing of that name is in the source cache: check pkg_filename against what the download is called.',
  });

/** `unpack_file`: says how; the plan's own programs do it. @see spec/plan-build, 6.3 */
export async function unpack(state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [name = '', cache = ''] = args;
  const path = placeOf(name, cache);
  tell(say(`Unpacking ${name}`));
  if (!(await stat(path).catch(() => undefined))?.isFile()) throw missing(name);
  const inCache = path.startsWith(`${cache}/`) ? path.slice(cache.length + 1) : path;
  const steps = unpackSteps(inCache, join(cache, state.facts.dirname));
  if (steps === undefined) {
    const message = `Error: unknown archive format '.${nameExtension(basename(name))}'`;
    tell(`${sayPlainly(message)} >&2`);
    state.problem = new BuildError('BUILD_ARCHIVE_INVALID', message, { details: { status: 1, file: name } });
    return 1;
  }
  if (name === state.facts.filename) state.unpacked = name;
  tell(assignText('__hab_script', steps.script));
  return 0;
}
