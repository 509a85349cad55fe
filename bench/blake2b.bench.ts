import { spawnSync } from 'node:child_process';
import { open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashFile } from '@hab/crypto-keys/node';

import type { BenchIo } from './main.ts';
import { interleave } from './measure.ts';

const FILE_BYTES = 256 * 1024 ** 2;
const ROUNDS = 7;

/** Hashes a file of 256 MB beside `b2sum -l 256`, start of the program left out. Goal: at least 0.8 of its speed. */
export default async function run({ print }: BenchIo): Promise<void> {
  const path = join(tmpdir(), `hab-bench-blake2b-${process.pid}`);
  try {
    await writePattern(path, FILE_BYTES);
    const expected = spawnSync('b2sum', ['-l', '256', path], { encoding: 'utf8' }).stdout.slice(0, 64);
    if ((await hashFile(path)) !== expected) throw new Error('the two disagree');
    const { ours = 0, b2sum = 0 } = await interleave(
      { ours: () => hashFile(path), b2sum: () => spawnSync('b2sum', ['-l', '256', path]) },
      ROUNDS,
    );
    const speed = (ms: number): string => `${Math.round(FILE_BYTES / 1e3 / ms)} MB/s`;
    print(`hashFile   ${speed(ours)}  (median of ${ROUNDS}, interleaved)`);
    print(`b2sum      ${speed(b2sum)}`);
    print(`ratio      ${(b2sum / ours).toFixed(2)} of its speed`);
  } finally {
    await rm(path, { force: true });
  }
}

async function writePattern(path: string, bytes: number): Promise<void> {
  const chunk = Uint8Array.from({ length: 1024 ** 2 }, (_, i) => (i * 2_654_435_761) >>> 13);
  await using handle = await open(path, 'w');
  for (let written = 0; written < bytes; written += chunk.length) await handle.write(chunk);
}
