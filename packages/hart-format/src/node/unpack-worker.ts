import { parentPort } from 'node:worker_threads';

import { HartError } from '../errors.ts';
import { systemCodeOf } from './io-error.ts';
import { runPackJob } from './pack-job.ts';
import { runUnpackJob } from './unpack-job.ts';
import type { JobReply, JobRequest, JobResults, PlainHartError } from './worker-protocol.ts';

/* Entry of the thread that packs and unpacks. Synchronous file access and compression would stall everything else. */

/** Bytes between two progress events. */
const PROGRESS_BYTES: number = 1024 * 1024;

class Stopped extends Error {}

parentPort?.on('message', async (request: JobRequest) => {
  parentPort?.postMessage(await answer(request));
});

async function answer(request: JobRequest): Promise<JobReply> {
  try {
    return { type: 'done', result: await run(request) };
  } catch (error) {
    if (error instanceof Stopped) return { type: 'stopped' };
    if (error instanceof HartError) return { type: 'refused', error: toPlain(error) };
    const systemCode = systemCodeOf(error);
    return systemCode === undefined
      ? { type: 'failed', error }
      : { type: 'system-error', systemCode, path: pathOf(error) };
  }
}

async function run({ job, stop }: JobRequest): Promise<JobResults[keyof JobResults]> {
  const flag = new Int32Array(stop);
  let reported = 0;
  const checkpoint = (bytes: number): void => {
    if (Atomics.load(flag, 0) !== 0) throw new Stopped();
    if (bytes - reported < PROGRESS_BYTES) return;
    reported = bytes;
    parentPort?.postMessage({ type: 'progress', bytes } satisfies JobReply);
  };
  return job.type === 'unpack' ? await runUnpackJob(job, checkpoint) : await runPackJob(job, checkpoint);
}

function toPlain({ code, message, details, hint, cause }: HartError): PlainHartError {
  return { code, message, details, hint, cause: cause === undefined ? undefined : String(cause) };
}

function pathOf(error: unknown): string | undefined {
  return error instanceof Error && 'path' in error ? String(error.path) : undefined;
}
