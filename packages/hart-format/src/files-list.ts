import { parseBlake2bHash } from '@hab/crypto-keys';
import { compareByteOrder } from '@hab/ident';

import { malformed, parseLines } from './metafile-text.ts';

/** One line of `FILES`: what a file was when its package was built. */
export interface FileHash {
  /** Absolute, as the package sees itself. */
  readonly path: string;
  /** BLAKE2b-256, 64 lower-case hex digits. */
  readonly hash: string;
}

/**
 * The body of the `FILES` metafile; signing it as an artifact is signed gives the file.
 *
 * @see spec/formats, 10.2
 */
export function formatFilesList(files: readonly FileHash[]): string {
  const lines = [...files]
    .sort((a, b) => compareByteOrder(a.path, b.path))
    .map(({ hash, path }) => `${hash}  ${path}\n`);
  return lines.join('');
}

/** @throws {@link HartError} `HART_METAFILE_MALFORMED` for a line that is not hash, two spaces, absolute path. */
export function parseFilesList(text: string): FileHash[] {
  return parseLines(text).map((line) => {
    const [hash, path] = [line.slice(0, 64), line.slice(66)];
    if (line.slice(64, 66) !== '  ' || !path.startsWith('/')) throw malformed('FILES', line, 'is no hash and path');
    try {
      return { hash: parseBlake2bHash(hash), path };
    } catch (cause) {
      throw malformed('FILES', line, 'has no hash', cause);
    }
  });
}
