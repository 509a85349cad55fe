import type { ServiceLayout } from '@hab/core';
import { readRegularFile, writeFileAtomic } from '@hab/core/node';

const MODE = 0o644;
/** Longest list, in bytes: ten thousand files, each with the longest path that there is, need less. */
const MAX_BYTES = 48 * 1_048_576;

/**
 * Names of the configuration files that the last release rendered, as paths below `config/`. Whatever else lies there is
 * the service's own and stays.
 *
 * @returns none when nothing was noted, as by other Supervisors. Lines that are no path below `config/` are passed over.
 */
export async function readRenderedNames(layout: ServiceLayout): Promise<readonly string[]> {
  try {
    return readText(layout.rendered).split('\n').filter(isBelow);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Notes them for the next release; a name that holds a line break is left out, and its file then stays for ever. */
export async function writeRenderedNames(layout: ServiceLayout, names: readonly string[]): Promise<void> {
  const lines = names.filter((name) => !name.includes('\n')).map((name) => `${name}\n`);
  const text = lines.join('');
  if (tryText(layout.rendered) === text) return;
  await writeFileAtomic(layout.rendered, text, { mode: MODE });
}

const readText = (path: string): string => new TextDecoder().decode(readRegularFile(path, { maxBytes: MAX_BYTES }));

function tryText(path: string): string | undefined {
  try {
    return readText(path);
  } catch {
    // Whatever is wrong with it: it is written anew.
    return undefined;
  }
}

const isBelow = (name: string): boolean =>
  name.split('/').every((part) => !['', '.', '..'].includes(part) && !part.includes('\0'));
