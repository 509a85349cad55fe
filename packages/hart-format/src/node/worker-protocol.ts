import type { HartErrorCode, HartErrorDetails } from '../errors.ts';
import type { PackJob, PackResult } from './pack-job.ts';
import type { UnpackJob, UnpackResult } from './unpack-job.ts';

/** What a job gives. */
export interface JobResults {
  readonly unpack: UnpackResult;
  readonly pack: PackResult;
}
export type Job = UnpackJob | PackJob;

/** To the worker. */
export interface JobRequest {
  readonly job: Job;
  /** One 32-bit number that becomes 1 when the job is to stop: messages would wait for the job to end. */
  readonly stop: SharedArrayBuffer;
}

/** From the worker. */
export type JobReply =
  | { readonly type: 'progress'; readonly bytes: number }
  | { readonly type: 'done'; readonly result: JobResults[keyof JobResults] }
  | { readonly type: 'stopped' }
  | { readonly type: 'refused'; readonly error: PlainHartError }
  | { readonly type: 'system-error'; readonly systemCode: string; readonly path: string | undefined }
  | { readonly type: 'failed'; readonly error: unknown };

/** An error of this package as structured clone carries it. */
export interface PlainHartError {
  readonly code: HartErrorCode;
  readonly message: string;
  readonly details: HartErrorDetails[HartErrorCode];
  readonly hint: string | undefined;
  readonly cause: string | undefined;
}
