import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock, systemRandom } from '@hab/core/node';
import { generateOriginKeyPair, memoryKeyCache } from '@hab/crypto-keys';
import { checksumHart, packHart, readHartHeader, unpackHart } from '@hab/hart/node';

import type { BenchIo } from './main.ts';
import { interleave } from './measure.ts';

const PREFIX = '/hab/pkgs/bench/tree/1/20260101000000';
const PACK_ROUNDS = 2;
const UNPACK_ROUNDS = 5;

/**
 * Packs and unpacks some 200 MB of programs, libraries and sources beside `tar`, `xz` and `b2sum`. Goals: both at most 1.1
 * of their time. One thread compresses on either side; `xz -T1` because our bytes must not depend on the core count.
 */
export default async function run({ print }: BenchIo): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'hab-bench-hart-'));
  try {
    const tree = join(root, 'tree');
    const { bytes, files } = await makeTree(tree);
    print(`tree: ${files} files, ${Math.round(bytes / 1e6)} MB`);
    await measurePack(root, tree, print);
    await measureUnpack(root, print);
  } finally {
    await rm(root, { recursive: true });
  }
}

const shell = (script: string, ...words: string[]): void => {
  const { status, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', script, 'bench', ...words], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
};

const keys = memoryKeyCache();
const pair = generateOriginKeyPair({ name: 'bench', clock: systemClock, random: systemRandom });
await keys.write(pair);

async function measurePack(root: string, tree: string, print: (line: string) => void): Promise<void> {
  const [ours, peer] = [join(root, 'ours.hart'), join(root, 'peer.xz')];
  const times = await interleave(
    {
      pack: () => packHart(ours, { directory: tree, prefix: PREFIX, key: pair.secret, mtimeSec: 0 }),
      peer: () =>
        shell(
          'tar -C "$1" --sort=name --owner=0 --group=0 --mtime=@0 -c . | xz -6 -T1 > "$2"; b2sum -l 256 "$2" > "$2.sum"',
          tree,
          peer,
        ),
    },
    PACK_ROUNDS,
  );
  const sizes = [(await stat(ours)).size, (await stat(peer)).size].map((size) => `${(size / 1e6).toFixed(1)} MB`);
  report(print, `pack (median of ${PACK_ROUNDS})`, times['pack'], 'tar | xz -6 -T1, b2sum', times['peer']);
  print(`  size ${sizes[0]} against ${sizes[1]} (our dictionary is half of that of xz -6)`);
}

async function measureUnpack(root: string, print: (line: string) => void): Promise<void> {
  const hart = join(root, 'ours.hart');
  const { bodyOffset } = await readHartHeader(hart);
  const checksum = await checksumHart(hart);
  let round = 0;
  // Removing what was unpacked is nobody's measure: each round has its own directory.
  const next = (): string => join(root, `out-${round++}`);
  const times = await interleave(
    {
      unpack: () => unpackHart(hart, { into: next(), keys }),
      peer: async () => {
        const into = next();
        await mkdir(into);
        shell(
          'echo "$2  $1" | b2sum -l 256 -c --quiet; tail -c +$((1 + $3)) "$1" | xz -dc | tar -x -C "$4"',
          hart,
          checksum,
          String(bodyOffset),
          into,
        );
      },
    },
    UNPACK_ROUNDS,
  );
  report(
    print,
    `unpack and verify (median of ${UNPACK_ROUNDS})`,
    times['unpack'],
    'b2sum, xz -dc | tar x',
    times['peer'],
  );
}

function report(print: (line: string) => void, what: string, ours = 0, peerName: string, peer = 0): void {
  print(
    `${what}: ${(ours / 1000).toFixed(2)} s; ${peerName}: ${(peer / 1000).toFixed(2)} s; ratio ${(ours / peer).toFixed(2)}`,
  );
}

/** The toolchain that the lockfile pins: Node's program and headers, a compiler, a build tool. The same tree everywhere. */
async function makeTree(tree: string): Promise<{ bytes: number; files: number }> {
  const modules = join(import.meta.dirname, '..', 'node_modules');
  const sources = [dirname(dirname(process.execPath)), join(modules, 'typescript')];
  for (const name of await readdir(join(modules, '.pnpm'))) {
    if (name.startsWith('@turbo+')) sources.push(join(modules, '.pnpm', name, 'node_modules'));
  }
  for (const [i, source] of sources.entries()) {
    await cp(source, join(tree, String(i)), { recursive: true, verbatimSymlinks: true });
  }
  await writeFile(join(tree, 'IDENT'), `${PREFIX.slice('/hab/pkgs/'.length)}\n`);
  await writeFile(join(tree, 'TARGET'), 'x86_64-linux\n');
  await writeFile(join(tree, 'MANIFEST'), '# bench\n');
  let [bytes, files] = [0, 0];
  for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    bytes += (await stat(join(entry.parentPath, entry.name))).size;
    files += 1;
  }
  return { bytes, files };
}
