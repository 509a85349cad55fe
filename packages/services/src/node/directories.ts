import { chmod, chown, mkdir, stat } from 'node:fs/promises';

import type { ServiceLayout } from '@hab/core';

import type { ServiceIdentity } from './identity.ts';

/**
 * Creates the directories of a service. What the Supervisor owns is enforced each time; what the service owns is set
 * only when newly made, so that an operator's changes stay. See spec/supervisor 2.1.
 */
export async function createServiceDirectories(layout: ServiceLayout, identity: ServiceIdentity): Promise<void> {
  for (const directory of [layout.directory, layout.hooks, layout.logs]) {
    await mkdir(directory, { recursive: true });
    await chmod(directory, 0o755);
  }
  const { config, configInstall, data, files, var: variable, static: fixed } = layout;
  for (const directory of [config, configInstall, data, files, variable, fixed]) {
    if (await exists(directory)) continue;
    await mkdir(directory);
    await chmod(directory, 0o770);
    if (identity.switches) await chown(directory, identity.uid, identity.gid);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
