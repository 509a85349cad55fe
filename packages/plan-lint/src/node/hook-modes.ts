import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Hooks of plans beside one, from which on they show a custom. */
const CUSTOM_FROM = 20;
/** Most folders beside a plan that are looked at. */
const MAX_NEIGHBOURS = 400;

/**
 * Files of a plan's hooks that nobody may execute. A Supervisor makes its own copies executable, and many repositories of plans
 * keep all of their hooks without the bit: there it is a custom, and no slip.
 */
export async function unexecutableHooks(directory: string): Promise<readonly string[]> {
  const own = (await hookModes(directory)).filter(({ executable }) => !executable).map(({ name }) => name);
  return own.length > 0 && (await isCustom(directory)) ? [] : own;
}

async function isCustom(directory: string): Promise<boolean> {
  const parent = dirname(directory);
  const names = (await readdir(parent).catch(() => [])).filter((name) => name !== basename(directory)).sort();
  let [hooks, executable] = [0, 0];
  for (const name of names.slice(0, MAX_NEIGHBOURS)) {
    for (const hook of await hookModes(join(parent, name))) {
      hooks += 1;
      if (hook.executable) executable += 1;
    }
  }
  return hooks >= CUSTOM_FROM && executable * 10 < hooks;
}

async function hookModes(
  directory: string,
): Promise<readonly { readonly name: string; readonly executable: boolean }[]> {
  const folder = join(directory, 'hooks');
  const names = await readdir(folder).catch(() => []);
  const modes: { name: string; executable: boolean }[] = [];
  for (const name of names.sort()) {
    const entry = await stat(join(folder, name)).catch(() => undefined);
    if (entry?.isFile() === true) modes.push({ name, executable: (entry.mode & 0o111) !== 0 });
  }
  return modes;
}
