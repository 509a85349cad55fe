import { chmod, copyFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { say } from '../console-lines.ts';
import { hookFiles } from '../hook-files.ts';
import { startScriptText } from '../start-script.ts';
import type { Tell } from './bash-session.ts';
import type { BuildState } from './build-state.ts';
import { namesIn } from './context-files.ts';
import { copyTree, makeDirectory } from './tree-copy.ts';

/** Bits that a copy keeps: what umask 022 lets through. */
const KEPT_MODE = 0o755;

/** `do_default_build_config`: configuration templates, hooks, defaults. @see spec/plan-build, 6.4 */
export async function buildConfig(state: BuildState, args: readonly string[]): Promise<number> {
  const [context = '', prefix = ''] = args;
  await makeDirectory(prefix);
  for (const name of ['config', 'config_install']) {
    await copyTree(join(context, name), join(prefix, name), state.settings.configExclude, state.signal);
  }
  await copyHooks(join(context, 'hooks'), join(prefix, 'hooks'));
  if (await isFile(join(context, 'default.toml'))) {
    await copyFile(join(context, 'default.toml'), join(prefix, 'default.toml'));
    await copyMode(join(context, 'default.toml'), join(prefix, 'default.toml'));
  }
  return 0;
}

async function copyHooks(from: string, to: string): Promise<void> {
  const entries = await readdir(from).catch(() => undefined);
  if (entries === undefined) return;
  await makeDirectory(to);
  for (const [hook, file] of hookFiles(await namesIn(from))) {
    if (!(await isFile(join(from, file)))) continue;
    await copyFile(join(from, file), join(to, hook));
    await copyMode(join(from, file), join(to, hook));
  }
}

async function copyMode(from: string, to: string): Promise<void> {
  await chmod(to, (await stat(from)).mode & KEPT_MODE);
}

const isFile = async (path: string): Promise<boolean> => (await stat(path).catch(() => undefined))?.isFile() === true;

/** `do_default_build_service`: a start script for a plan that has a command and no run hook. @see spec/plan-build, 6.5 */
export async function buildService(_state: BuildState, args: readonly string[], tell: Tell): Promise<number> {
  const [context = '', prefix = '', command = '', serviceDirectory = '', dataDirectory = '', user = '', group = ''] =
    args;
  const hooks = hookFiles(await namesIn(join(context, 'hooks')));
  if (hooks.has('run')) {
    tell(say(`Using run hook ${join(context, 'hooks', hooks.get('run') ?? 'run')}`));
    return 0;
  }
  if (command === '') return 0;
  const path = join(prefix, 'run');
  await writeFile(path, startScriptText({ command, serviceDirectory, dataDirectory, user, group }));
  await chmod(path, 0o644);
  return 0;
}
