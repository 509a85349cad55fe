import { execFile } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Brings a tree to the disk, so that no rename can become durable before the files behind it. One `sync -f` for the file
 * system; where that program is missing, every file by itself.
 */
export async function makeDurable(directory: string): Promise<void> {
  try {
    await run('sync', ['-f', directory], { env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin' } });
  } catch {
    await syncFiles(directory);
  }
}

async function syncFiles(directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await syncFiles(path);
    else if (entry.isFile()) {
      await using handle = await open(path, 'r');
      await handle.sync();
    }
  }
}
