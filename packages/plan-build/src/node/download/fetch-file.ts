import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AbortOptions, Clock } from '@hab/core';
import { openFile } from './file-source.ts';
import { openFtp } from './ftp-source.ts';
import { openHttp } from './http-source.ts';
import { type OpenedSource, SCHEMES, SourceFailure, type SourceRequest } from './source.ts';

export interface FetchOptions extends AbortOptions {
  readonly clock: Clock;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly certificates: readonly string[];
  /** True: what an earlier build left half done may be continued, because a checksum will judge the whole. */
  readonly resume: boolean;
  /** Most further tries. @defaultValue as many as there are waits */
  readonly retries?: number | undefined;
  /** Called after every piece. */
  readonly onBytes: (bytes: number, totalBytes: number | undefined) => void;
  /** Called before each further try. */
  readonly onRetry: (reason: string, delayMs: number) => void;
}

/** Waits before further tries, in milliseconds. */
const RETRY_DELAYS_MS = [1000, 2000, 5000, 10_000];
/** Largest download, in bytes. */
const MAX_DOWNLOAD_BYTES = 64 * 1024 ** 3;

const SOURCES: Readonly<Record<(typeof SCHEMES)[number], (request: SourceRequest) => Promise<OpenedSource>>> = {
  'http:': openHttp,
  'https:': openHttp,
  'ftp:': openFtp,
  'file:': openFile,
};

/**
 * Downloads into a file beside the destination and renames it when it is whole. Continues where a broken connection
 * left it.
 *
 * @returns SHA-256 of the file, lower-case hex.
 * @throws {@link SourceFailure}; the destination is untouched.
 */
export async function fetchFile(url: URL, destination: string, options: FetchOptions): Promise<string> {
  const partial = `${destination}.part`;
  await mkdir(dirname(destination), { recursive: true });
  if (!options.resume) await rm(partial, { force: true });
  let validator: string | undefined;
  for (let attempt = 0; ; attempt++) {
    try {
      const sha256 = await fetchOnce(url, partial, options, validator, (value) => {
        validator = value;
      });
      await rename(partial, destination);
      return sha256;
    } catch (error) {
      const delay = attempt < (options.retries ?? RETRY_DELAYS_MS.length) ? RETRY_DELAYS_MS[attempt] : undefined;
      if (!(error instanceof SourceFailure) || !error.retry || delay === undefined) {
        if (!options.resume) await rm(partial, { force: true });
        throw error;
      }
      if (error.message.includes(' 416')) await rm(partial, { force: true });
      options.onRetry(error.message, delay);
      await options.clock.sleep(delay, { signal: options.signal });
    }
  }
}

async function fetchOnce(
  url: URL,
  partial: string,
  options: FetchOptions,
  validator: string | undefined,
  keepValidator: (validator: string | undefined) => void,
): Promise<string> {
  options.signal?.throwIfAborted();
  const scheme = SCHEMES.find((known) => known === url.protocol);
  if (scheme === undefined)
    throw new SourceFailure(`${url.protocol} is no way to download`, { status: 1, retry: false });
  const there = (await stat(partial).catch(() => undefined))?.size ?? 0;
  const { environment, certificates, signal } = options;
  const source = await SOURCES[scheme]({ url, offset: there, validator, environment, certificates, signal });
  keepValidator(source.validator);
  return await store(source, partial, options);
}

async function store(source: OpenedSource, partial: string, options: FetchOptions): Promise<string> {
  const hash = createHash('sha256');
  if (source.offset > 0) await hashInto(hash, partial, source.offset);
  const file = await open(partial, source.offset > 0 ? 'a' : 'w', 0o644);
  let bytes = source.offset;
  try {
    for await (const chunk of source.body) {
      options.signal?.throwIfAborted();
      bytes += chunk.length;
      if (bytes > MAX_DOWNLOAD_BYTES) throw new SourceFailure('The file has no end', { status: 1, retry: false });
      hash.update(chunk);
      await file.writeFile(chunk);
      options.onBytes(bytes, source.totalBytes);
    }
  } finally {
    await file.close();
  }
  if (source.totalBytes !== undefined && bytes !== source.totalBytes) {
    throw new SourceFailure(`Got ${bytes} of ${source.totalBytes} bytes`, {
      status: 4,
      retry: bytes < source.totalBytes,
    });
  }
  return hash.digest('hex');
}

async function hashInto(hash: Hash, path: string, bytes: number): Promise<void> {
  if (bytes === 0) return;
  for await (const chunk of createReadStream(path, { end: bytes - 1, highWaterMark: 1024 * 1024 })) hash.update(chunk);
}
