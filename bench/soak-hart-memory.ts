import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { BenchIo } from './main.ts';

const PREFIX = '/hab/pkgs/soak/large/1/20260101000000';
const TREE_BYTES = 1_073_741_824;
const FILES = 8;
const MAX_RESIDENT_BYTES = 160 * 1_048_576;

const STEP = join(import.meta.dirname, 'steps/hart-step.ts');

/** An artifact of one gigabyte with a heap of 64 MB: every operation stays below 160 MB of resident memory. */
export default async function run({ print }: BenchIo): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'hab-soak-hart-'));
  try {
    await makeTree(join(root, 'tree'));
    for (const name of ['pack', 'verify', 'metadata', 'unpack', 'sign']) {
      const peak = peakMemory(name, root);
      print(`${name}: at most ${(peak / 1_048_576).toFixed(0)} MB resident`);
      if (peak > MAX_RESIDENT_BYTES) throw new Error(`${name} needs more than ${MAX_RESIDENT_BYTES / 1_048_576} MB`);
    }
    print(`artifact: ${((await stat(join(root, 'large.hart'))).size / 1e6).toFixed(0)} MB`);
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Nothing in it compresses: the artifact is as large as the tree. */
async function makeTree(tree: string): Promise<void> {
  await mkdir(tree);
  const chunk = new Uint8Array(1_048_576);
  for (let i = 0; i < FILES; i++) {
    const fd = openSync(join(tree, `part-${i}`), 'w');
    for (let written = 0; written < TREE_BYTES / FILES; written += chunk.length) writeSync(fd, randomFillSync(chunk));
    closeSync(fd);
  }
  await writeFile(join(tree, 'IDENT'), `${PREFIX.slice('/hab/pkgs/'.length)}\n`);
  await writeFile(join(tree, 'TARGET'), 'x86_64-linux\n');
  await writeFile(join(tree, 'MANIFEST'), '# soak\n');
}

/** @returns The most memory that a fresh process had while it did that. */
function peakMemory(name: string, root: string): number {
  const words = ['--max-old-space-size=64', STEP, name, root, PREFIX];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}
