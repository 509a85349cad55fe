import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Most files that are read: a directory of certificates is not a file system. */
const MAX_FILES = 500;
const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Extra certificates to trust: the file that the caller names, and the files of the certificate cache. */
export async function readCertificates(file: string | undefined, directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch(() => []);
  const paths = [...(file ? [file] : []), ...names.slice(0, MAX_FILES).map((name) => join(directory, name))];
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return texts.flatMap((text) => text.match(PEM) ?? []);
}
