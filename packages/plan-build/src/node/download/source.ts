import type { AbortOptions } from '@hab/core';

/** What a server sends. */
export interface OpenedSource {
  /** First byte of `body` within the whole; 0 when the server does not continue. */
  readonly offset: number;
  /** Length of the whole, when the server says it. */
  readonly totalBytes: number | undefined;
  /** Proof that a later part belongs to the same file. */
  readonly validator: string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** What to ask for. */
export interface SourceRequest extends AbortOptions {
  readonly url: URL;
  /** Bytes that are there already. */
  readonly offset: number;
  /** Of the answer that those bytes came from. */
  readonly validator: string | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Extra certificates to trust, PEM. */
  readonly certificates: readonly string[];
}

/** A failed try, and whether another can help. */
export class SourceFailure extends Error {
  /** Exit status that downloaders use: 8 for an answer of the server, 4 for the network. */
  readonly status: 4 | 8 | 1;
  readonly retry: boolean;

  constructor(message: string, init: { status: 4 | 8 | 1; retry: boolean; cause?: unknown }) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.status = init.status;
    this.retry = init.retry;
  }
}

/** Longest silence of a server, in milliseconds. */
export const IDLE_MS = 60_000;

/** Ways to download. */
export const SCHEMES = ['http:', 'https:', 'ftp:', 'file:'] as const;

/** True for an address that can be downloaded. */
export const isDownloadable = (url: URL): boolean => (SCHEMES as readonly string[]).includes(url.protocol); // widening only
