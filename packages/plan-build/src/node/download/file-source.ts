import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type OpenedSource, SourceFailure, type SourceRequest } from './source.ts';

/** A file of this machine, `file:///path`. */
export async function openFile({ url, signal }: SourceRequest): Promise<OpenedSource> {
  let path: string;
  try {
    path = fileURLToPath(url);
  } catch (cause) {
    throw new SourceFailure('The address names no file of this machine', { status: 1, retry: false, cause });
  }
  const facts = await stat(path).catch(() => undefined);
  if (facts === undefined || !facts.isFile()) {
    throw new SourceFailure(`${path} is not a file`, { status: 1, retry: false });
  }
  return {
    offset: 0,
    totalBytes: facts.size,
    validator: undefined,
    body: createReadStream(path, { highWaterMark: 1024 * 1024, signal }),
  };
}
