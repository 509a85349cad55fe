import { chmod, chown, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import type { ServiceLayout } from '@hab/core';
import { removeTree } from '@hab/core/node';
import { type RenderedSet, writeRendered } from '@hab/templating/node';

export interface StagedConfig {
  readonly layout: ServiceLayout;
  readonly owner: RenderedSet['owner'];
  /** The whole configuration, changed or not. */
  readonly files: RenderedSet['files'];
  /** Text of the hook that looks at it, given where it is. */
  readonly hook: (configPath: string) => string;
}

const DIRECTORY_MODE = 0o755;
const CONFIG_DIRECTORY_MODE = 0o770;
const HOOK_MODE = 0o755;

/**
 * Lays a whole configuration out beside the one in force, with the hook that checks it, and takes it away again.
 *
 * @param look - Given the path of the hook; what it throws is passed on.
 */
export async function stageConfig(
  { layout, owner, files, hook }: StagedConfig,
  look: (hook: string) => Promise<void>,
): Promise<void> {
  const { staged } = layout;
  const config = join(staged, 'config');
  // What a Supervisor that died in the middle left behind.
  await removeTree(staged);
  try {
    await makeDirectory(staged, DIRECTORY_MODE, undefined);
    await makeDirectory(config, CONFIG_DIRECTORY_MODE, owner);
    await writeRendered([
      { directory: config, files, directoryMode: CONFIG_DIRECTORY_MODE, owner },
      { directory: staged, files: [{ name: 'config-check', text: hook(config) }], mode: HOOK_MODE },
    ]);
    await look(join(staged, 'config-check'));
  } finally {
    await removeTree(staged);
  }
}

async function makeDirectory(path: string, mode: number, owner: RenderedSet['owner']): Promise<void> {
  await mkdir(path);
  await chmod(path, mode);
  if (owner !== undefined) await chown(path, owner.uid, owner.gid);
}
