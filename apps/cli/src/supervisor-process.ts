import { createRequire } from 'node:module';

import type { CommandContext } from './context.ts';
import { failed } from './errors.ts';

/** Path of `hab-launch` or `hab-sup`: an override, else the one that came with this program. */
export function findSupervisorProgram(name: 'hab-launch' | 'hab-sup', override: string | undefined): string {
  return override ?? createRequire(import.meta.url).resolve(`@hab/supervisor/${name}`);
}

/**
 * Becomes the Launcher, which starts the Supervisor: same pid, terminal and exit status. Never returns.
 *
 * @param words - Everything behind `sup run`, untouched.
 */
export function runSupervisor(words: readonly string[], { settings, env }: CommandContext): never {
  const launcher = findSupervisorProgram('hab-launch', settings.HAB_LAUNCH_BINARY);
  return become(launcher, ['run', ...words], env);
}

/**
 * Replaces this process by another program; one of our own, which is a JavaScript file, is run by our own Node.
 *
 * @param name - What the program sees as its own name. @defaultValue its path
 */
export function become(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  name: string = program,
): never {
  if (process.execve === undefined) {
    throw failed(`Cannot replace this process by ${program}`, 'Use Node 22.15 or newer.');
  }
  const own = program.endsWith('.js') && name === program;
  const set = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const argv = own ? [process.execPath, program, ...args] : [name, ...args];
  process.execve(own ? process.execPath : program, argv, Object.fromEntries(set));
  throw new Error('execve returned');
}
