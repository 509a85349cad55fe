import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeMetafile, MAX_METAFILE_BYTES, type Metafile } from '@hab/hart';

import { absentAs, withPath } from './system-errors.ts';

/**
 * Text of a metafile, trimmed.
 *
 * @returns undefined when the package has none.
 * @throws {@link HartError} `HART_METAFILE_MALFORMED`, `HART_LIMIT_EXCEEDED`; {@link StoreError} `STORE_IO_FAILED`.
 * @see spec/formats, 10.4
 */
export async function readMetafile(directory: string, metafile: Metafile): Promise<string | undefined> {
  const path = join(directory, metafile);
  const bytes = await withPath(path, () => absentAs(undefined, () => readFileBounded(path)));
  return bytes && decodeMetafile(metafile, bytes);
}

/** At most one byte more than a metafile may have. @returns undefined for something else than a file. */
async function readFileBounded(path: string): Promise<Uint8Array | undefined> {
  await using handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const facts = await handle.stat();
  if (!facts.isFile()) return undefined;
  const buffer = new Uint8Array(Math.min(facts.size, MAX_METAFILE_BYTES) + 1);
  let length = 0;
  for (;;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) return buffer.subarray(0, length);
    length += bytesRead;
  }
}
