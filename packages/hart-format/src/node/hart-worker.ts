import { Worker } from 'node:worker_threads';
import type { AbortOptions } from '@hab/core';

import { HartError } from '../errors.ts';
import type { Job, JobReply, JobRequest, JobResults } from './worker-protocol.ts';

/** Options of {@link createHartWorker}. */
export interface HartWorkerOptions {
  /**
   * The worker's program, `@hab/hart/node/unpack-worker`. A bundled application that moves it says where it is.
   * @defaultValue `unpack-worker.js` beside this module
   */
  readonly workerUrl?: URL | undefined;
}

/** How far a job has come. */
export type ReportBytes = (bytes: number) => void;

/** A thread that packs and unpacks, one job after the other. Starts with the first job; close it when done. */
export interface HartWorker extends AsyncDisposable {
  /** Starts the thread now, for who knows that a job is coming: it takes as long as packing a small package. */
  start(): void;
  /** For this package's own functions. */
  run<T extends Job['type']>(
    job: Extract<Job, { readonly type: T }>,
    options: AbortOptions & { readonly report?: ReportBytes | undefined },
  ): Promise<JobResults[T]>;
}

/** Heap of the thread; file content is outside of it. */
const MAX_HEAP_MB = 192;
const MAX_YOUNG_HEAP_MB = 4;

/** Sources run unbuilt under Node, too. */
const DEFAULT_WORKER: string = import.meta.url.endsWith('.ts') ? './unpack-worker.ts' : './unpack-worker.js';

/** Makes a thread to be shared by several calls; each call makes its own without one. */
export function createHartWorker(options: HartWorkerOptions = {}): HartWorker {
  const workerUrl = options.workerUrl ?? new URL(DEFAULT_WORKER, import.meta.url);
  let worker: Worker | undefined;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    start() {
      if (worker !== undefined) return;
      const started = start(workerUrl);
      // The first job tries again, and tells why it cannot be.
      const forget = (): void => {
        if (worker === started) worker = undefined;
      };
      started.once('error', forget).once('exit', forget);
      worker = started;
    },
    run(job, { signal, report }) {
      const turn = queue.then(async () => {
        signal?.throwIfAborted();
        worker ??= start(workerUrl);
        const current = worker;
        try {
          return await runOn(current, job, workerUrl, signal, report);
        } catch (error) {
          if (error instanceof HartError && error.code === 'HART_WORKER_FAILED') worker = undefined;
          throw error;
        }
      });
      queue = turn.catch(() => undefined);
      return turn as ReturnType<HartWorker['run']> as Promise<never>; // the reply of a job has the job's type
    },
    async [Symbol.asyncDispose]() {
      await queue;
      await worker?.terminate();
      worker = undefined;
    },
  };
}

function start(workerUrl: URL): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: MAX_HEAP_MB, maxYoungGenerationSizeMb: MAX_YOUNG_HEAP_MB };
  const worker = new Worker(workerUrl, { name: 'hab-hart', env: {}, execArgv: [], resourceLimits });
  worker.unref();
  return worker;
}

function runOn(
  worker: Worker,
  job: Job,
  workerUrl: URL,
  signal: AbortSignal | undefined,
  report: ReportBytes | undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const stop = new SharedArrayBuffer(4);
    const onAbort = (): void => void Atomics.store(new Int32Array(stop), 0, 1);
    const onError = (cause: unknown): void => settle(() => reject(workerFailed(workerUrl, cause)));
    const onExit = (): void => onError(new Error('the thread ended'));
    const onMessage = (reply: JobReply): void => {
      if (reply.type === 'progress') report?.(reply.bytes);
      else settle(() => (reply.type === 'done' ? resolve(reply.result) : reject(toError(reply, signal, workerUrl))));
    };
    const settle = (finish: () => void): void => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      worker.unref();
      signal?.removeEventListener('abort', onAbort);
      finish();
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    worker.ref();
    signal?.addEventListener('abort', onAbort);
    worker.postMessage({ job, stop } satisfies JobRequest);
  });
}

function toError(
  reply: Exclude<JobReply, { readonly type: 'progress' | 'done' }>,
  signal: AbortSignal | undefined,
  workerUrl: URL,
): unknown {
  switch (reply.type) {
    case 'stopped':
      return signal?.reason;
    case 'refused': {
      const { code, message, details, hint, cause } = reply.error;
      return new HartError(code, message, { details, cause, ...(hint === undefined ? {} : { hint }) });
    }
    case 'system-error':
      return Object.assign(new Error(reply.systemCode), {
        code: reply.systemCode,
        syscall: 'worker',
        path: reply.path,
      });
    case 'failed':
      return workerFailed(workerUrl, reply.error);
  }
}

function workerFailed(workerUrl: URL, cause: unknown): HartError<'HART_WORKER_FAILED'> {
  return new HartError('HART_WORKER_FAILED', `The thread that packs and unpacks failed: ${workerUrl.href}`, {
    details: { workerUrl: workerUrl.href },
    cause,
    hint: 'If the program was bundled, the worker file must lie beside it.',
  });
}
