import { readFile } from 'node:fs/promises';

import type { ServiceLayout } from '@hab/core';
import { writeFileAtomic } from '@hab/core/node';

const MODE = 0o644;

/**
 * Names of the configuration files that the last release rendered, as paths below `config/`. Whatever else lies there is
 * the service's own and stays.
 *
 * @returns none when nothing was noted, as by other Supervisors.
 */
export async function readRenderedNames(layout: ServiceLayout): Promise<readonly string[]> {
  try {
    return (await readFile(layout.rendered, 'utf8')).split('\n').filter((name) => name !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Notes them for the next release; a name that holds a line break is left out, and its file then stays for ever. */
export async function writeRenderedNames(layout: ServiceLayout, names: readonly string[]): Promise<void> {
  const lines = names.filter((name) => !name.includes('\n')).map((name) => `${name}\n`);
  const text = lines.join('');
  if ((await readFile(layout.rendered, 'utf8').catch(() => undefined)) === text) return;
  await writeFileAtomic(layout.rendered, text, { mode: MODE });
}
